use std::collections::BTreeMap;

use bytes::Bytes;
use hyper::http::request::Parts;

use crate::route::{Route, Target};
use crate::token::{bare, hashed};

/// The header that names the lease which the sender holds.
const LEASE_NONCE: &str = "fly-machine-lease-nonce";
const AUTHORIZATION: &str = "authorization";

/// A request that has come whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) route: Route,
    pub(crate) target: Target,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Bytes,
}

impl Request {
    pub(crate) fn new(parts: &Parts, body: Bytes) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let headers = parts.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
        let (route, target) = Route::of(parts.method.as_str(), parts.uri.path());
        Self {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            route,
            target,
            query: pairs.collect(),
            headers: headers.collect(),
            body,
        }
    }

    /// The token that came with it.
    pub(crate) fn token(&self) -> Option<&str> {
        self.headers.get(AUTHORIZATION).map(|token| bare(token))
    }

    /// The nonce of the lease that its sender says to hold.
    pub(crate) fn lease_nonce(&self) -> Option<&str> {
        self.headers.get(LEASE_NONCE).map(String::as_str)
    }

    /// Its headers, without the token.
    pub(crate) fn headers_for_the_journal(&self) -> BTreeMap<String, String> {
        let mut headers = self.headers.clone();
        if let Some(token) = headers.get_mut(AUTHORIZATION) {
            *token = hashed(token);
        }
        headers
    }

    /// The first value with this name in the query.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All values with this name in the query.
    pub(crate) fn all_asked<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.query.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether the query switches something on.
    pub(crate) fn switched_on(&self, name: &str) -> bool {
        self.asked(name)
            .is_some_and(|value| matches!(value, "" | "1" | "t" | "T" | "true" | "True" | "TRUE"))
    }
}
