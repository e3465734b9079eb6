//! Runners that are not what they say, over the real socket: what they send harms nobody but themselves.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
    Reach,
};
use flame_core::pool::CallerKind;
use flame_core::{CallId, InstanceName};
use flame_proto::frame::{
    Features, Hello, ParentFrame, Payload, PortCloseReason, PortFrame, PortNews, Refusal, Reject,
    RunnerFrame, Segment,
};
use flame_proto::parent_text::{Address, ParentInfo};
use flame_proto::v1::parent_client::ParentClient;
use flame_proto::{convert, v1};
use flame_runtime::{CallError, LossReason, Outcome, Pool};
use flame_task::{CHANNEL_WINDOW, RecvError, Tx, channel, task};
use futures_util::stream::unfold;
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tokio::sync::{Mutex, mpsc};
use tonic::Streaming;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use super::add;

/// Starts nothing, and lets the test play what it should have started.
#[derive(Debug)]
pub(crate) struct Stage {
    told: mpsc::UnboundedSender<ParentInfo>,
    roles: Mutex<mpsc::UnboundedReceiver<ParentInfo>>,
}

impl Stage {
    pub(crate) fn new() -> Arc<Self> {
        let (told, roles) = mpsc::unbounded_channel();
        Arc::new(Self {
            told,
            roles: Mutex::new(roles),
        })
    }

    /// What the next copy is told about its parent.
    pub(crate) async fn next_role(&self) -> ParentInfo {
        self.roles.lock().await.recv().await.unwrap()
    }
}

#[async_trait]
impl Backend for Stage {
    fn name(&self) -> &str {
        "stage"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reach: Reach::SameHost,
            list: false,
        }
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        let role = ParentInfo::from_text(request.parent.expose()).unwrap();
        self.told.send(role).unwrap();
        Ok(Instance {
            provider_id: "a role".to_owned(),
        })
    }

    async fn destroy(&self, _: &InstanceName) -> Result<(), DestroyError> {
        Ok(())
    }

    async fn ended(&self, _: &InstanceName) -> ExitReport {
        std::future::pending().await
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        Ok(Vec::new())
    }
}

/// A connection to the parent.
pub(crate) async fn reach(home: &ParentInfo) -> Channel {
    let Address::Unix(path) = home.attach.clone() else {
        panic!("the parent is on this host")
    };
    Endpoint::from_static("http://parent")
        .connect_with_connector(service_fn(move |_| {
            let path = path.clone();
            async move { UnixStream::connect(path).await.map(TokioIo::new) }
        }))
        .await
        .unwrap()
}

/// A connection that says what the test wants.
struct Impostor {
    say: mpsc::UnboundedSender<v1::RunnerBatch>,
    hear: Streaming<v1::ParentBatch>,
    heard: VecDeque<ParentFrame>,
}

impl Impostor {
    async fn dial(home: &ParentInfo, hello: Hello) -> Self {
        let channel = reach(home).await;
        let (say, said) = mpsc::unbounded_channel();
        say.send(convert::encode_runner(vec![RunnerFrame::Hello(hello)]))
            .unwrap();
        let said = unfold(said, async |mut said| Some((said.recv().await?, said)));
        let hear = ParentClient::new(channel).attach(said).await.unwrap();
        Self {
            say,
            hear: hear.into_inner(),
            heard: VecDeque::new(),
        }
    }

    /// A runner like any other, up to here.
    async fn welcomed(home: &ParentInfo) -> Self {
        let mut welcomed = Self::dial(home, hello(home)).await;
        let first = welcomed.hears().await;
        assert!(matches!(first, Some(ParentFrame::Welcome(_))), "{first:?}");
        welcomed
    }

    fn says(&self, frame: RunnerFrame) {
        self.say.send(convert::encode_runner(vec![frame])).unwrap();
    }

    /// The next frame that is not a heartbeat; `None` when the parent has closed the session.
    async fn hears(&mut self) -> Option<ParentFrame> {
        loop {
            match self.heard.pop_front() {
                Some(ParentFrame::Heartbeat) => {}
                Some(frame) => return Some(frame),
                None => {
                    let batch = self.hear.message().await.ok()??;
                    self.heard.extend(convert::decode_parent(batch).unwrap());
                }
            }
        }
    }

    /// The call that it is given.
    async fn hears_a_call(&mut self) -> CallId {
        match self.hears().await {
            Some(ParentFrame::Call(call)) => call.id,
            other => panic!("{other:?}"),
        }
    }
}

/// What an honest copy says.
pub(crate) fn hello(home: &ParentInfo) -> Hello {
    Hello {
        versions: home.versions,
        boot: home.boot.clone(),
        token: Bytes::copy_from_slice(&home.token),
        build: flame_task::build_id().to_owned(),
        tasks: 0,
        pid: std::process::id(),
        host: "stage".to_owned(),
        panic_aborts: false,
        features: Features::default(),
    }
}

pub(crate) async fn start(stage: &Arc<Stage>) -> Pool {
    Pool::builder("stage")
        .max(2)
        .max_concurrency(1)
        .backend(stage.clone())
        .start()
        .await
        .unwrap()
}

fn done(call: CallId) -> RunnerFrame {
    RunnerFrame::Done {
        call,
        output: Payload::default(),
        ran_for: std::time::Duration::ZERO,
        residents: Vec::new(),
    }
}

#[tokio::test]
async fn whoever_has_a_wrong_token_or_none_or_a_used_one_gets_the_same_refusal() {
    let stage = Stage::new();
    let pool = start(&stage).await;
    let call = tokio::spawn(add(1, 1).on(&pool));
    let home = stage.next_role().await;
    let wrong = Hello {
        token: Bytes::from_static(&[7; 32]),
        ..hello(&home)
    };
    let short = Hello {
        token: Bytes::new(),
        ..hello(&home)
    };
    let unknown = Hello {
        boot: "somebody-else".to_owned(),
        ..hello(&home)
    };
    for hello in [wrong, short, unknown] {
        let mut impostor = Impostor::dial(&home, hello).await;
        assert_refused(&mut impostor).await;
    }
    // None of them has spent the token.
    let mut honest = Impostor::welcomed(&home).await;
    assert_refused(&mut Impostor::dial(&home, hello(&home)).await).await;
    honest.hears_a_call().await;
    assert_eq!(pool.snapshot().counts.ready, 1);
    call.abort();
    drop(honest);
    pool.shutdown().await;
}

async fn assert_refused(impostor: &mut Impostor) {
    let answer = impostor.hears().await;
    assert!(
        matches!(answer, Some(ParentFrame::Reject(Reject::Unauthenticated))),
        "{answer:?}"
    );
    assert!(impostor.hears().await.is_none(), "and that is all");
}

#[tokio::test]
async fn a_runner_that_breaks_the_protocol_loses_its_session_and_its_own_calls() {
    type Say = fn(&Impostor, &ParentInfo);
    let breaches: [(&str, Say); 4] = [
        ("twice", |it, home| it.says(RunnerFrame::Hello(hello(home)))),
        ("not given", |it, _| it.says(done(CallId(99)))),
        ("not given", |it, _| {
            it.says(RunnerFrame::Accepted { call: CallId(99) });
        }),
        ("kind", |it, _| {
            let nothing = v1::RunnerBatch {
                frames: vec![v1::RunnerFrame::default()],
            };
            it.say.send(nothing).unwrap();
        }),
    ];
    for (words, breach) in breaches {
        let stage = Stage::new();
        let pool = start(&stage).await;
        let honest_call = tokio::spawn(add(1, 1).on(&pool));
        let mut honest = Impostor::welcomed(&stage.next_role().await).await;
        let on_honest = honest.hears_a_call().await;
        let call = tokio::spawn(add(2, 2).on(&pool));
        let home = stage.next_role().await;
        let mut broken = Impostor::welcomed(&home).await;
        broken.hears_a_call().await;

        breach(&broken, &home);

        assert!(broken.hears().await.is_none(), "the session was closed");
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        let CallError::RunnerLost(lost) = error else {
            panic!("{error}")
        };
        let LossReason::Protocol(message) = &lost.reason else {
            panic!("{lost}")
        };
        assert!(message.contains(words), "{message}");

        // The other runner's call is as it was. What it returns is no `u32`, which is its own affair.
        assert_eq!(pool.snapshot().counts.running, 1);
        honest.says(done(on_honest));
        let error = honest_call.await.unwrap().unwrap_err();
        assert!(matches!(error, CallError::DecodeResult { .. }), "{error}");
        drop(honest);
        pool.shutdown().await;
    }
}

#[tokio::test]
async fn a_call_that_was_refused_takes_its_ends_and_all_that_waits_to_the_next_runner() {
    let stage = Stage::new();
    let pool = start(&stage).await;
    let (tx, rx) = channel::<u8>();
    tx.send(7).await.unwrap();
    let call = task!(|mut rx| async move {
        let _: Result<Option<u8>, RecvError> = rx.recv().await;
    });
    let call = tokio::spawn(call.on(&pool));
    let mut first = Impostor::welcomed(&stage.next_role().await).await;
    let refused = first.hears_a_call().await;
    first.says(RunnerFrame::Draining);
    first.says(RunnerFrame::Refused {
        call: refused,
        refusal: Refusal::Draining,
    });
    // One more comes between, and then the end.
    tx.send(8).await.unwrap();
    drop(tx);

    let mut second = Impostor::welcomed(&stage.next_role().await).await;
    let taken = second.hears_a_call().await;
    let port = |news| PortFrame {
        call: taken,
        port: 0,
        news,
    };
    second.says(RunnerFrame::Port(port(PortNews::Credit {
        bytes: CHANNEL_WINDOW,
    })));
    let mut items = Vec::new();
    let closed = loop {
        match second.hears().await {
            Some(ParentFrame::Port(frame)) => match frame.news {
                PortNews::Item(item) => items.push(item.head),
                PortNews::Close(reason) => break reason,
                PortNews::Credit { .. } => panic!("a sender grants nothing"),
            },
            other => panic!("{other:?}"),
        }
    };
    let bytes = |n| Segment::Inline(Bytes::copy_from_slice(&[n]));
    assert_eq!(items, [bytes(7), bytes(8)]);
    assert_eq!(closed, PortCloseReason::Finished);
    second.says(RunnerFrame::Port(port(PortNews::Close(closed))));
    second.says(done(taken));
    // What it returns is no `()`, which is its own affair.
    call.await.unwrap().unwrap_err();
    drop((first, second));
    pool.shutdown().await;
}

#[tokio::test]
async fn a_runner_that_sends_more_than_there_is_room_for_loses_its_session() {
    let stage = Stage::new();
    let pool = start(&stage).await;
    let (tx, mut rx) = channel::<Vec<u8>>();
    let call = task!(|tx| async move { drop::<Tx<Vec<u8>>>(tx) });
    let call = tokio::spawn(call.on(&pool));
    let mut flooder = Impostor::welcomed(&stage.next_role().await).await;
    let id = flooder.hears_a_call().await;
    for _ in 0..=CHANNEL_WINDOW / 60_000 {
        let item = Payload {
            head: Segment::Inline(vec![0; 60_000].into()),
            blobs: Vec::new(),
        };
        flooder.says(RunnerFrame::Port(PortFrame {
            call: id,
            port: 0,
            news: PortNews::Item(item),
        }));
    }
    while let Some(frame) = flooder.hears().await {
        assert!(matches!(frame, ParentFrame::Port(_)), "{frame:?}");
    }
    let CallError::RunnerLost(lost) = call.await.unwrap().unwrap_err() else {
        panic!("it is lost")
    };
    assert!(lost.reason.to_string().contains("room"), "{lost}");
    // What it sent is no list of bytes, and was never going to be one.
    rx.recv().await.unwrap_err();
    pool.shutdown().await;
}

#[tokio::test]
async fn what_a_runner_refuses_after_it_has_accepted_it_is_lost_and_never_begins_again() {
    let stage = Stage::new();
    let pool = start(&stage).await;
    let placing = tokio::spawn({
        let pool = pool.clone();
        async move { pool.place_task(add(1, 1)).await }
    });
    let mut broken = Impostor::welcomed(&stage.next_role().await).await;
    let call = broken.hears_a_call().await;
    broken.says(RunnerFrame::Accepted { call });
    let placed = placing.await.unwrap().unwrap();

    let refusal = Refusal::Busy;
    broken.says(RunnerFrame::Refused { call, refusal });

    let CallError::RunnerLost(lost) = placed.closed().await.unwrap_err() else {
        panic!("the runner was not lost")
    };
    let LossReason::Protocol(message) = &lost.reason else {
        panic!("{lost}")
    };
    assert!(message.contains("had accepted"), "{message}");
    let children = pool.snapshot().counts.of(CallerKind::Child).totals;
    assert_eq!((children.granted, children.lost), (1, 1));
    pool.shutdown().await;
}
