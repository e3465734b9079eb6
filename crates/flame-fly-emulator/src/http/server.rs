use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request as Received, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::answer::Answer;
use super::request::Request;
use super::shaped::{Shape, Shaped};
use crate::pipeline::{Reply, reply};
use crate::shared::Shared;

/// The largest body that is read.
const LARGEST_BODY: usize = 16 << 20;

/// Answers whoever connects, for as long as it is polled.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        // A connection that is gone before it was accepted is nobody's loss.
        if let Ok((stream, _)) = listener.accept().await {
            shared.spawn(connection(stream, Arc::clone(&shared)));
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // Answers are written in one piece, and nobody waits for more.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|received| answered(received, Arc::clone(&shared)));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    // It fails when a fault drops it, or when the client does.
    let _ = served.await;
}

async fn answered(
    received: Received<Incoming>,
    shared: Arc<Shared>,
) -> Result<Response<Shaped>, io::Error> {
    let (parts, body) = received.into_parts();
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return Err(io::Error::other(error)),
    };
    let request = Request::new(&parts, body);
    // In a task of its own: what is asked for happens even if whoever asked has left.
    let (tell, told) = oneshot::channel();
    let for_the_task = Arc::clone(&shared);
    shared.spawn(async move {
        let reply = reply(&for_the_task, request).await;
        // Nobody is there to be told.
        let _ = tell.send(reply);
    });
    match told.await {
        Ok(Reply::Answer(answer, shape)) => response(&answer, shape),
        Ok(Reply::Dropped) | Err(_) => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
    }
}

fn response(answer: &Answer, shape: Shape) -> Result<Response<Shaped>, io::Error> {
    let mut response = Response::builder().status(answer.status);
    if let Some(content_type) = answer.content_type() {
        response = response.header("content-type", content_type);
    }
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    let bytes: Bytes = answer.bytes();
    response
        .body(Shaped::new(&bytes, shape))
        .map_err(io::Error::other)
}
