//! A gRPC call for each call. The runner serves, and tells its parent where.

use bytes::Bytes;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};
use works::Deed;

use crate::link::{Door, Link, Way};
use crate::wire::Frame;
use crate::wire::unary_client::UnaryClient;
use crate::wire::unary_server::{Unary, UnaryServer};

/// The parent's end. The runner ends with the first connection.
#[derive(Clone)]
pub(crate) struct Client {
    client: UnaryClient<Channel>,
    _lifeline: std::sync::Arc<Link>,
}

impl Client {
    pub(crate) async fn accept(door: &Door) -> anyhow::Result<Self> {
        let mut lifeline = door.accept().await?;
        let length = lifeline.read_u16().await?;
        let mut address = vec![0; length.into()];
        lifeline.read_exact(&mut address).await?;
        let address = String::from_utf8(address)?;
        let connect = tower::service_fn(move |_| {
            let address = address.clone();
            async move { Link::to(&address).await.map(TokioIo::new) }
        });
        let endpoint = Endpoint::from_static("http://runner.invalid");
        let channel = endpoint.connect_with_connector(connect).await?;
        Ok(Self {
            client: UnaryClient::new(channel).max_decoding_message_size(usize::MAX),
            _lifeline: lifeline.into(),
        })
    }

    pub(crate) async fn call(&self, deed: Deed, payload: Bytes) -> anyhow::Result<Bytes> {
        let deed = deed.number();
        let frame = Frame {
            id: 0,
            deed,
            payload,
        };
        Ok(self.client.clone().r#do(frame).await?.into_inner().payload)
    }
}

struct Runner;

#[tonic::async_trait]
impl Unary for Runner {
    async fn r#do(&self, request: Request<Frame>) -> Result<Response<Frame>, Status> {
        let Frame { id, deed, payload } = request.into_inner();
        let done = async { Deed::numbered(deed)?.run(payload).await };
        let done: anyhow::Result<Bytes> = done.await;
        let payload = done.map_err(|error| Status::internal(error.to_string()))?;
        Ok(Response::new(Frame { id, deed, payload }))
    }
}

pub(crate) async fn serve(parent: &str) -> anyhow::Result<()> {
    let way = match parent.strip_prefix("unix:") {
        Some(_) => Way::Unix,
        None => Way::Tcp,
    };
    let door = Door::open(way).await?;
    let address = door.address()?;
    let service = UnaryServer::new(Runner).max_decoding_message_size(usize::MAX);
    let server = Server::builder().add_service(service);
    tokio::spawn(server.serve_with_incoming(door.incoming()));
    let mut lifeline = Link::to(parent).await?;
    lifeline.write_u16(address.len().try_into()?).await?;
    lifeline.write_all(address.as_bytes()).await?;
    // Until the parent has gone.
    let _ = lifeline.read_u8().await;
    Ok(())
}
