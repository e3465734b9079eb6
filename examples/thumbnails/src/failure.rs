use flame::CallError;
use thumbnails::PictureError;
use thumbnails::source::SourceError;

/// Why one picture has no thumbnails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// It could not be read here.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// It was read and sent, and is no good.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The picture may be fine: the work on it did not come to an end.
    #[error("lost: {0}")]
    Lost(#[from] CallError),
}
