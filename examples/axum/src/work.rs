//! The work that runs on a runner.

use flame::{Blob, Ctx, Provided};
use sqlx::SqlitePool;
use thumbnails::thumbnail::{decode, shrink};
use tokio::runtime::Handle;
use tracing::info;

use crate::{PictureId, Store, WorkError};

/// The longest side of a thumbnail, in pixels.
pub const SIZE: u32 = 256;

/// Makes the thumbnail of one picture and stores it, with the connections of the process that it runs in.
///
/// It may run more than once for a picture, as after the loss of a runner: what it stores is stored once.
///
/// Its body blocks, as decoding does, so it has a thread of its own, and its slot is taken until it has really ended.
#[flame::remote]
pub fn make_thumbnail(
    id: PictureId,
    picture: &Blob,
    Provided(db): Provided<SqlitePool>,
    cx: Ctx,
) -> Result<(), WorkError> {
    info!(bytes = picture.len(), "decoding");
    let decoded = decode(picture)?;
    // The only thing that can be told to stop is what looks.
    if cx.is_cancelled() {
        return Err(WorkError::Unwanted);
    }
    let thumbnail = shrink(&decoded, SIZE)?;
    info!(
        width = decoded.image.width(),
        height = decoded.image.height(),
        "made a thumbnail"
    );
    let store = Store::new(db);
    let kept = Handle::current().block_on(store.keep(id, &thumbnail, cx.attempt()));
    match kept {
        Ok(true) => Ok(()),
        // Somebody said how it ended while it was worked on.
        Ok(false) => Err(WorkError::Unwanted),
        Err(error) => Err(WorkError::NotStored {
            reason: error.to_string(),
        }),
    }
}
