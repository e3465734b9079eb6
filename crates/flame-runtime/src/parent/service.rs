use std::error::Error as _;
use std::pin::Pin;
use std::sync::Arc;

use flame_proto::v1::parent_server::{Parent, ParentServer};
use flame_proto::weight::MAX_MESSAGE_BYTES;
use flame_proto::{convert, v1};
use futures_util::{Stream, StreamExt};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tonic::{Request, Response, Status, Streaming};

use super::admission::{Admission, Overdue};
use super::boots::Boots;
use super::handshake;
use super::secrets;
use super::turned_away::has_left;
use crate::link::{LinkError, Socket, http2};
use crate::pool::Refusal;
use crate::threads::Threads;

/// Serves one runner's control connection until it ends, or has to.
pub(super) async fn serve(
    connection: Socket,
    admission: Admission,
    boots: Arc<Boots>,
    threads: Threads,
) {
    let admission = Arc::new(admission);
    let attaching = ParentServer::new(Attaching {
        admission: admission.clone(),
        boots: boots.clone(),
        threads: threads.clone(),
    })
    .max_decoding_message_size(MAX_MESSAGE_BYTES)
    .max_encoding_message_size(MAX_MESSAGE_BYTES);
    let served = http2::server().serve_connection(
        TokioIo::new(connection),
        TowerToHyperService::new(attaching),
    );
    tokio::select! {
        served = served => if let Err(error) = served {
            tracing::debug!(%error, "a control connection ended");
            let cause = error.source().and_then(|cause| cause.downcast_ref());
            if admission.is_of_a_stranger() && !cause.is_some_and(has_left) {
                turn_away(&boots, &admission, Some(&error), &threads);
            }
        },
        overdue = admission.overdue() => match overdue {
            Overdue::Stranger if admission.is_of_a_stranger() => {
                turn_away(&boots, &admission, None, &threads);
            }
            Overdue::Stranger => tracing::debug!("a control connection outlasted its refusal"),
            Overdue::Session => tracing::debug!("a control connection outlasted its session"),
        },
    }
}

fn turn_away(
    boots: &Boots,
    admission: &Admission,
    error: Option<&dyn std::fmt::Display>,
    threads: &Threads,
) {
    let turned_away = boots.turned_away();
    turned_away.stranger(Refusal::NoHello, admission.from(), error, threads);
}

#[derive(Debug)]
struct Attaching {
    admission: Arc<Admission>,
    boots: Arc<Boots>,
    threads: Threads,
}

#[tonic::async_trait]
impl Parent for Attaching {
    type AttachStream = Pin<Box<dyn Stream<Item = Result<v1::ParentBatch, Status>> + Send>>;

    async fn attach(
        &self,
        request: Request<Streaming<v1::RunnerBatch>>,
    ) -> Result<Response<Self::AttachStream>, Status> {
        let batches = request.into_inner().map(|batch| {
            let batch = batch.map_err(|status| LinkError::of("RunnerBatch", status))?;
            convert::decode_runner(batch).map_err(LinkError::Protocol)
        });
        let answers =
            handshake::attach(&self.boots, &self.threads, Some(&self.admission), batches).await;
        Ok(Response::new(Box::pin(
            answers.map(|frames| Ok(convert::encode_parent(frames))),
        )))
    }

    async fn get_secrets(
        &self,
        request: Request<v1::GetSecretsRequest>,
    ) -> Result<Response<v1::GetSecretsResponse>, Status> {
        let request = request.into_inner();
        let admission = Some(&*self.admission);
        let (boot, token) = (&request.boot, &request.token);
        let given = secrets::give(&self.boots, &self.threads, admission, boot, token);
        // The reason is always the same one, and in the log.
        let (secrets, token) = given.map_err(|_| Status::unauthenticated(""))?;
        Ok(Response::new(secrets::encode(&secrets, token)))
    }
}
