//! One gRPC stream with all calls in it, written in batches. The runner calls back.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _};
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;
use tonic::transport::{Endpoint, Server};
use tonic::{Request, Response, Status, Streaming};

use crate::calls::{Calls, answer};
use crate::link::{Door, Link};
use crate::outbox::{Batches, Outbox};
use crate::wire::Batch;
use crate::wire::stream_client::StreamClient;
use crate::wire::stream_server::{Stream as Service, StreamServer};

/// Waits for the runner that calls back.
pub(crate) async fn accept(door: Door) -> anyhow::Result<Arc<Calls>> {
    let (attached, mut attachments) = mpsc::channel(1);
    let service = StreamServer::new(Parent { attached }).max_decoding_message_size(usize::MAX);
    tokio::spawn(
        Server::builder()
            .add_service(service)
            .serve_with_incoming(door.incoming()),
    );
    let calls = attachments.recv().await;
    calls.ok_or_else(|| anyhow::anyhow!("no runner has called back"))
}

struct Parent {
    attached: mpsc::Sender<Arc<Calls>>,
}

#[tonic::async_trait]
impl Service for Parent {
    type AttachStream = Pin<Box<dyn Stream<Item = Result<Batch, Status>> + Send>>;

    async fn attach(
        &self,
        request: Request<Streaming<Batch>>,
    ) -> Result<Response<Self::AttachStream>, Status> {
        let calls = Arc::new(Calls::default());
        let (there, mut answers) = (calls.clone(), request.into_inner());
        tokio::spawn(async move {
            while let Ok(Some(batch)) = answers.message().await {
                batch
                    .frames
                    .into_iter()
                    .for_each(|frame| there.answered(frame));
            }
            there.lost();
        });
        let batches = Batches(calls.outbox.clone()).map(|frames| Ok(Batch { frames }));
        // Somebody waits for it, or nobody needs it.
        let _ = self.attached.send(calls).await;
        Ok(Response::new(Box::pin(batches)))
    }
}

pub(crate) async fn serve(parent: &str) -> anyhow::Result<()> {
    let parent = parent.to_owned();
    let connect = tower::service_fn(move |_| {
        let parent = parent.clone();
        async move { Link::to(&parent).await.map(TokioIo::new) }
    });
    let endpoint = Endpoint::from_static("http://parent.invalid");
    let channel = endpoint.connect_with_connector(connect).await?;
    let mut client = StreamClient::new(channel).max_decoding_message_size(usize::MAX);
    let outbox = Arc::new(Outbox::default());
    let answers = Batches(outbox.clone()).map(|frames| Batch { frames });
    let mut calls = client.attach(answers).await?.into_inner();
    while let Some(batch) = calls.message().await? {
        batch
            .frames
            .into_iter()
            .for_each(|frame| answer(&outbox, frame));
    }
    Ok(())
}
