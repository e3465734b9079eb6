use bytes::Bytes;
use serde_json::{Value, json};

/// An answer, before it is put into bytes.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Body,
}

/// What is in it.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Json(Value),
    Text(String),
    Empty,
}

impl Answer {
    pub(crate) fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    /// As the API answers what has nothing to tell.
    pub(crate) fn done() -> Self {
        Self::ok(json!({"ok": true}))
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Empty,
        }
    }

    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Json(body),
        }
    }

    pub(crate) fn text(status: u16, text: impl Into<String>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Text(text.into()),
        }
    }

    /// An error, in the form that all errors have.
    pub(crate) fn error(status: u16, text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self::json(status, json!({"error": text}))
    }

    /// An error with one of the few codes that programs are to look at.
    pub(crate) fn coded(status: u16, text: &str, code: &str) -> Self {
        Self::json(status, json!({"error": text, "status": code}))
    }

    pub(crate) fn not_modeled() -> Self {
        Self::error(501, "emulator: not modeled")
    }

    pub(crate) fn machine_not_found() -> Self {
        Self::error(404, "not_found: machine not found")
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn content_type(&self) -> Option<&'static str> {
        match self.body {
            Body::Json(_) => Some("application/json; charset=utf-8"),
            Body::Text(_) => Some("text/plain; charset=utf-8"),
            Body::Empty => None,
        }
    }

    pub(crate) fn bytes(&self) -> Bytes {
        match &self.body {
            Body::Json(value) => Bytes::from(value.to_string()),
            Body::Text(text) => Bytes::from(text.clone()),
            Body::Empty => Bytes::new(),
        }
    }

    pub(crate) fn as_json(&self) -> Option<&Value> {
        match &self.body {
            Body::Json(value) => Some(value),
            Body::Text(_) | Body::Empty => None,
        }
    }
}
