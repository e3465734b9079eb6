//! One request to the API and its answer.

mod answer;
mod bucket;
mod request;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use hyper::{Request as HttpRequest, Response, body::Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::timeout;

use crate::api::Problem;
use crate::classify::{Refusal, classify};
use crate::config::{ConfigError, Token};
use crate::error::{FlyError, Said};
use crate::local::Hidden;

pub(crate) use answer::Answer;
pub(crate) use bucket::Bucket;
pub(crate) use request::Request;

/// The most that is read of an answer.
const MOST_BODY: usize = 1024 * 1024;
/// Connections wait this long for the next request.
const IDLE_CONNECTION: Duration = Duration::from_secs(30);
/// Under this, Fly's support finds a request.
const REQUEST_ID: &str = "fly-request-id";
const RETRY_AFTER: &str = "retry-after";
/// A longer wish than this is not fulfilled.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Speaks to the API for one app. It tells errors and logs the names of things alone.
pub(crate) struct Client {
    http: HyperClient<HttpsConnector<HttpConnector>, Full<Bytes>>,
    host: String,
    app: String,
    region: String,
    token: Token,
    hidden: Arc<Hidden>,
    timeout: Duration,
}

impl Client {
    pub(crate) fn new(
        host: &str,
        app: &str,
        region: &str,
        token: Token,
        hidden: Arc<Hidden>,
        timeout: Duration,
    ) -> Result<Self, ConfigError> {
        // The roots are built in: images without certificates of their own are common.
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| ConfigError::Tls {
                cause: error.to_string(),
            })?
            .https_or_http()
            .enable_http1()
            .build();
        let http = HyperClient::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION)
            .build(connector);
        Ok(Self {
            http,
            host: host.to_owned(),
            app: app.to_owned(),
            region: region.to_owned(),
            token,
            hidden,
            timeout,
        })
    }

    /// Sends a request and reads the answer to its end, in time, and without following it elsewhere.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer, FlyError> {
        let within = self.timeout + request.server_waits;
        let exchange = timeout(within, self.exchange(request));
        let outcome = exchange.await.unwrap_or_else(|_| {
            Err(FlyError::TimedOut {
                host: self.host.clone(),
                after: within,
            })
        });
        match &outcome {
            Ok(answer) => {
                tracing::trace!(method = %request.method, path = request.path, status = answer.status, "answered");
            }
            Err(error) => {
                tracing::debug!(method = %request.method, path = request.path, %error, "refused");
            }
        }
        outcome
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, FlyError> {
        let http = self.http_request(request)?;
        let response = self.http.request(http).await.map_err(|error| {
            if error.is_connect() {
                FlyError::Unreachable {
                    host: self.host.clone(),
                    cause: causes(&error),
                }
            } else {
                self.lost(&error)
            }
        })?;
        self.judge(self.read(response).await?)
    }

    /// An answer that says no is an error.
    pub(crate) fn judge(&self, answer: Answer) -> Result<Answer, FlyError> {
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        Err(self.refusal(&answer))
    }

    fn http_request(&self, request: &Request) -> Result<HttpRequest<Full<Bytes>>, FlyError> {
        let mut builder = HttpRequest::builder()
            .method(request.method.clone())
            .uri(format!("{}{}", self.host, request.path))
            .header(AUTHORIZATION, self.token.header())
            .header(USER_AGENT, concat!("flame-fly/", env!("CARGO_PKG_VERSION")));
        if request.body.is_some() {
            let json = HeaderValue::from_static("application/json");
            builder = builder.header(CONTENT_TYPE, json);
        }
        let body = Full::new(request.body.clone().unwrap_or_default());
        builder.body(body).map_err(|error| FlyError::Unreachable {
            host: self.host.clone(),
            cause: error.to_string(),
        })
    }

    async fn read(&self, response: Response<Incoming>) -> Result<Answer, FlyError> {
        let (head, body) = response.into_parts();
        let header = |name: &str| Some(head.headers.get(name)?.to_str().ok()?.to_owned());
        let body = Limited::new(body, MOST_BODY).collect().await;
        let body = body.map_err(|error| {
            if error.is::<LengthLimitError>() {
                FlyError::TooLong {
                    host: self.host.clone(),
                    limit: MOST_BODY,
                }
            } else {
                self.lost(error.as_ref())
            }
        })?;
        let seconds = header(RETRY_AFTER).and_then(|seconds| seconds.trim().parse().ok());
        Ok(Answer {
            status: head.status.as_u16(),
            request_id: header(REQUEST_ID),
            retry_after: seconds
                .map(|seconds| Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER)),
            body: body.to_bytes(),
        })
    }

    fn lost(&self, error: &(dyn Error + 'static)) -> FlyError {
        FlyError::Lost {
            host: self.host.clone(),
            cause: causes(error),
        }
    }

    fn refusal(&self, answer: &Answer) -> FlyError {
        let blot_out = |text: &str| self.hidden.blot_out(&self.token.blot_out(text));
        let problem = Problem::from_body(&answer.body, blot_out);
        let said = Said {
            status: answer.status,
            text: problem.text.clone(),
            request_id: answer.request_id.clone(),
        };
        match classify(answer.status, &problem) {
            Refusal::Credentials => FlyError::Credentials {
                app: self.app.clone(),
                said,
            },
            Refusal::Mistake => FlyError::Rejected { said },
            Refusal::Capacity => FlyError::NoCapacity {
                region: self.region.clone(),
                said,
            },
            Refusal::NameTaken(holder) => FlyError::NameHeld { holder, said },
            Refusal::NotFound => FlyError::NotFound { said },
            Refusal::Busy => FlyError::Busy { said },
            Refusal::RateLimited => FlyError::RateLimited {
                retry_after: answer.retry_after,
                said,
            },
            Refusal::Slow | Refusal::Server => FlyError::Server { said },
            Refusal::Redirect => FlyError::Redirected { said },
        }
    }
}

/// A chain of causes in one line.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
