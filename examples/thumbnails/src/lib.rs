//! Everything of the `thumbnails` example that does not know where it runs.
//!
//! These are plain functions over bytes and folders. `main.rs` decides which of them run on a runner;
//! nothing in here changes for that.

mod arguments;
mod encoding;
mod made;
mod output;
mod picture_error;
mod progress;
mod report;
mod roster;
pub mod sheet;
pub mod source;
pub mod thumbnail;
pub mod video;

pub use arguments::{Arguments, Backend};
pub use encoding::Encoding;
pub use made::Made;
pub use output::OutputFolder;
pub use picture_error::PictureError;
pub use progress::Progress;
pub use report::Report;
pub use roster::Roster;
pub use thumbnail::Thumbnail;

pub use flame::Blob;
