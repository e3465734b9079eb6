use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::http::Request;
use crate::route::Route;

/// Which requests a fault strikes.
#[derive(Debug, Clone)]
pub(crate) struct Matcher {
    pub(crate) method: Option<String>,
    pub(crate) route: Option<Route>,
    pub(crate) machine: Option<String>,
    pub(crate) body: Option<Predicate>,
    pub(crate) skip: usize,
    pub(crate) times: usize,
}

/// A question about the body of a request.
#[derive(Clone)]
pub(crate) struct Predicate(pub(crate) Arc<dyn Fn(&Value) -> bool + Send + Sync>);

impl Default for Matcher {
    fn default() -> Self {
        Self {
            method: None,
            route: None,
            machine: None,
            body: None,
            skip: 0,
            times: 1,
        }
    }
}

impl Matcher {
    /// Whether it strikes this request. Counts the strikes, and the requests that are spared.
    pub(crate) fn strikes(&mut self, request: &Request, body: Option<&Value>) -> bool {
        if self.times == 0 || !self.fits(request, body) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        if self.times < usize::MAX {
            self.times -= 1;
        }
        true
    }

    fn fits(&self, request: &Request, body: Option<&Value>) -> bool {
        let method = self.method.as_ref();
        let machine = self.machine.as_ref();
        method.is_none_or(|method| *method == request.method)
            && self.route.is_none_or(|route| route == request.route)
            && machine.is_none_or(|id| request.target.machine.as_ref() == Some(id))
            && match &self.body {
                Some(Predicate(ask)) => body.is_some_and(|body| ask(body)),
                None => true,
            }
    }
}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Predicate")
    }
}
