use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt};

use crate::App;

/// The pool and the pictures, and again after each change, until the client leaves or the service ends.
///
/// Without that end a graceful shutdown would wait for every open page.
pub(super) async fn watch(
    State(app): State<App>,
) -> Sse<impl Stream<Item = Result<Event, axum::Error>>> {
    let ending = app.ending().clone().cancelled_owned();
    let views = app.live().views().take_until(ending);
    Sse::new(views.map(|view| Event::default().json_data(view))).keep_alive(KeepAlive::default())
}
