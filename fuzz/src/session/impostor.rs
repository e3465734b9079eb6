use bytes::Bytes;
use flame_proto::frame::{Features, Hello, ParentFrame, RunnerFrame};
use flame_proto::parent_text::{Address, ParentInfo};
use flame_proto::v1::parent_client::ParentClient;
use flame_proto::{convert, v1};
use futures_util::stream::unfold;
use hyper_util::rt::TokioIo;
use prost::Message as _;
use tokio::net::UnixStream;
use tokio::sync::mpsc;
use tonic::Streaming;
use tonic::transport::Endpoint;
use tower::service_fn;

/// A runner in all but its mind.
pub(super) struct Impostor {
    say: mpsc::UnboundedSender<v1::RunnerBatch>,
    hear: Streaming<v1::ParentBatch>,
}

impl Impostor {
    /// Attaches as an honest runner does.
    pub(super) async fn attach(home: &ParentInfo) -> Self {
        let Address::Unix(path) = home.attach.clone() else {
            panic!("the parent is on this host")
        };
        let channel = Endpoint::from_static("http://parent")
            .connect_with_connector(service_fn(move |_| {
                let path = path.clone();
                async move { UnixStream::connect(path).await.map(TokioIo::new) }
            }))
            .await
            .unwrap();
        let (say, said) = mpsc::unbounded_channel();
        let hello = vec![RunnerFrame::Hello(hello(home))];
        say.send(convert::encode_runner(hello)).unwrap();
        let said = unfold(said, async |mut said| Some((said.recv().await?, said)));
        let hear = ParentClient::new(channel).attach(said).await.unwrap();
        Self {
            say,
            hear: hear.into_inner(),
        }
    }

    pub(super) async fn hear_a_call(&mut self) {
        loop {
            let batch = self.hear.message().await.unwrap().unwrap();
            let frames = convert::decode_parent(batch).unwrap();
            if frames
                .iter()
                .any(|frame| matches!(frame, ParentFrame::Call(_)))
            {
                return;
            }
        }
    }

    /// Says what is a message at all.
    pub(super) fn say(&self, batch: &[u8]) {
        if let Ok(batch) = v1::RunnerBatch::decode(batch) {
            // The parent may have heard enough.
            let _ = self.say.send(batch);
        }
    }

    /// Says no more, and hears the parent out.
    pub(super) async fn leave(self) {
        let Self { say, mut hear } = self;
        drop(say);
        while let Ok(Some(_)) = hear.message().await {}
    }
}

fn hello(home: &ParentInfo) -> Hello {
    Hello {
        versions: home.versions,
        boot: home.boot.clone(),
        token: Bytes::copy_from_slice(&home.token),
        build: flame_task::build_id().to_owned(),
        tasks: 0,
        pid: std::process::id(),
        host: "theater".to_owned(),
        panic_aborts: false,
        features: Features::default(),
    }
}
