use std::str::FromStr;
use std::time::Duration;

use serde_json::json;

use super::Fault;
use crate::boot_script::BootScript;
use crate::route::Route;

/// The text of a request for a machine that one request too many has.
pub(crate) const RATE_LIMITED: &str = "resource_exhausted: rate limit exceeded";

/// A way in which things go wrong for many, by name.
///
/// On the command line a recipe is its name, an argument after a colon where it has one, and after an asterisk how
/// often it happens: `lost_create`, `boots_then_exits:3`, `rate_storm:5`, `pull_fails*1`. Requests go wrong once
/// and boots every time, if nothing is said.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub(crate) kind: Kind,
    pub(crate) times: Option<usize>,
}

/// What a recipe is made of.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Request(Fault),
    Boot(BootScript),
    TokensRevoked,
}

/// Why a text is no recipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRecipe(String);

impl Recipe {
    /// The machine is created, and the answer is lost.
    #[must_use]
    pub fn lost_create() -> Self {
        let fault = Fault::drop_connection().on(Route::Create).after_commit();
        Self::request(fault)
    }

    /// The machine is created, and the answer is that the time was up.
    #[must_use]
    pub fn lost_create_408() -> Self {
        let body = json!({"error": "deadline_exceeded: request timed out"});
        Self::request(Fault::answer(408, body).on(Route::Create).after_commit())
    }

    /// The machine is created, and the answer is held back for so long.
    #[must_use]
    pub fn held_create(span: Duration) -> Self {
        Self::request(Fault::delay(span).on(Route::Create).after_commit())
    }

    /// The connection is dropped, and nothing was created.
    #[must_use]
    pub fn refused_create() -> Self {
        Self::request(Fault::drop_connection().on(Route::Create))
    }

    /// The next `n` requests for machines are too many.
    #[must_use]
    pub fn rate_storm(n: usize) -> Self {
        let fault = Fault::answer(429, json!({"error": RATE_LIMITED})).on(Route::Create);
        Self::request(fault.times(n))
    }

    /// There is no room in the region for the next `n` machines, and then there is.
    #[must_use]
    pub fn capacity_then_ok(n: usize) -> Self {
        let body = json!({
            "error": "could not find a candidate host",
            "status": "insufficient_capacity",
        });
        Self::request(Fault::answer(422, body).on(Route::Create).times(n))
    }

    /// Machines stay `created` for so long.
    #[must_use]
    pub fn stuck_created(span: Duration) -> Self {
        Self::boot(BootScript::stuck_created(span))
    }

    /// Images cannot be pulled.
    #[must_use]
    pub fn pull_fails() -> Self {
        Self::boot(BootScript::pull_fails())
    }

    /// Machines start and end at once.
    #[must_use]
    pub fn boots_then_exits(code: i32) -> Self {
        Self::boot(BootScript::exits(code))
    }

    /// Machines start and do nothing.
    #[must_use]
    pub fn never_dials() -> Self {
        Self::boot(BootScript::never_dials())
    }

    /// Machines take so long to start.
    #[must_use]
    pub fn slow_boot(span: Duration) -> Self {
        Self::boot(BootScript::slow(span))
    }

    /// Machines do not hear the signal that asks them to stop.
    #[must_use]
    pub fn zombie() -> Self {
        Self::boot(BootScript::zombie())
    }

    /// Machines are frozen as soon as they have started: their connections stay and nothing moves.
    #[must_use]
    pub fn partition() -> Self {
        Self::boot(BootScript::frozen())
    }

    /// Nobody may do anything any more.
    #[must_use]
    pub fn token_revoked() -> Self {
        Self {
            kind: Kind::TokensRevoked,
            times: None,
        }
    }

    /// The hosts of machines cannot be reached, so little is known of them.
    #[must_use]
    pub fn host_unreachable() -> Self {
        Self::boot(BootScript::host_unreachable())
    }

    /// So many events are added when a machine has started.
    #[must_use]
    pub fn event_flood(events: usize) -> Self {
        Self::boot(BootScript::flood(events))
    }

    /// How often it happens.
    #[must_use]
    pub fn times(mut self, n: usize) -> Self {
        if let Kind::Request(fault) = self.kind {
            self.kind = Kind::Request(fault.times(n));
        }
        self.times = Some(n);
        self
    }

    fn request(fault: Fault) -> Self {
        Self {
            kind: Kind::Request(fault),
            times: None,
        }
    }

    fn boot(script: BootScript) -> Self {
        Self {
            kind: Kind::Boot(script),
            times: None,
        }
    }
}

impl FromStr for Recipe {
    type Err = UnknownRecipe;

    fn from_str(text: &str) -> Result<Self, UnknownRecipe> {
        let unknown = || UnknownRecipe(text.to_owned());
        let (what, times) = text
            .split_once('*')
            .map_or((text, None), |(what, times)| (what, Some(times)));
        let (name, argument) = what.split_once(':').unwrap_or((what, ""));
        let number = || argument.parse::<usize>().map_err(|_| unknown());
        let span = || humantime::parse_duration(argument).map_err(|_| unknown());
        let recipe = match name {
            "lost_create" => Self::lost_create(),
            "lost_create_408" => Self::lost_create_408(),
            "held_create" => Self::held_create(span()?),
            "refused_create" => Self::refused_create(),
            "rate_storm" => Self::rate_storm(number()?),
            "capacity_then_ok" => Self::capacity_then_ok(number()?),
            "stuck_created" => Self::stuck_created(span()?),
            "pull_fails" => Self::pull_fails(),
            "boots_then_exits" => Self::boots_then_exits(argument.parse().map_err(|_| unknown())?),
            "never_dials" => Self::never_dials(),
            "slow_boot" => Self::slow_boot(span()?),
            "zombie" => Self::zombie(),
            "partition" => Self::partition(),
            "token_revoked" => Self::token_revoked(),
            "host_unreachable" => Self::host_unreachable(),
            "event_flood" => Self::event_flood(number()?),
            _ => return Err(unknown()),
        };
        match times {
            Some(times) => Ok(recipe.times(times.parse().map_err(|_| unknown())?)),
            None => Ok(recipe),
        }
    }
}

impl std::fmt::Display for UnknownRecipe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} is no recipe", self.0)
    }
}

impl std::error::Error for UnknownRecipe {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipes_are_known_by_name() {
        for text in [
            "lost_create",
            "lost_create_408",
            "held_create:1h",
            "refused_create*2",
            "rate_storm:5",
            "capacity_then_ok:2",
            "stuck_created:2h",
            "pull_fails*1",
            "boots_then_exits:3",
            "never_dials",
            "slow_boot:2s",
            "zombie",
            "partition",
            "token_revoked",
            "host_unreachable",
            "event_flood:60",
        ] {
            assert!(text.parse::<Recipe>().is_ok(), "{text}");
        }
        for text in ["", "lost", "rate_storm", "slow_boot:soon", "pull_fails*x"] {
            assert!(text.parse::<Recipe>().is_err(), "{text}");
        }
    }
}
