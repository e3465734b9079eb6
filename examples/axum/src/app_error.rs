use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tracing::error;

/// Why a request as a whole has no answer. What becomes of single pictures is in the answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppError {
    #[error(transparent)]
    Form(#[from] MultipartError),
    #[error("there is no picture in the form")]
    NoPictures,
    #[error("there is no such picture")]
    NoSuchPicture,
    #[error("the database has a problem")]
    Database(#[from] sqlx::Error),
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let text = format!("{self}\n");
        match self {
            Self::Form(error) => {
                (error.status(), format!("{}\n", error.body_text())).into_response()
            }
            Self::NoPictures => (StatusCode::BAD_REQUEST, text).into_response(),
            Self::NoSuchPicture => (StatusCode::NOT_FOUND, text).into_response(),
            Self::Database(error) => {
                error!(%error, "the database has a problem");
                (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
            }
        }
    }
}
