use std::time::Duration;

use bytes::Bytes;
use hyper::Method;

use crate::api::CreateBody;

/// A request. It has no `Debug`: its body holds what a runner is told about its parent.
pub(crate) struct Request {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<Bytes>,
    /// How long the server has been asked to wait before it answers.
    pub(super) server_waits: Duration,
}

impl Request {
    pub(crate) fn get(path: String) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn delete(path: String) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// A request that the server answers late.
    pub(crate) fn wait(path: String, server_waits: Duration) -> Self {
        Self {
            server_waits,
            ..Self::get(path)
        }
    }

    /// The request that creates a machine, which is the same however often it is sent.
    pub(crate) fn create(path: String, body: &CreateBody) -> Result<Self, serde_json::Error> {
        Ok(Self {
            body: Some(serde_json::to_vec(body)?.into()),
            ..Self::new(Method::POST, path)
        })
    }

    fn new(method: Method, path: String) -> Self {
        Self {
            method,
            path,
            body: None,
            server_waits: Duration::ZERO,
        }
    }
}
