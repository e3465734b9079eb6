/// One table of numbers.
pub(crate) struct Table {
    pub(crate) title: &'static str,
    /// What is measured, for people.
    pub(crate) text: &'static str,
    /// The columns: a key and what stands above it.
    pub(crate) columns: &'static [(&'static str, &'static str)],
}

/// All of them, in the order of the works.
pub(crate) const TABLES: &[Table] = &[
    Table {
        title: "A: warm calls",
        text: "`u64 -> u64`, one after the other. Processor time is that of both processes.",
        columns: &[
            ("A/p50_us", "p50 µs"),
            ("A/p99_us", "p99 µs"),
            ("A/cpu_us", "CPU µs"),
        ],
    },
    Table {
        title: "B: many callers",
        text: "The same from many callers at once, on one runner.",
        columns: &[
            ("B/1/calls_per_s", "1: calls/s"),
            ("B/8/calls_per_s", "8: calls/s"),
            ("B/64/calls_per_s", "64: calls/s"),
            ("B/64/p99_us", "64: p99 µs"),
            ("B/64/cpu_us", "64: CPU µs"),
            ("B/256/calls_per_s", "256: calls/s"),
        ],
    },
    Table {
        title: "C: large payloads",
        text: "Echoes, one after the other: milliseconds there and back.",
        columns: &[
            ("C/1KiB/ms", "1 KiB"),
            ("C/64KiB/ms", "64 KiB"),
            ("C/1MiB/ms", "1 MiB"),
            ("C/16MiB/ms", "16 MiB"),
            ("C/64MiB/ms", "64 MiB"),
        ],
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
    },
    Table {
        title: "D: the first result",
        text: "From no runner to the first result, in milliseconds; for the ping-pong, from the start of a process to \
               its first word. *Touched* is from a parent that has touched 1 GiB; *TLS* is what the way between hosts \
               adds, with the handshakes of both its connections.",
        columns: &[
            ("D/p50_ms", "p50 ms"),
            ("D/max_ms", "max ms"),
            ("D/touched/p50_ms", "touched: p50 ms"),
            ("TLS/handshakes_ms", "TLS: ms more"),
        ],
    },
    Table {
        title: "E: from none to eight",
        text: "Eight calls that wait for each other, so that each needs a runner of its own.",
        columns: &[("E/p50_ms", "p50 ms"), ("E/max_ms", "max ms")],
    },
    Table {
        title: "F: memory",
        text: "Mebibytes of an idle parent and an idle runner, and what each keeps after an echo of 64 MiB.",
        columns: &[
            ("F/parent/rss_mib", "parent"),
            ("F/parent/private_mib", "private"),
            ("F/parent/kept_mib", "keeps"),
            ("F/runner/rss_mib", "runner"),
            ("F/runner/private_mib", "private"),
            ("F/runner/kept_mib", "keeps"),
        ],
    },
    Table {
        title: "G: ten thousand at once",
        text: "10,000 calls on one runner, four of which may run at a time.",
        columns: &[("G/ms", "ms"), ("G/descriptors", "descriptors")],
    },
    Table {
        title: "H: the pool's state alone",
        text: "One checkout and one checkin, in nanoseconds, by runners and waiting callers; instructions as committed.",
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
    },
    Table {
        title: "I: scale",
        text: "500 runners in one process, and callers that wait for them: memory for each, and the time to queue and \
               to serve each.",
        columns: &[
            ("I/runners/kib_each", "runner KiB"),
            ("I/10000/bytes_each", "10,000: bytes"),
            ("I/10000/queue_us_each", "queue µs"),
            ("I/10000/serve_us_each", "serve µs"),
            ("I/100000/bytes_each", "100,000: bytes"),
            ("I/100000/queue_us_each", "queue µs"),
            ("I/100000/serve_us_each", "serve µs"),
        ],
    },
];
