mod live;
mod page;
mod pictures;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::get;

use crate::{App, log};

/// The largest form, in bytes: it is in memory until its pictures are done.
const LARGEST_FORM: usize = 64 * 1024 * 1024;

/// All that can be asked of the service.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(page::show))
        .route("/live", get(live::watch))
        .route("/pictures", get(pictures::list).post(pictures::upload))
        .route("/pictures/{id}", get(pictures::show))
        .route("/pictures/{id}/thumbnail", get(pictures::thumbnail))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(middleware::from_fn(log::each_request))
        .with_state(app)
}
