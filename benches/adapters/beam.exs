# The works, done by FLAME on the BEAM: each runner is a BEAM of its own, joined by Erlang's distribution.
#
#     elixir beam.exs CHECKOUT --works A --millis 1000 --calls 5000 --repeats 5
#
# CHECKOUT is a folder of FLAME where `mix compile` was run. Prints a key and a value for each number, as the other
# contestants do. A runner is this very script, so that both sides have the same functions. Written for FLAME 0.5; tried with
# a stand-in of its interface, and not with FLAME itself yet.

[checkout | arguments] = System.argv()
Path.wildcard(Path.join(checkout, "_build/dev/lib/*/ebin")) |> Enum.each(&Code.append_path/1)

defmodule Nodes do
  @behaviour FLAME.Backend

  # Nodes are for this host only.
  @loopback "-kernel inet_dist_use_interface {127,0,0,1}"

  @impl true
  def init(_options), do: {:ok, %{node: nil}}

  @impl true
  def remote_boot(state) do
    ref = make_ref()
    parent = FLAME.Parent.encode(FLAME.Parent.new(ref, self(), __MODULE__, "runner", nil))
    name = "runner-#{System.os_time()}-#{System.unique_integer([:positive])}"
    script = [__ENV__.file | System.argv()]
    Port.open({:spawn_executable, System.find_executable("elixir")}, [
      :nouse_stdio,
      args: ["--erl", @loopback, "--sname", name, "--cookie", Atom.to_string(Node.get_cookie()) | script],
      env: [{'FLAME_PARENT', String.to_charlist(parent)}]
    ])

    receive do
      {^ref, {:remote_up, terminator}} -> {:ok, terminator, %{state | node: node(terminator)}}
    after
      20_000 -> {:error, :timeout}
    end
  end

  @impl true
  def remote_spawn_monitor(%{node: node}, function) when is_function(function, 0),
    do: {:ok, Node.spawn_monitor(node, function)}

  @impl true
  def system_shutdown, do: System.halt(0)
end

defmodule Works do
  @sizes [{"1KiB", 1024}, {"64KiB", 65_536}, {"1MiB", 1_048_576}, {"16MiB", 16_777_216}, {"64MiB", 67_108_864}]

  def run("A", plan) do
    pool(1, 1)
    for _ <- 1..500, do: add_one()
    times = times(plan)
    tell("A/p50_us", share(times, 0.5))
    tell("A/p99_us", share(times, 0.99))
    stop()
  end

  def run("B", plan) do
    pool(1, 256)
    add_one()

    for callers <- [1, 8, 64, 256] do
      start = now()
      tasks = for _ <- 1..callers, do: Task.async(fn -> times(%{plan | calls: 1}) end)
      times = tasks |> Task.await_many(:infinity) |> Enum.concat()
      tell("B/#{callers}/calls_per_s", length(times) / (now() - start) * 1.0e6)
      tell("B/#{callers}/p50_us", share(times, 0.5))
      tell("B/#{callers}/p99_us", share(times, 0.99))
    end

    stop()
  end

  def run("C", plan) do
    pool(1, 1)

    for {name, size} <- @sizes do
      payload = :binary.copy(<<7>>, size)
      echo = fn -> FLAME.call(Runners, fn -> payload end) end
      echo.()
      repeats = plan.repeats * max(1, min(200, div(16_777_216, size)))
      times = for _ <- 1..repeats, do: timed(echo)
      median = share(times, 0.5)
      tell("C/#{name}/ms", median / 1.0e3)
      tell("C/#{name}/mb_per_s", size / median)
    end

    stop()
  end

  def run("D", plan), do: cold("D", plan, 1, fn -> add_one() end)

  def run("E", plan) do
    # Each waits until eight are there, so that none does the work of two.
    cold("E", plan, 8, fn ->
      host = self()
      tasks = for _ <- 1..8, do: Task.async(fn -> FLAME.call(Runners, fn -> meet(host) end) end)
      guests = for _ <- 1..8, do: receive(do: ({:here, guest} -> guest))
      Enum.each(guests, &send(&1, :go))
      Task.await_many(tasks, :infinity)
    end)
  end

  def run("G", _plan) do
    pool(1, 4)
    add_one()

    all = fn ->
      1..10_000 |> Enum.map(fn _ -> Task.async(&add_one/0) end) |> Task.await_many(:infinity)
    end

    tell("G/ms", timed(all) / 1.0e3)
    stop()
  end

  def meet(host) do
    send(host, {:here, self()})
    receive(do: (:go -> :ok))
  end

  defp cold(letter, plan, max, first) do
    times =
      for _ <- 1..plan.repeats do
        pool(max, 1)
        time = timed(first)
        stop()
        time
      end

    tell("#{letter}/p50_ms", share(times, 0.5) / 1.0e3)
    tell("#{letter}/max_ms", Enum.max(times) / 1.0e3)
  end

  # `min` is 0: whoever calls first waits for the boot.
  defp pool(max, concurrency) do
    options = [name: Runners, min: 0, max: max, max_concurrency: concurrency, backend: Nodes, timeout: :infinity]
    {:ok, supervisor} = Supervisor.start_link([{FLAME.Pool, options}], strategy: :one_for_one)
    Process.put(:pool, supervisor)
  end

  defp stop, do: Supervisor.stop(Process.get(:pool))

  defp add_one do
    number = 41
    42 = FLAME.call(Runners, fn -> number + 1 end)
  end

  defp times(plan), do: times(plan, now() + plan.millis * 1000, 0, [])

  defp times(plan, until, count, times) do
    if count < plan.calls or now() < until,
      do: times(plan, until, count + 1, [timed(&add_one/0) | times]),
      else: times
  end

  defp timed(call) do
    start = now()
    call.()
    now() - start
  end

  defp now, do: System.monotonic_time(:nanosecond) / 1.0e3
  defp share(times, at), do: times |> Enum.sort() |> Enum.at(round((length(times) - 1) * at))
  defp tell(key, value), do: IO.puts("#{key}\t#{value}")
end

if System.get_env("FLAME_PARENT") do
  # FLAME's own application finds its parent in the environment, and ends this BEAM with it.
  {:ok, _} = Application.ensure_all_started(:flame)
  Process.sleep(:infinity)
else
  {_, 0} = System.cmd("epmd", ["-daemon", "-address", "127.0.0.1"])
  # It says that it has begun before it listens.
  {_, 0} = System.cmd("sh", ["-c", "until epmd -names; do sleep 0.01; done"])
  Application.put_env(:kernel, :inet_dist_use_interface, {127, 0, 0, 1})
  {:ok, _} = Node.start(:"parent-#{System.os_time()}", :shortnames)
  {:ok, _} = Application.ensure_all_started(:flame)

  {options, [], []} =
    OptionParser.parse(arguments, strict: [works: :string, millis: :integer, calls: :integer, repeats: :integer])

  plan = Enum.into(options, %{millis: 1000, calls: 5000, repeats: 5})
  for work <- String.split(plan.works, ","), do: Works.run(work, plan)
  System.halt(0)
end
