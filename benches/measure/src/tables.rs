use crate::plots::{BY_CALLERS, BY_PAYLOAD, Picture};

/// One table of numbers.
pub(crate) struct Table {
    pub(crate) title: &'static str,
    /// What is measured, for people.
    pub(crate) text: &'static str,
    /// The columns: a key and what stands above it.
    pub(crate) columns: &'static [(&'static str, &'static str)],
    /// The plots of the same.
    pub(crate) plots: &'static [Picture],
}

impl Table {
    /// The keys of the columns.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|(key, _)| *key)
    }
}

/// All of them, in the order of the works.
pub(crate) const TABLES: &[Table] = &[
    Table {
        title: "A: warm calls",
        text: "A call without work, `u64 -> u64`, one after the other: what each takes on the wall clock, and the processor \
               time of both processes for it (`CPU`).",
        columns: &[
            ("A/p50_us", "p50 µs"),
            ("A/p99_us", "p99 µs"),
            ("A/cpu_us", "CPU µs"),
        ],
        plots: &[],
    },
    Table {
        title: "B: many callers",
        text: "The same from 1 to 256 callers at once, on one runner, each with one call at a time. Calls per second are of \
               all callers together; p50 and p99 are what one call takes on the wall clock; CPU is processor time of both \
               processes, divided by the calls.",
        columns: &[
            ("B/1/calls_per_s", "1: calls/s"),
            ("B/8/calls_per_s", "8: calls/s"),
            ("B/64/calls_per_s", "64: calls/s"),
            ("B/256/calls_per_s", "256: calls/s"),
            ("B/64/p50_us", "64: p50 µs"),
            ("B/64/p99_us", "64: p99 µs"),
            ("B/64/cpu_us", "64: CPU µs"),
            ("B/256/cpu_us", "256: CPU µs"),
        ],
        plots: &BY_CALLERS,
    },
    Table {
        title: "C: payloads",
        text: "Echoes, one after the other: milliseconds on the wall clock for the way there and back, and megabytes (of a \
               million bytes) a second, each byte counted once though it goes both ways.",
        columns: &[
            ("C/1KiB/ms", "1 KiB: ms"),
            ("C/64KiB/ms", "64 KiB: ms"),
            ("C/1MiB/ms", "1 MiB: ms"),
            ("C/16MiB/ms", "16 MiB: ms"),
            ("C/64MiB/ms", "64 MiB: ms"),
            ("C/1MiB/mb_per_s", "1 MiB: MB/s"),
            ("C/16MiB/mb_per_s", "16 MiB: MB/s"),
            ("C/64MiB/mb_per_s", "64 MiB: MB/s"),
        ],
        plots: &BY_PAYLOAD,
    },
    Table {
        title: "C': small calls beside large ones",
        text: "Warm calls while an echo of 64 MiB is always under way on the same runner.",
        columns: &[
            ("C'/p50_us", "p50 µs"),
            ("C'/p99_us", "p99 µs"),
            ("C'/max_us", "max µs"),
            ("C'/large_per_s", "large/s"),
        ],
        plots: &[],
    },
    Table {
        title: "D: cold start",
        text: "Cold start: from no runner to the first result, with the start of the process (for Ray, of an actor; for the \
               BEAM, of a node). For the ping-pong, from the start of a process to its first word. *Parent of 1 GiB*: \
               the parent has written that much memory before. *TLS* is what the way between hosts adds, with the \
               handshakes of both its connections.",
        columns: &[
            ("D/p50_ms", "p50 ms"),
            ("D/max_ms", "max ms"),
            ("D/touched/p50_ms", "parent of 1 GiB: p50 ms"),
            ("TLS/handshakes_ms", "TLS adds ms"),
        ],
        plots: &[],
    },
    Table {
        title: "E: from none to eight",
        text: "Eight calls that wait for each other, so that each needs a runner of its own: from no runner to all eight \
               results.",
        columns: &[("E/p50_ms", "p50 ms"), ("E/max_ms", "max ms")],
        plots: &[],
    },
    Table {
        title: "F: memory",
        text: "An idle parent and an idle runner, in MiB: resident, private (not shared with the other process or the page \
               cache), and what private memory each keeps a second after an echo of 64 MiB.",
        columns: &[
            ("F/parent/rss_mib", "parent: resident"),
            ("F/parent/private_mib", "private"),
            ("F/parent/kept_mib", "keeps"),
            ("F/runner/rss_mib", "runner: resident"),
            ("F/runner/private_mib", "private"),
            ("F/runner/kept_mib", "keeps"),
        ],
        plots: &[],
    },
    Table {
        title: "G: ten thousand at once",
        text: "10,000 calls made at once on one runner, four of which may run at a time: until all are answered. Peers have no \
               such limit, so a semaphore in front of them does it. *Descriptors* are those that the waiting calls have \
               opened.",
        columns: &[("G/ms", "ms"), ("G/descriptors", "descriptors")],
        plots: &[],
    },
    Table {
        title: "H: the pool's state alone",
        text: "One checkout and one checkin, in nanoseconds (the best of 20 batches), by runners and waiting callers; and the \
               instructions of the same, counted by callgrind, as they stand in `benches/instructions/baseline.txt`.",
        columns: &[
            ("H/1/0/ns", "1, 0"),
            ("H/1/10000/ns", "1, 10,000"),
            ("H/100/0/ns", "100, 0"),
            ("H/100/10000/ns", "100, 10,000"),
            ("H/10000/0/ns", "10,000, 0"),
            ("H/10000/10000/ns", "10,000, 10,000"),
            ("H/1/0/instructions", "instructions 1, 0"),
            ("H/100/0/instructions", "100, 0"),
            ("H/10000/0/instructions", "10,000, 0"),
        ],
        plots: &[],
    },
    Table {
        title: "I: scale",
        text: "500 runners in one process, and 10,000 or 100,000 callers that wait for them: memory of each runner and of each \
               caller, and the time to queue and to serve each.",
        columns: &[
            ("I/runners/kib_each", "runner KiB"),
            ("I/10000/bytes_each", "10,000: bytes"),
            ("I/10000/queue_us_each", "queue µs"),
            ("I/10000/serve_us_each", "serve µs"),
            ("I/100000/bytes_each", "100,000: bytes"),
            ("I/100000/queue_us_each", "queue µs"),
            ("I/100000/serve_us_each", "serve µs"),
        ],
        plots: &[],
    },
];
