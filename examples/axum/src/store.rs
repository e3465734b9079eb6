use sqlx::SqlitePool;
use thumbnails::{Encoding, Thumbnail};

use crate::{Picture, PictureId, State};

/// Pictures and thumbnails in the database. The parent and its runners write there side by side.
///
/// A picture leaves the state `waiting` once: whoever comes second changes nothing and is told so. So the database
/// has one answer, whatever was lost on its way to a client.
#[derive(Clone, Debug)]
pub struct Store {
    db: SqlitePool,
}

impl Store {
    /// On a database that is up to date.
    #[must_use]
    pub fn new(db: SqlitePool) -> Self {
        Self { db }
    }

    /// Takes in a picture, which waits from now on.
    ///
    /// # Errors
    ///
    /// Fails if the database does.
    pub async fn add(&self, name: &str) -> sqlx::Result<PictureId> {
        let added = sqlx::query_scalar("INSERT INTO pictures (name) VALUES (?) RETURNING id");
        added.bind(name).fetch_one(&self.db).await.map(PictureId)
    }

    /// Keeps the thumbnail of a picture that waits, made by this process at this attempt. `false` if it does not wait.
    ///
    /// # Errors
    ///
    /// Fails if the database does.
    pub async fn keep(
        &self,
        id: PictureId,
        thumbnail: &Thumbnail,
        attempt: u32,
    ) -> sqlx::Result<bool> {
        // A transaction that reads first and writes later may find that another process has written meanwhile.
        let mut transaction = self.db.begin_with("BEGIN IMMEDIATE").await?;
        let picture = sqlx::query(
            "UPDATE pictures SET state = 'done', process = ?, attempt = ? WHERE id = ? AND state = 'waiting'",
        );
        let picture = picture.bind(std::process::id()).bind(attempt).bind(id.0);
        if picture.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("INSERT INTO thumbnails (picture, media_type, bytes) VALUES (?, ?, ?)")
            .bind(id.0)
            .bind(media_type(thumbnail.encoding))
            .bind(&*thumbnail.bytes)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Says why a picture that waits will have no thumbnail. `false` if it does not wait.
    ///
    /// # Errors
    ///
    /// Fails if the database does.
    pub async fn end(&self, id: PictureId, state: State, reason: &str) -> sqlx::Result<bool> {
        let ended = sqlx::query(
            "UPDATE pictures SET state = ?, reason = ? WHERE id = ? AND state = 'waiting'",
        );
        let ended = ended.bind(state.name()).bind(reason).bind(id.0);
        Ok(ended.execute(&self.db).await?.rows_affected() > 0)
    }

    /// Gives up what an earlier run has left waiting, and says how many that are.
    ///
    /// # Errors
    ///
    /// Fails if the database does.
    pub async fn forsake_the_waiting(&self) -> sqlx::Result<u64> {
        let forsaken = sqlx::query(
            "UPDATE pictures SET state = 'lost', reason = 'the server went down: send it again' \
             WHERE state = 'waiting'",
        );
        Ok(forsaken.execute(&self.db).await?.rows_affected())
    }

    /// One picture.
    ///
    /// # Errors
    ///
    /// Fails if the database does.
    pub async fn picture(&self, id: PictureId) -> sqlx::Result<Option<Picture>> {
        let picture = sqlx::query_as("SELECT * FROM pictures WHERE id = ?");
        picture.bind(id.0).fetch_optional(&self.db).await
    }

    /// So many pictures at most, the newest first.
    ///
    /// # Errors
    ///
    /// Fails if the database does.
    pub async fn latest(&self, count: u32) -> sqlx::Result<Vec<Picture>> {
        let latest = sqlx::query_as("SELECT * FROM pictures ORDER BY id DESC LIMIT ?");
        latest.bind(count).fetch_all(&self.db).await
    }

    /// A thumbnail with its media type.
    ///
    /// # Errors
    ///
    /// Fails if the database does.
    pub async fn thumbnail(&self, id: PictureId) -> sqlx::Result<Option<(String, Vec<u8>)>> {
        let thumbnail =
            sqlx::query_as("SELECT media_type, bytes FROM thumbnails WHERE picture = ?");
        thumbnail.bind(id.0).fetch_optional(&self.db).await
    }
}

fn media_type(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Jpeg => "image/jpeg",
        Encoding::Png => "image/png",
    }
}
