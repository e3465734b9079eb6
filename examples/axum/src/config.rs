use std::env;
use std::path::PathBuf;

use anyhow::Context;

/// What the environment says. A runner has the environment of its parent, so it opens the same database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `PORT`: where to listen on the loopback interface. With 0, which it is unless set, on a port that is free.
    pub port: u16,
    /// `DATABASE`: the file of the database. `axum-thumbnails.sqlite` in the working directory unless set.
    pub database: PathBuf,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    ///
    /// Says so if `PORT` is no port.
    pub fn from_env() -> anyhow::Result<Self> {
        let port = match env::var("PORT") {
            Ok(port) => port.parse().with_context(|| format!("PORT={port}"))?,
            Err(_) => 0,
        };
        let database =
            env::var_os("DATABASE").map_or("axum-thumbnails.sqlite".into(), PathBuf::from);
        Ok(Self { port, database })
    }
}
