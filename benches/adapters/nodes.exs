# The works, done by what FLAME on the BEAM is made of and nothing else: another node on this host, Erlang's distribution,
# and `:erpc`. No pool, no runner process, no deadline, no terminator. FLAME does all of this and more for each call, so it
# can be no quicker: what is true against these numbers is true against FLAME.
#
#     elixir --erl '+zdbbl 1000000' nodes.exs --works A --millis 1000 --calls 5000 --repeats 5
#
# The flag lets more than a mebibyte be on its way before a sender waits, which makes large payloads up to three times as
# quick. Needs Erlang 25 or later and Elixir. Prints a key and a value for each number, as the other contestants do.

defmodule Works do
  @sizes [{"1KiB", 1024}, {"64KiB", 65_536}, {"1MiB", 1_048_576}, {"16MiB", 16_777_216}, {"64MiB", 67_108_864}]

  def run("A", plan) do
    {peer, node} = boot()
    for _ <- 1..500, do: add_one(node)
    times = times(node, plan)
    tell("A/p50_us", share(times, 0.5))
    tell("A/p99_us", share(times, 0.99))
    :peer.stop(peer)
  end

  def run("B", plan) do
    {peer, node} = boot()

    for callers <- [1, 8, 64, 256] do
      start = now()
      tasks = for _ <- 1..callers, do: Task.async(fn -> times(node, %{plan | calls: 20}) end)
      times = tasks |> Task.await_many(:infinity) |> Enum.concat()
      tell("B/#{callers}/calls_per_s", length(times) / (now() - start) * 1.0e6)
      tell("B/#{callers}/p50_us", share(times, 0.5))
      tell("B/#{callers}/p99_us", share(times, 0.99))
    end

    :peer.stop(peer)
  end

  def run("C", plan) do
    {peer, node} = boot()

    for {name, size} <- @sizes do
      payload = :binary.copy(<<7>>, size)
      echo = fn -> ^size = byte_size(:erpc.call(node, :erlang, :hd, [[payload]])) end
      echo.()
      repeats = plan.repeats * max(1, min(200, div(16_777_216, size)))
      times = for _ <- 1..repeats, do: timed(echo)
      median = share(times, 0.5)
      tell("C/#{name}/ms", median / 1.0e3)
      tell("C/#{name}/mb_per_s", size / median)
    end

    :peer.stop(peer)
  end

  def run("D", plan), do: cold("D", 2 * plan.repeats, &one/0)
  def run("E", plan), do: cold("E", plan.repeats, &eight/0)

  def run("G", _plan) do
    {peer, node} = boot()
    calls = fn -> 1..10_000 |> Task.async_stream(fn _ -> add_one(node) end, max_concurrency: 4) |> Stream.run() end
    tell("G/ms", timed(calls) / 1.0e3)
    :peer.stop(peer)
  end

  defp one do
    {peer, node} = boot()
    add_one(node)
    [peer]
  end

  defp eight do
    1..8 |> Enum.map(fn _ -> Task.async(&one_for_all/0) end) |> Task.await_many(:infinity)
  end

  # A node is linked to who boots it, and a task ends.
  defp one_for_all do
    {peer, node} = boot(&:peer.start/1)
    add_one(node)
    peer
  end

  defp cold(letter, repeats, first) do
    times =
      for _ <- 1..repeats do
        start = now()
        peers = first.()
        time = now() - start
        Enum.each(peers, &:peer.stop/1)
        time
      end

    tell("#{letter}/p50_ms", share(times, 0.5) / 1.0e3)
    tell("#{letter}/max_ms", Enum.max(times) / 1.0e3)
  end

  defp boot(start \\ &:peer.start_link/1) do
    name = :"runner-#{System.os_time()}-#{System.unique_integer([:positive])}"
    cookie = Atom.to_charlist(Node.get_cookie())
    # Not a mesh of all, and for this host only.
    flags = ['+zdbbl', '1000000', '-connect_all', 'false', '-kernel', 'inet_dist_use_interface', '{127,0,0,1}', '-setcookie', cookie]
    {:ok, peer, node} = start.(%{name: name, args: flags})
    {peer, node}
  end

  defp add_one(node), do: 42 = :erpc.call(node, :erlang, :+, [41, 1])

  defp times(node, plan), do: times(node, plan, now() + plan.millis * 1000, 0, [])

  defp times(node, plan, until, count, times) do
    if count < plan.calls or now() < until,
      do: times(node, plan, until, count + 1, [timed(fn -> add_one(node) end) | times]),
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

{_, 0} = System.cmd("epmd", ["-daemon", "-address", "127.0.0.1"])
# It says that it has begun before it listens.
{_, 0} = System.cmd("sh", ["-c", "until epmd -names; do sleep 0.01; done"])
Application.put_env(:kernel, :inet_dist_use_interface, {127, 0, 0, 1})
Application.put_env(:kernel, :connect_all, false)
{:ok, _} = Node.start(:"parent-#{System.os_time()}", :shortnames)

{options, [], []} =
  OptionParser.parse(System.argv(), strict: [works: :string, millis: :integer, calls: :integer, repeats: :integer])

plan = Enum.into(options, %{millis: 1000, calls: 5000, repeats: 5})
for work <- String.split(plan.works, ","), do: Works.run(work, plan)
System.halt(0)
