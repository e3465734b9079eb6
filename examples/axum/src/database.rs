//! Opens the database, and brings it up to date.

use std::path::Path;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlSafeStr, SqlitePool};

/// The steps from an empty database to the present one. Steps are added at the end and never changed.
///
/// The macro of `sqlx` that reads the folder would do the same, and build the whole of `sqlx` a second time for it.
const MIGRATIONS: [(&str, &str); 1] =
    [("pictures", include_str!("../migrations/0001_pictures.sql"))];

/// Opens the file, and creates it unless it is there.
///
/// # Errors
///
/// Fails if it cannot be opened.
pub async fn open(file: &Path, connections: u32) -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        // One process writes while others read, and writers wait for one another.
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    SqlitePoolOptions::new()
        .max_connections(connections)
        .connect_with(options)
        .await
}

/// A database of its own, in memory, up to date: for tests.
///
/// # Errors
///
/// Fails if a migration does.
pub async fn in_memory() -> anyhow::Result<SqlitePool> {
    let db = SqlitePoolOptions::new()
        // A second connection would be a second database, and the last one to close takes the data along.
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(SqliteConnectOptions::new().in_memory(true))
        .await?;
    migrate(&db).await?;
    Ok(db)
}

/// Brings the database up to date. That is the parent's business: its runners come when it is done.
///
/// # Errors
///
/// Fails if a step does, or if the database is newer than this program.
pub async fn migrate(db: &SqlitePool) -> Result<(), MigrateError> {
    let steps = MIGRATIONS.iter().zip(1..).map(|((name, sql), version)| {
        let sql = (*sql).into_sql_str();
        let within_a_transaction = false;
        Migration::new(
            version,
            (*name).into(),
            MigrationType::Simple,
            sql,
            within_a_transaction,
        )
    });
    Migrator::with_migrations(steps.collect()).run(db).await
}
