use std::fmt::Display;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

/// How long an answer, or an event, may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// What is between the parts of a form.
const LIMIT: &str = "the-limit-between-the-pictures";

/// Asks a server, one request at a time.
pub(super) struct Http {
    address: SocketAddr,
    runtime: Runtime,
}

/// What a server answers.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Bytes,
}

/// A stream of server-sent events.
pub(super) struct ServerEvents<'a> {
    http: &'a Http,
    body: Incoming,
    read: String,
}

impl Http {
    /// Asks whoever listens there. It connects anew for each request.
    pub(super) fn at(address: SocketAddr) -> anyhow::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { address, runtime })
    }

    pub(super) fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.ask(Method::GET, path, "text/plain", Bytes::new())
    }

    /// Sends files as a browser does.
    pub(super) fn post_files(
        &self,
        path: &str,
        files: &[(&str, Vec<u8>)],
    ) -> anyhow::Result<Answer> {
        self.ask(Method::POST, path, &form_type(), form(files).into())
    }

    /// The events at this path, as long as they come.
    pub(super) fn events(&self, path: &str) -> anyhow::Result<ServerEvents<'_>> {
        let body = self.wait(self.send(Method::GET, path, "text/plain", Bytes::new()))?;
        Ok(ServerEvents {
            http: self,
            body: body.into_body(),
            read: String::new(),
        })
    }

    fn ask(&self, method: Method, path: &str, kind: &str, body: Bytes) -> anyhow::Result<Answer> {
        self.wait(async {
            let answer = self.send(method, path, kind, body).await?;
            Ok(Answer {
                status: answer.status().as_u16(),
                body: answer.into_body().collect().await?.to_bytes(),
            })
        })
        .with_context(|| format!("asked for {path}"))
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        kind: impl Display,
        body: Bytes,
    ) -> anyhow::Result<Response<Incoming>> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the answer that it is for.
        tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.address.to_string())
            .header("content-type", kind.to_string())
            .body(Full::new(body))?;
        Ok(sender.send_request(request).await?)
    }

    fn wait<T>(&self, what: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
        let limited = async { timeout(PATIENCE, what).await };
        self.runtime
            .block_on(limited)
            .with_context(|| format!("there is no answer within {PATIENCE:?}"))?
    }
}

impl ServerEvents<'_> {
    /// The data of the next event. `None` if there are no more.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<String>> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let data = event.strip_prefix("data: ").map(str::to_owned);
                self.read = rest.to_owned();
                match data {
                    Some(data) => return Ok(Some(data)),
                    // A comment, which keeps the connection alive.
                    None => continue,
                }
            }
            let frame = self.body.frame();
            let frame = self.http.wait(async { Ok(frame.await.transpose()?) })?;
            let Some(frame) = frame else { return Ok(None) };
            if let Some(data) = frame.data_ref() {
                self.read.push_str(std::str::from_utf8(data)?);
            }
        }
    }
}

impl Answer {
    /// Fails unless this is the status.
    pub(super) fn with_status(self, status: u16) -> anyhow::Result<Self> {
        ensure!(
            self.status == status,
            "the answer has status {} and says {:?}",
            self.status,
            String::from_utf8_lossy(&self.body)
        );
        Ok(self)
    }
}

/// The type of a form with files.
pub(super) fn form_type() -> String {
    format!("multipart/form-data; boundary={LIMIT}")
}

/// A form with files, as a browser sends it.
pub(super) fn form(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--{LIMIT}\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        form.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    }
    form.extend(format!("--{LIMIT}--\r\n").into_bytes());
    form
}
