use std::collections::BTreeMap;
use std::sync::Arc;

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};

use super::environment;
use super::{ConfigError, FlyConfig};

/// The file, looked for in the working directory.
const FILE: &str = "flame.toml";
/// The section of the file.
const SECTION: &str = "fly";
/// What variables begin with that go over the file. Two underscores nest.
const PREFIX: &str = "FLAME_FLY__";
/// Keys whose values are texts whatever they look like, and whose own keys are taken as they are written.
const TEXT_MAPS: [&str; 2] = ["env", "metadata"];
/// The same for a single value.
const TOKEN: &str = "token";

pub(super) fn load() -> Result<FlyConfig, ConfigError> {
    let figment = texts_of_variables(
        environment::layer(SECTION)
            .merge(Toml::file(FILE))
            .merge(variables()),
    );
    if !figment.contains(SECTION) {
        return Ok(FlyConfig::default());
    }
    figment
        .extract_inner(SECTION)
        .map_err(|error| ConfigError::Unreadable(Arc::new(error)))
}

/// Variables whose values are read as those of the file are: `4`, `true`, `["iad", "us"]`.
fn variables() -> Env {
    Env::prefixed(PREFIX)
        .filter(|key| {
            let key = key.as_str().to_ascii_lowercase();
            let is_text = TEXT_MAPS
                .iter()
                .any(|map| key.starts_with(&format!("{map}__")));
            !is_text && key != TOKEN
        })
        .map(|key| format!("{SECTION}.{}", key.as_str().replace("__", ".")).into())
}

/// Variables whose values are texts: the number `007` would lose its zeros, and names have capital letters.
fn texts_of_variables(mut figment: Figment) -> Figment {
    let own: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
        .filter_map(|(key, value)| Some((key.strip_prefix(PREFIX)?.to_owned(), value)))
        .collect();
    for map in TEXT_MAPS {
        let prefix = format!("{}__", map.to_ascii_uppercase());
        let texts: BTreeMap<&str, &String> = own
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?, value)))
            .collect();
        let texts: BTreeMap<String, &String> = texts
            .into_iter()
            .map(|(key, value)| match map {
                // Variables are written in capital letters, metadata in small ones.
                "metadata" => (key.to_ascii_lowercase(), value),
                _ => (key.to_owned(), value),
            })
            .collect();
        if !texts.is_empty() {
            figment = figment.merge(Serialized::default(&format!("{SECTION}.{map}"), texts));
        }
    }
    let token = own.iter().find(|(key, _)| key == "TOKEN");
    match token {
        Some((_, token)) => {
            figment.merge(Serialized::default(&format!("{SECTION}.{TOKEN}"), token))
        }
        None => figment,
    }
}

#[cfg(test)]
mod tests;
