use std::collections::BTreeMap;

use flame_core::backend::{PARENT_VARIABLE, ParentText};
use thiserror::Error;

/// What Fly itself sets begins with this, and so does the token.
const OF_FLY: &str = "FLY_";
/// The configuration of pools, which is the parent's alone.
const OF_FLAME: &str = "FLAME_";
/// The most bytes of all names and values together. Nobody knows Fly's own limit.
const MOST_BYTES: usize = 64 * 1024;
/// The most bytes of what a runner is told about its parent.
const MOST_PARENT_BYTES: usize = 4 * 1024;

/// Why runners cannot have a variable.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EnvError {
    /// Somebody else sets it.
    #[error(
        "runners get {name} from Fly or from the backend itself: take it out of their environment"
    )]
    Reserved {
        /// The variable.
        name: String,
    },
    /// No variable can have this name or this value.
    #[error(
        "the variable {name:?} cannot be set: its name is empty or has a `=`, or there is a zero byte in it"
    )]
    Impossible {
        /// The variable.
        name: String,
    },
    /// All variables together are too long.
    #[error("the variables of a runner have {bytes} bytes together; at most {MOST_BYTES} are sent")]
    TooLong {
        /// How long they are.
        bytes: usize,
    },
    /// What a runner is told about its parent is too long.
    #[error(
        "what a runner is told about its parent has {bytes} bytes; at most {MOST_PARENT_BYTES} are sent"
    )]
    ParentTooLong {
        /// How long it is.
        bytes: usize,
    },
}

/// Whether runners can have these variables.
pub(crate) fn check_variables(env: &BTreeMap<String, String>) -> Result<(), EnvError> {
    for (name, value) in env {
        if name == PARENT_VARIABLE || name.starts_with(OF_FLY) {
            return Err(EnvError::Reserved { name: name.clone() });
        }
        let is_bad_name = name.is_empty() || name.contains(['=', '\0']);
        if is_bad_name || value.contains('\0') {
            return Err(EnvError::Impossible { name: name.clone() });
        }
    }
    let bytes = env.iter().map(|(name, value)| name.len() + value.len() + 2);
    match bytes.sum() {
        bytes if bytes > MOST_BYTES => Err(EnvError::TooLong { bytes }),
        _ => Ok(()),
    }
}

/// Whether a runner can be told this.
pub(super) fn check_parent(parent: &ParentText) -> Result<(), EnvError> {
    match parent.expose().len() {
        bytes if bytes > MOST_PARENT_BYTES => Err(EnvError::ParentTooLong { bytes }),
        _ => Ok(()),
    }
}

/// Everything that a runner finds in its environment because of us, with values that must not be shown.
pub(crate) fn variables(
    common: &BTreeMap<String, String>,
    own: &BTreeMap<String, String>,
    parent: &ParentText,
) -> Result<BTreeMap<String, String>, EnvError> {
    let mut env = common.clone();
    env.extend(own.clone());
    check_variables(&env)?;
    check_parent(parent)?;
    env.insert(PARENT_VARIABLE.to_owned(), parent.expose().to_owned());
    Ok(env)
}

/// The variables of this process that match one of the patterns. A pattern never means what only the parent
/// needs, unless it names it.
pub(super) fn inherited(
    patterns: &[String],
    all: impl Iterator<Item = (String, String)>,
) -> BTreeMap<String, String> {
    let is_meant = |name: &str| {
        patterns
            .iter()
            .any(|pattern| match pattern.strip_suffix('*') {
                Some(start) => {
                    let is_ours = name.starts_with(OF_FLY) || name.starts_with(OF_FLAME);
                    name.starts_with(start) && !is_ours
                }
                None => name == pattern,
            })
    };
    all.filter(|(name, _)| is_meant(name)).collect()
}

/// Takes the values of variables out of a text of somebody else's. Short ones are no secrets, and would leave
/// nothing readable.
pub(crate) fn blot_out(env: &BTreeMap<String, String>, text: &str) -> String {
    const SHORTEST_SECRET: usize = 6;
    let values = env.values().filter(|value| value.len() >= SHORTEST_SECRET);
    values.fold(text.to_owned(), |text, value| text.replace(value, "***"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    // C38
    #[test]
    fn what_others_set_and_what_cannot_arrive_is_refused() {
        let refused =
            |name: &str, value: &str| check_variables(&env(&[(name, value)])).unwrap_err();
        for name in ["FLAME_PARENT", "FLY_REGION", "FLY_API_TOKEN"] {
            assert_eq!(refused(name, "x"), EnvError::Reserved { name: name.into() });
        }
        for (name, value) in [("", "x"), ("A=B", "x"), ("A", "x\0y")] {
            assert_eq!(
                refused(name, value),
                EnvError::Impossible { name: name.into() }
            );
        }
        let long = "x".repeat(MOST_BYTES);
        assert!(matches!(refused("A", &long), EnvError::TooLong { .. }));
        assert_eq!(
            check_variables(&env(&[("A", "two\nlines ☃"), ("FLAMES", "")])),
            Ok(())
        );
        let parent = ParentText::new("x".repeat(MOST_PARENT_BYTES + 1));
        assert!(variables(&env(&[]), &env(&[]), &parent).is_err());
    }

    #[test]
    fn a_pools_own_variables_go_over_those_of_all_runners() {
        let all = variables(
            &env(&[("A", "all"), ("B", "all")]),
            &env(&[("B", "own")]),
            &ParentText::new("text"),
        );
        assert_eq!(
            all,
            Ok(env(&[("A", "all"), ("B", "own"), ("FLAME_PARENT", "text")]))
        );
    }

    #[test]
    fn patterns_take_along_what_they_mean_and_never_the_parents_own() {
        let all = env(&[
            ("APP_A", "1"),
            ("APP_B", "2"),
            ("RUST_LOG", "3"),
            ("FLY_API_TOKEN", "4"),
            ("FLAME_POOLS__A__MAX", "5"),
        ]);
        let taken = |patterns: &[&str]| {
            let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
            let taken = inherited(&patterns, all.clone().into_iter());
            taken.into_values().collect::<String>()
        };
        assert_eq!(taken(&["APP_*", "RUST_LOG"]), "123");
        assert_eq!(taken(&["*"]), "123");
        assert_eq!(taken(&["APP_"]), "");
    }
}
