"""The works, done by an actor of Ray: a process that stands ready, and is called from this one.

Started by `measure` with `--works A --millis 1000 --calls 5000 --repeats 5`; prints a key and a value for each number,
as the other contestants do.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

import ray

CALLERS = [1, 8, 64, 256]
SIZES = {"1KiB": 1 << 10, "64KiB": 64 << 10, "1MiB": 1 << 20, "16MiB": 16 << 20, "64MiB": 64 << 20}
RUNNERS = 8
QUEUED = 10_000
IN_FLIGHT = 4


@ray.remote(num_cpus=0)
class Runner:
    """As many calls at a time as its `max_concurrency`."""

    async def add_one(self, number):
        return number + 1

    async def echo(self, payload):
        return payload


@ray.remote(num_cpus=0)
class Guest:
    """Waits until as many as are expected are there."""

    def meet(self, folder, expected):
        folder = Path(folder)
        (folder / str(time.monotonic_ns())).touch()
        while len(list(folder.iterdir())) < expected:
            time.sleep(0.0005)


# Ray warns on standard output, where only numbers are to be.
NUMBERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def tell(key, value):
    print(f"{key}\t{value}", file=NUMBERS, flush=True)


def share(values, at):
    return sorted(values)[round((len(values) - 1) * at)]


def boot(slots):
    runner = Runner.options(max_concurrency=slots).remote()
    assert ray.get(runner.add_one.remote(1)) == 2
    return runner


def timed(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def warm(plan):
    runner = boot(1)
    for _ in range(50):
        ray.get(runner.add_one.remote(1))
    until = time.perf_counter() + plan.millis / 1e3
    times = []
    while len(times) < min(plan.calls, 500) or time.perf_counter() < until:
        times.append(timed(lambda: ray.get(runner.add_one.remote(1))))
    tell("A/p50_us", share(times, 0.5) * 1e6)
    tell("A/p99_us", share(times, 0.99) * 1e6)


async def calls_of(runner, callers, until, times):
    async def caller():
        while time.perf_counter() < until:
            start = time.perf_counter()
            await runner.add_one.remote(1)
            times.append(time.perf_counter() - start)

    await asyncio.gather(*(caller() for _ in range(callers)))


def concurrent(plan):
    runner = boot(256)
    for callers in CALLERS:
        times, start = [], time.perf_counter()
        asyncio.run(calls_of(runner, callers, start + plan.millis / 1e3, times))
        seconds = time.perf_counter() - start
        tell(f"B/{callers}/calls_per_s", len(times) / seconds)
        tell(f"B/{callers}/p50_us", share(times, 0.5) * 1e6)
        tell(f"B/{callers}/p99_us", share(times, 0.99) * 1e6)


def large(plan):
    runner = boot(1)
    for name, size in SIZES.items():
        payload = bytes(size)
        ray.get(runner.echo.remote(payload))
        repeats = plan.repeats * max(1, min(50, (16 << 20) // size))
        times = [timed(lambda: ray.get(runner.echo.remote(payload))) for _ in range(repeats)]
        median = share(times, 0.5)
        tell(f"C/{name}/ms", median * 1e3)
        tell(f"C/{name}/mb_per_s", size / median / 1e6)


def cold(plan):
    times = []
    for _ in range(plan.repeats):
        start = time.perf_counter()
        runner = boot(1)
        times.append(time.perf_counter() - start)
        ray.kill(runner)
    tell("D/p50_ms", statistics.median(times) * 1e3)
    tell("D/max_ms", max(times) * 1e3)


def burst(plan):
    times = []
    for _ in range(plan.repeats):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            guests = [Guest.remote() for _ in range(RUNNERS)]
            ray.get([guest.meet.remote(folder, RUNNERS) for guest in guests])
            times.append(time.perf_counter() - start)
        for guest in guests:
            ray.kill(guest)
    tell("E/p50_ms", statistics.median(times) * 1e3)
    tell("E/max_ms", max(times) * 1e3)


def queued(_):
    runner = boot(IN_FLIGHT)
    seconds = timed(lambda: ray.get([runner.add_one.remote(1) for _ in range(QUEUED)]))
    tell("G/ms", seconds * 1e3)


WORKS = {"A": warm, "B": concurrent, "C": large, "D": cold, "E": burst, "G": queued}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--works", required=True)
    parser.add_argument("--millis", type=int, default=1000)
    parser.add_argument("--calls", type=int, default=5000)
    parser.add_argument("--repeats", type=int, default=5)
    plan = parser.parse_args()
    ray.init(include_dashboard=False, log_to_driver=False, logging_level="error")
    for work in plan.works.split(","):
        WORKS[work](plan)


if __name__ == "__main__":
    main()
