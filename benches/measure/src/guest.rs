use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context as _, ensure};

use crate::contestants::{BEAM, Contestant, NODES, OTHERS, RAY};

/// Says of what Python and Ray are.
const RAY_VERSION: &str = "import platform, ray; \
    print('Ray', ray.__version__, 'on Python', platform.python_version())";
/// Says of what Erlang is.
const OTP_VERSION: &str = "io:put_chars([\"Erlang/OTP \", erlang:system_info(otp_release), \", erts \", \
    erlang:system_info(version)]), halt().";

/// Who takes part only if asked, because it has to be installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Guest {
    /// Ray, of the Python that `PYTHON` names.
    Ray,
    /// FLAME on the BEAM, of the checkout in this folder.
    Beam(PathBuf),
    /// What FLAME on the BEAM builds upon: another node, and calls to it.
    Nodes,
}

impl Guest {
    /// As a contestant: a script that does the same works with what is installed.
    ///
    /// # Errors
    ///
    /// It is not installed.
    pub(crate) fn contestant(&self, adapters: &Path) -> anyhow::Result<Contestant> {
        let script = |name: &str| adapters.join(name).display().to_string();
        let (name, program, arguments, version) = match self {
            Self::Ray => {
                let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
                let version = said(&python, &["-c", RAY_VERSION]).context(
                    "install it with `pip install ray`, or name another Python in PYTHON",
                )?;
                (RAY, python, vec![script("ray_actor.py")], version)
            }
            Self::Beam(checkout) => {
                let mix = checkout.join("mix.exs");
                let mix = std::fs::read_to_string(&mix)
                    .with_context(|| format!("cannot read {}", mix.display()))?;
                let version = format!("FLAME {}, {}", flame_version(&mix), erlang()?);
                let arguments = vec![script("beam.exs"), checkout.display().to_string()];
                (BEAM, "elixir".to_owned(), arguments, version)
            }
            Self::Nodes => {
                // As quick as they can be: what is a bound is not to wait for its own buffers.
                let flags = ["--erl", "+zdbbl 1000000"].map(str::to_owned);
                let arguments = flags.into_iter().chain([script("nodes.exs")]).collect();
                (NODES, "elixir".to_owned(), arguments, erlang()?)
            }
        };
        Ok(Contestant {
            name,
            program: program.into(),
            arguments,
            works: OTHERS,
            version: Some(version),
        })
    }
}

impl FromStr for Guest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            None if text == "ray" => Ok(Self::Ray),
            None if text == "nodes" => Ok(Self::Nodes),
            Some(("beam", checkout)) => Ok(Self::Beam(checkout.into())),
            None | Some(_) => {
                Err("say `ray`, `nodes`, or `beam=` and the folder of a FLAME checkout".to_owned())
            }
        }
    }
}

/// That of Erlang; of Elixir it is enough that it is there.
fn erlang() -> anyhow::Result<String> {
    said("elixir", &["--version"]).context("Elixir has to be installed")?;
    said("erl", &["-noshell", "-eval", OTP_VERSION])
}

/// The version in a `mix.exs`.
fn flame_version(mix: &str) -> &str {
    let rest = mix.split_once("version: \"").map(|(_, rest)| rest);
    let version = rest.and_then(|rest| rest.split('"').next());
    version.unwrap_or("?")
}

/// What a program says that has to be installed.
fn said(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.with_context(|| format!("`{program}` does not start"))?;
    ensure!(
        output.status.success(),
        "`{program}` says: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_is_named_with_where_it_lives() {
        assert_eq!("ray".parse(), Ok(Guest::Ray));
        assert_eq!("nodes".parse(), Ok(Guest::Nodes));
        assert_eq!("beam=/x".parse(), Ok(Guest::Beam("/x".into())));
        assert!("beam".parse::<Guest>().is_err());
        assert!("dask".parse::<Guest>().is_err());
    }

    #[test]
    fn the_version_of_flame_is_that_of_its_project() {
        assert_eq!(
            flame_version("app: :flame,\n  version: \"0.5.3\",\n"),
            "0.5.3"
        );
        assert_eq!(flame_version(""), "?");
    }
}
