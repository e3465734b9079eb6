use std::fmt;
use std::process::Command;

use crate::run;

/// One gate.
pub(super) struct Step {
    /// What it is called on the command line.
    pub(super) name: &'static str,
    /// What it proves.
    pub(super) what: &'static str,
    /// The program that must be installed besides the toolchain.
    tool: Option<&'static str>,
    /// What runs.
    commands: fn() -> Vec<Command>,
}

/// How a gate ended.
pub(super) enum Outcome {
    Passed,
    Skipped(String),
    Failed(String),
}

/// All gates, fastest first.
pub(super) const STEPS: &[Step] = &[
    Step {
        name: "format",
        what: "the code is formatted",
        tool: None,
        commands: || {
            let outside = "fmt --all --check --manifest-path xtask/fixtures/outside/Cargo.toml";
            let benches = "fmt --all --check --manifest-path benches/Cargo.toml";
            vec![
                run::cargo("fmt --all --check"),
                run::cargo(outside),
                run::cargo(benches),
            ]
        },
    },
    Step {
        name: "spelling",
        what: "words are spelled right",
        tool: Some("typos"),
        commands: || vec![run::program("typos", ["--format", "brief"])],
    },
    Step {
        name: "tidy",
        what: "the house rules hold",
        tool: None,
        commands: || vec![run::xtask("tidy")],
    },
    Step {
        name: "generated",
        what: "the generated wire code is that of the contract",
        tool: None,
        commands: || vec![run::xtask("codegen --check")],
    },
    Step {
        name: "layers",
        what: "crates depend on whom they may; licenses and sources are allowed",
        tool: Some("cargo-deny"),
        commands: || {
            vec![run::cargo(
                "deny --all-features check --hide-inclusion-graph bans licenses sources",
            )]
        },
    },
    Step {
        name: "unused",
        what: "every dependency is used",
        tool: Some("cargo-shear"),
        commands: || vec![run::cargo("shear")],
    },
    Step {
        name: "lints",
        what: "clippy is content",
        tool: None,
        commands: || {
            vec![run::cargo(
                "clippy --workspace --all-targets --all-features -- -D warnings",
            )]
        },
    },
    Step {
        name: "features",
        what: "the facade builds with every one and every two of its features",
        tool: Some("cargo-hack"),
        // A feature adds names, and no line of code asks for two of them. So what can break shows with one that is
        // there, or with one beside another: the default set and one more among them. All at once are what `lints`
        // builds. Every set there is took four times as long.
        commands: || {
            vec![run::cargo(
                "hack check --feature-powerset --depth 2 --no-dev-deps -p flame",
            )]
        },
    },
    Step {
        name: "docs",
        what: "the documentation builds and its links lead somewhere",
        tool: None,
        commands: || {
            let mut doc = run::cargo("doc --workspace --no-deps --all-features");
            doc.env("RUSTDOCFLAGS", "-D warnings");
            vec![doc]
        },
    },
    Step {
        name: "tests",
        what: "the command of the README passes",
        tool: None,
        commands: || vec![run::cargo("test --workspace")],
    },
    Step {
        name: "sim",
        what: "pools keep their promises in seeded lives, and every planted bug is caught",
        tool: None,
        commands: || {
            vec![
                run::xtask("sim --seeds 20000"),
                run::xtask("sim --bugs"),
                // Its bugs take builds of their own, which is left to `sim --net --bugs`.
                run::xtask("sim --net"),
            ]
        },
    },
    Step {
        name: "bench",
        what: "the paths of every call take no more instructions than before",
        tool: Some("valgrind"),
        commands: || vec![run::xtask("bench --check")],
    },
    Step {
        name: "e2e",
        what: "the examples work as real processes",
        tool: None,
        commands: || vec![run::xtask("e2e")],
    },
    Step {
        name: "net",
        what: "links between hosts that are cut, slow or broken cost what is promised, and no more",
        tool: None,
        commands: || vec![run::xtask("e2e --net")],
    },
    Step {
        name: "chaos",
        what: "promises are kept whatever is done to parents and runners",
        tool: None,
        commands: || vec![run::xtask("chaos")],
    },
];

impl Step {
    /// Runs its commands up to the first that fails.
    pub(super) fn run(&self) -> Outcome {
        if let Some(tool) = self.tool.filter(|tool| !run::is_installed(tool)) {
            return missing(tool, run::in_ci());
        }
        for mut command in (self.commands)() {
            if let Err(error) = run::sh(&mut command) {
                return Outcome::Failed(format!("{error:#}"));
            }
        }
        Outcome::Passed
    }
}

/// Nobody has to install a tool to work on flame, but what lands has passed every gate.
fn missing(tool: &str, in_ci: bool) -> Outcome {
    if in_ci {
        Outcome::Failed(format!("`{tool}` is not installed"))
    } else {
        Outcome::Skipped(run::how_to_install(tool))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::Skipped(why) => write!(f, "SKIPPED: {why}"),
            Self::Failed(why) => write!(f, "FAILED: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_fails_in_ci_and_is_said_aloud_elsewhere() {
        assert!(matches!(missing("typos", true), Outcome::Failed(_)));
        let elsewhere = missing("typos", false).to_string();
        assert!(elsewhere.starts_with("SKIPPED: `typos`"), "{elsewhere}");
    }

    #[test]
    fn a_step_fails_with_its_first_failing_command() {
        let step = Step {
            name: "failing",
            what: "nothing",
            tool: None,
            commands: || {
                vec![
                    run::program("false", [""; 0]),
                    run::program("true", [""; 0]),
                ]
            },
        };
        let Outcome::Failed(why) = step.run() else {
            panic!("it did not fail");
        };
        assert!(
            why.starts_with("`false` ended with exit status: 1"),
            "{why}"
        );
    }
}
