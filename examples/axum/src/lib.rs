//! A service that takes pictures by HTTP and makes thumbnails of them on runners.
//!
//! `main.rs` says what starts and ends in which order. Of the modules, [`work`] is what runs on a runner, [`calls`]
//! how it gets there, and the rest is an axum app as it would be without runners.

mod app;
mod app_error;
pub mod calls;
mod config;
pub mod database;
mod entry;
mod failure;
mod live;
pub mod log;
mod picture;
mod routes;
mod state;
mod store;
mod upload;
mod view;
pub mod work;
mod work_error;

pub use app::App;
pub use calls::Leaving;
pub use config::Config;
pub use failure::Failure;
pub use picture::{Picture, PictureId};
pub use routes::router;
pub use state::State;
pub use store::Store;
pub use work_error::WorkError;
