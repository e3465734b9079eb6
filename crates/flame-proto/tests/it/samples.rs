//! One frame of every kind and of every shape, for the committed frames of version 1.

use std::time::Duration;

use bytes::Bytes;
use flame_core::CallId;
use flame_core::terminator::Link;
use flame_proto::frame::{
    Announce, Call, Failure, Feature, Features, Hello, Level, PanicReport, ParentFrame, Payload,
    PortCloseReason, PortFrame, PortNews, Refusal, Reject, RunnerEvent, RunnerFrame, RunnerLimits,
    Segment, TaskRef, Welcome,
};

const CALL: CallId = CallId(300);

pub(crate) fn parent_frames() -> Vec<ParentFrame> {
    let detached = Call {
        task: TaskRef::Named {
            name: "app::thumbs".into(),
            fingerprint: 0xfeed,
        },
        arguments: Payload {
            head: Segment::Bulk {
                id: 9,
                size: 70_000,
            },
            blobs: vec![
                Segment::Inline(Bytes::from_static(b"small")),
                Segment::Bulk {
                    id: 10,
                    size: 1 << 30,
                },
            ],
        },
        budget: Some(Duration::from_millis(1_500)),
        link: Link::Detached,
        attempt: 2,
        trace: vec![("traceparent".into(), "00-0af7-b7ad-01".into())],
        ..call()
    };
    vec![
        ParentFrame::Welcome(welcome()),
        ParentFrame::Reject(Reject::Unauthenticated),
        ParentFrame::Reject(Reject::Version { parent: (1, 3) }),
        ParentFrame::Reject(Reject::Build {
            parent: "b1".into(),
            runner: "b2".into(),
        }),
        ParentFrame::Reject(Reject::Unwanted),
        ParentFrame::Call(call()),
        ParentFrame::Call(detached),
        ParentFrame::Cancel { call: CALL },
        ParentFrame::ProposeIdle,
        ParentFrame::Drain {
            timeout: Duration::from_secs(30),
        },
        ParentFrame::Limits(limits()),
        ParentFrame::Heartbeat,
    ]
    .into_iter()
    .chain(port_frames().map(ParentFrame::Port))
    .chain([
        ParentFrame::Release { resident: 4 },
        ParentFrame::Call(Call {
            announce: Announce::AtStart,
            ..call()
        }),
        ParentFrame::Welcome(Welcome {
            features: features(),
            ..welcome()
        }),
        ParentFrame::Call(Call {
            announce: Announce::WhenReady,
            ..call()
        }),
    ])
    .collect()
}

pub(crate) fn runner_frames() -> Vec<RunnerFrame> {
    let failures = [
        Failure::Panicked(PanicReport {
            message: "index out of bounds".into(),
            location: Some("src/main.rs:3:9".into()),
            backtrace: Some("0: main".into()),
        }),
        Failure::Panicked(PanicReport {
            message: String::new(),
            location: None,
            backtrace: None,
        }),
        Failure::Cancelled,
        Failure::EncodeResult {
            message: "a map key that is a map".into(),
        },
        Failure::ResultTooLarge {
            size: 1 << 31,
            limit: 1 << 30,
        },
    ];
    let refusals = [
        Refusal::Draining,
        Refusal::Busy,
        Refusal::UnknownTask {
            message: "no task app::thumbs".into(),
        },
        Refusal::DecodeArgs {
            message: "missing field `interval`".into(),
        },
        Refusal::NotProvided {
            type_name: "sqlx::PgPool".into(),
        },
        Refusal::TooLarge {
            size: 1 << 31,
            limit: 1 << 30,
        },
    ];
    let mut frames = vec![RunnerFrame::Hello(hello()), done(b"\xc0", Vec::new())];
    frames.extend(failures.map(|failure| RunnerFrame::Failed {
        call: CALL,
        failure,
    }));
    frames.extend(refusals.map(|refusal| RunnerFrame::Refused {
        call: CALL,
        refusal,
    }));
    frames.extend([
        RunnerFrame::IdleAnswer { idle: true },
        RunnerFrame::IdleAnswer { idle: false },
        RunnerFrame::Draining,
        RunnerFrame::Goodbye {
            code: -1,
            reason: "drained".into(),
        },
        RunnerFrame::Heartbeat,
    ]);
    frames.extend(announced_runner_frames());
    frames
}

fn done(head: &'static [u8], residents: Vec<u64>) -> RunnerFrame {
    RunnerFrame::Done {
        call: CALL,
        output: Payload {
            head: Segment::Inline(Bytes::from_static(head)),
            blobs: Vec::new(),
        },
        ran_for: Duration::from_micros(1_234),
        residents,
    }
}

fn announced_runner_frames() -> impl Iterator<Item = RunnerFrame> {
    let others = [
        RunnerFrame::Accepted { call: CALL },
        RunnerFrame::Event(RunnerEvent {
            call: Some(CALL),
            happened_at: Duration::from_micros(1_764_000_000_000_001),
            level: Level::Warn,
            target: "app::video".into(),
            message: "a frame is missing".into(),
            fields: vec![("frame".into(), "17".into())],
            dropped: 3,
        }),
        RunnerFrame::Hello(Hello {
            features: features(),
            ..hello()
        }),
        done(b"", vec![7, 300]),
    ];
    port_frames().map(RunnerFrame::Port).chain(others)
}

fn port_frames() -> impl Iterator<Item = PortFrame> {
    let item = Payload {
        head: Segment::Inline(Bytes::from_static(b"\x07")),
        blobs: Vec::new(),
    };
    let news = [
        PortNews::Item(item),
        PortNews::Credit { bytes: 65_536 },
        PortNews::Close(PortCloseReason::Finished),
        PortNews::Close(PortCloseReason::Unwanted),
        PortNews::Close(PortCloseReason::Codec),
        PortNews::Close(PortCloseReason::Lost),
    ];
    news.into_iter().map(|news| PortFrame {
        call: CALL,
        port: 2,
        news,
    })
}

fn features() -> Features {
    [
        Feature::Ports,
        Feature::Residents,
        Feature::Accepted,
        Feature::Events,
    ]
    .into_iter()
    .collect()
}

pub(crate) fn welcome() -> Welcome {
    Welcome {
        version: 1,
        session_key: Bytes::from_static(b"hush, a key"),
        inline_limit: 65_536,
        max_payload: 1 << 30,
        limits: limits(),
        heartbeat_every: Duration::from_secs(2),
        peer_loss_after: Duration::from_secs(10),
        features: Features::default(),
    }
}

fn limits() -> RunnerLimits {
    RunnerLimits {
        max_concurrency: 5,
        shutdown_timeout: Duration::from_secs(30),
        cancel_grace: Duration::from_secs(5),
    }
}

pub(crate) fn hello() -> Hello {
    Hello {
        versions: (1, 1),
        boot: "thumbnails-1".into(),
        token: Bytes::from_static(b"hush, a token"),
        build: "b1".into(),
        tasks: 12,
        pid: 4_242,
        host: "local".into(),
        panic_aborts: true,
        features: Features::default(),
    }
}

pub(crate) fn call() -> Call {
    Call {
        id: CALL,
        caller: 17,
        task: TaskRef::Exact(0x0102_0304_0506_0708),
        arguments: Payload {
            head: Segment::Inline(Bytes::from_static(b"\x92\x01\x02")),
            blobs: Vec::new(),
        },
        budget: None,
        link: Link::Linked,
        attempt: 1,
        trace: Vec::new(),
        announce: Announce::Never,
    }
}
