use std::fmt;

use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row};

use crate::State;

/// The number of a picture in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PictureId(pub i64);

/// What is known of a picture, as the database and clients have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its number.
    pub id: PictureId,
    /// What whoever sent it calls it.
    pub name: String,
    /// How far it is.
    pub state: State,
    /// Why it has no thumbnail.
    pub reason: Option<String>,
    /// The process that made its thumbnail.
    pub process: Option<u32>,
    /// How often that was begun: more than once if runners were lost.
    pub attempt: Option<u32>,
}

impl fmt::Display for PictureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromRow<'_, SqliteRow> for Picture {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        let state: String = row.try_get("state")?;
        Ok(Self {
            id: PictureId(row.try_get("id")?),
            name: row.try_get("name")?,
            state: state
                .parse()
                .map_err(|error: String| sqlx::Error::Decode(error.into()))?,
            reason: row.try_get("reason")?,
            process: row.try_get("process")?,
            attempt: row.try_get("attempt")?,
        })
    }
}
