//! What goes wrong on purpose.

mod effect;
mod matcher;
mod recipe;
mod stage;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::http::{Answer, Request};
use crate::route::Route;
pub(crate) use effect::Effect;
pub(crate) use matcher::Matcher;
pub(crate) use recipe::{Kind, RATE_LIMITED};
pub use recipe::{Recipe, UnknownRecipe};
pub(crate) use stage::Stage;

/// Something that goes wrong with a request.
///
/// A new one strikes the next request, whatever it is, before anything has happened. The methods say otherwise.
///
/// # Examples
///
/// A machine is created, and whoever asked for it never hears of it:
///
/// ```
/// use flame_fly_emulator::{Fault, Route};
///
/// let fault = Fault::drop_connection().on(Route::Create).after_commit();
/// # let _ = fault;
/// ```
#[derive(Debug, Clone)]
pub struct Fault {
    matcher: Matcher,
    stage: Stage,
    effect: Effect,
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self {
            matcher: Matcher::default(),
            stage: Stage::Before,
            effect,
        }
    }

    /// Another answer.
    #[must_use]
    pub fn answer(status: u16, body: Value) -> Self {
        Self::new(Effect::Answer(Answer::json(status, body)))
    }

    /// Another answer, which is no JSON.
    #[must_use]
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self::new(Effect::Answer(Answer::text(status, body)))
    }

    /// Another answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self::new(Effect::Answer(Answer::empty(status)))
    }

    /// No answer: the connection is closed.
    #[must_use]
    pub fn drop_connection() -> Self {
        Self::new(Effect::Drop)
    }

    /// The right answer, but later.
    #[must_use]
    pub fn delay(span: Duration) -> Self {
        Self::new(Effect::Delay(span))
    }

    /// So many bytes of the right answer, and then the connection is closed. It strikes after everything has
    /// happened.
    #[must_use]
    pub fn truncate(bytes: usize) -> Self {
        Self::new(Effect::Truncate(bytes)).after_commit()
    }

    /// The right status with a body that is no JSON. It strikes after everything has happened.
    #[must_use]
    pub fn garbage() -> Self {
        Self::new(Effect::Garbage).after_commit()
    }

    /// The right answer in many small pieces, with such a pause before each. It strikes after everything has
    /// happened.
    #[must_use]
    pub fn slow_body(pause: Duration) -> Self {
        Self::new(Effect::SlowBody(pause)).after_commit()
    }

    /// A redirection.
    #[must_use]
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        let answer = Answer::empty(status).header("location", location);
        Self::new(Effect::Answer(answer))
    }

    /// Adds a header to another answer.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        if let Effect::Answer(answer) = self.effect {
            self.effect = Effect::Answer(answer.header(name, value));
        }
        self
    }

    /// Strikes only what asks for this.
    #[must_use]
    pub fn on(mut self, route: Route) -> Self {
        self.matcher.route = Some(route);
        self
    }

    /// Strikes only requests with this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.matcher.method = Some(method.to_owned());
        self
    }

    /// Strikes only requests about this machine.
    #[must_use]
    pub fn machine(mut self, id: &str) -> Self {
        self.matcher.machine = Some(id.to_owned());
        self
    }

    /// Strikes only requests whose body is JSON and like this.
    #[must_use]
    pub fn when(mut self, body: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Self {
        self.matcher.body = Some(matcher::Predicate(Arc::new(body)));
        self
    }

    /// Spares the first `n` requests that it would strike.
    #[must_use]
    pub fn skip(mut self, n: usize) -> Self {
        self.matcher.skip = n;
        self
    }

    /// Strikes `n` times; once by default.
    #[must_use]
    pub fn times(mut self, n: usize) -> Self {
        self.matcher.times = n;
        self
    }

    /// Strikes every time.
    #[must_use]
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// Strikes after everything that the request asks for has happened.
    #[must_use]
    pub fn after_commit(mut self) -> Self {
        self.stage = Stage::AfterCommit;
        self
    }

    /// What it does to a request at this stage, if it strikes it.
    pub(crate) fn strikes(
        &mut self,
        stage: Stage,
        request: &Request,
        body: Option<&Value>,
    ) -> Option<Effect> {
        let strikes = self.stage == stage && self.matcher.strikes(request, body);
        strikes.then(|| self.effect.clone())
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.matcher.times == 0
    }
}
