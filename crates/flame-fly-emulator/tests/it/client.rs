use std::io;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// Sends requests, each on a connection of its own.
pub(crate) struct Client {
    address: String,
    token: String,
    nonce: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// Its body; null if that is no JSON.
    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// Its status and its body.
    pub(crate) fn parts(&self) -> (u16, Value) {
        (self.status, self.body())
    }
}

impl Client {
    pub(crate) fn new(base_url: &str, token: &str) -> Self {
        Self {
            address: base_url.trim_start_matches("http://").to_owned(),
            token: token.to_owned(),
            nonce: None,
        }
    }

    /// The same, with a lease.
    pub(crate) fn holding(&self, nonce: &str) -> Self {
        Self {
            address: self.address.clone(),
            token: self.token.clone(),
            nonce: Some(nonce.to_owned()),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "").await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, "").await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &body.to_string()).await.unwrap()
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &str) -> io::Result<Answer> {
        let stream = TcpStream::connect(&self.address).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        // It ends when the answer has come, or the other side leaves.
        let connection = tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/v1{path}"))
            .header("host", &self.address)
            .header("authorization", &self.token)
            .header("content-type", "application/json");
        if let Some(nonce) = &self.nonce {
            request = request.header("fly-machine-lease-nonce", nonce);
        }
        let request = request.body(Full::new(Bytes::from(body.to_owned())));
        let answer = sender
            .send_request(request.map_err(io::Error::other)?)
            .await
            .map_err(io::Error::other)?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.into_body().collect().await;
        let body = body.map_err(io::Error::other)?.to_bytes();
        connection.abort();
        Ok(Answer {
            status,
            headers,
            text: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}
