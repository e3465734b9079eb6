use axum::Json;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::IntoResponse;
use futures_util::future::try_join_all;
use serde::Deserialize;
use tracing::{Instrument, error};

use crate::app_error::AppError;
use crate::entry::Entry;
use crate::upload::Upload;
use crate::{App, Leaving, Picture, PictureId};

/// How many pictures a list has at most.
const LISTED: u32 = 100;

#[derive(Deserialize)]
pub(super) struct Terms {
    detached: Option<String>,
}

/// Takes in the pictures of a form.
///
/// With `?detached` the answer comes at once, and the work goes on whatever the client does. Otherwise the answer
/// says what became of each picture, and a client that leaves ends the work that it waits for: the server drops this
/// future, this future drops its calls, and a call that is dropped is cancelled.
pub(super) async fn upload(
    State(app): State<App>,
    Query(terms): Query<Terms>,
    form: Multipart,
) -> Result<(StatusCode, Json<Vec<Picture>>), AppError> {
    let uploads = Upload::read_all(form).await?;
    if uploads.is_empty() {
        return Err(AppError::NoPictures);
    }
    let entries = try_join_all(uploads.into_iter().map(|upload| Entry::open(&app, upload))).await?;
    if terms.detached.is_some() {
        let ids: Vec<_> = entries.iter().map(Entry::id).collect();
        for entry in entries {
            detach(&app, entry);
        }
        let pictures = try_join_all(ids.into_iter().map(|id| app.store().picture(id))).await?;
        return Ok((
            StatusCode::ACCEPTED,
            Json(pictures.into_iter().flatten().collect()),
        ));
    }
    let ended = entries
        .into_iter()
        .map(|entry| entry.carry_through(Leaving::Cancels));
    let pictures = try_join_all(ended).await?;
    Ok((
        StatusCode::OK,
        Json(pictures.into_iter().flatten().collect()),
    ))
}

/// Gives the work an owner that is no request: it writes down how the work ended, and the service waits for it.
fn detach(app: &App, entry: Entry) {
    let id = entry.id();
    let work = async move {
        if let Err(error) = entry.carry_through(Leaving::Detaches).await {
            error!(%id, %error, "it is not written down how it ended");
        }
    };
    app.background().spawn(work.in_current_span());
}

/// The newest pictures.
pub(super) async fn list(State(app): State<App>) -> Result<Json<Vec<Picture>>, AppError> {
    Ok(Json(app.store().latest(LISTED).await?))
}

/// One picture.
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<i64>,
) -> Result<Json<Picture>, AppError> {
    let picture = app.store().picture(PictureId(id)).await?;
    picture.map(Json).ok_or(AppError::NoSuchPicture)
}

/// The thumbnail of a picture that has one.
pub(super) async fn thumbnail(
    State(app): State<App>,
    Path(id): Path<i64>,
) -> Result<impl IntoResponse, AppError> {
    let thumbnail = app.store().thumbnail(PictureId(id)).await?;
    let (media_type, bytes) = thumbnail.ok_or(AppError::NoSuchPicture)?;
    let headers = [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, "max-age=31536000, immutable".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes))
}
