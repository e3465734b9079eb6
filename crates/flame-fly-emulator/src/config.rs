use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use crate::program::Program;
use crate::strictness::Strictness;
use crate::token::{Token, bare};

/// Where machines are placed for which no region is asked.
pub const DEFAULT_REGION: &str = "iad";

/// The organization of an app of which nothing else is said.
pub const DEFAULT_ORG: &str = "personal";

/// How long the name of a destroyed machine still answers to `DELETE` with 200.
pub const DESTROY_AGAIN: Duration = Duration::from_secs(60);

/// What an [`Emulator`](crate::Emulator) is like.
///
/// Unless something else is said, it answers at once, has room everywhere, shows new machines in lists at once,
/// limits no rates, and records violations of the schema without refusing them.
#[derive(Debug, Clone)]
pub struct EmulatorConfig {
    pub(crate) apps: Vec<App>,
    pub(crate) tokens: BTreeMap<String, Token>,
    pub(crate) images: BTreeMap<String, Program>,
    pub(crate) listen: SocketAddr,
    pub(crate) strictness: Strictness,
    pub(crate) rate_limits: bool,
    pub(crate) retry_after: Option<u64>,
    pub(crate) latency: Duration,
    pub(crate) pull: Duration,
    pub(crate) replication_delay: Duration,
    pub(crate) destroying_shown_for: Duration,
    pub(crate) exit_delay: Duration,
    pub(crate) private_ip: String,
    pub(crate) seed: u64,
}

/// An app, and what its machines inherit.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) org: String,
    pub(crate) secrets: BTreeMap<String, String>,
}

impl EmulatorConfig {
    /// One app of that name, and nobody who may use it.
    pub fn new(app: impl Into<String>) -> Self {
        let config = Self {
            apps: Vec::new(),
            tokens: BTreeMap::new(),
            images: BTreeMap::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            strictness: Strictness::Record,
            rate_limits: false,
            retry_after: None,
            latency: Duration::ZERO,
            pull: Duration::ZERO,
            replication_delay: Duration::ZERO,
            destroying_shown_for: Duration::ZERO,
            exit_delay: Duration::ZERO,
            private_ip: "127.0.0.1".to_owned(),
            seed: 1,
        };
        config.app(app)
    }

    /// Adds an app of [`DEFAULT_ORG`].
    #[must_use]
    pub fn app(mut self, name: impl Into<String>) -> Self {
        self.apps.push(App {
            name: name.into(),
            org: DEFAULT_ORG.to_owned(),
            secrets: BTreeMap::new(),
        });
        self
    }

    /// Gives a secret to the app that was added last. Its machines find it in their environment.
    #[must_use]
    pub fn secret(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Some(app) = self.apps.last_mut() {
            app.secrets.insert(name.into(), value.into());
        }
        self
    }

    /// Adds a deploy token for the app that was added last. Requests may write a scheme before it or not.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        if let Some(app) = self.apps.last() {
            let scope = Token::of_app(&app.name);
            self.tokens.insert(bare(token).to_owned(), scope);
        }
        self
    }

    /// Adds a token for all apps, as a user's own is.
    #[must_use]
    pub fn user_token(mut self, token: &str) -> Self {
        self.tokens.insert(bare(token).to_owned(), Token::of_user());
        self
    }

    /// Says what machines with this image run. An image of which nothing is said cannot be pulled.
    #[must_use]
    pub fn image(mut self, image: impl Into<String>, program: Program) -> Self {
        self.images.insert(image.into(), program);
        self
    }

    /// Where to listen; a free port of 127.0.0.1 by default.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// What becomes of requests that the published schema does not know; they are recorded by default.
    #[must_use]
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// Limits rates as the real API does: 1 request a second and 3 at once of every action on everything it acts
    /// on, for `GET` of a machine 5 and 10. Off by default.
    #[must_use]
    pub fn rate_limits(mut self, on: bool) -> Self {
        self.rate_limits = on;
        self
    }

    /// Puts `Retry-After` into answers with status 429, in seconds. None by default.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// How long every answer takes, after what it tells has happened. Zero by default.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// How long machines stay `created`, because their image is pulled. Zero by default.
    #[must_use]
    pub fn pull(mut self, pull: Duration) -> Self {
        self.pull = pull;
        self
    }

    /// How long a new machine is missing in lists. Zero by default.
    #[must_use]
    pub fn replication_delay(mut self, delay: Duration) -> Self {
        self.replication_delay = delay;
        self
    }

    /// How long `GET` calls a machine `destroying` after `wait` has called it `destroyed`. Zero by default.
    #[must_use]
    pub fn destroying_shown_for(mut self, span: Duration) -> Self {
        self.destroying_shown_for = span;
        self
    }

    /// How long it takes until the API tells that a program has ended. Zero by default.
    #[must_use]
    pub fn exit_delay(mut self, delay: Duration) -> Self {
        self.exit_delay = delay;
        self
    }

    /// What machines find in `FLY_PRIVATE_IP`: an address of this host, by default `127.0.0.1`. It differs from
    /// the `private_ip` in answers, which nobody here can be reached by.
    #[must_use]
    pub fn private_ip(mut self, address: impl Into<String>) -> Self {
        self.private_ip = address.into();
        self
    }

    /// Which ids are made; 1 by default.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}
