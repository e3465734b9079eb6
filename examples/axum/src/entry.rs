use std::mem;

use tracing::{Instrument, Span, error, info, info_span, warn};

use flame::Blob;

use crate::calls::{Leaving, carry_out};
use crate::upload::Upload;
use crate::work::make_thumbnail;
use crate::{App, Failure, Picture, PictureId, State};

/// A picture that has been taken in and waits.
///
/// It does not go without a word: dropped, as when the client closes its connection, it says that it was cancelled.
pub(crate) struct Entry {
    app: App,
    id: PictureId,
    picture: Blob,
    span: Span,
    has_ended: bool,
}

impl Entry {
    /// Takes it in.
    ///
    /// It goes on when this future is dropped, because nobody could tell then whether the picture is in the database.
    pub(crate) async fn open(app: &App, upload: Upload) -> sqlx::Result<Self> {
        let app = app.clone();
        let tracker = app.background().clone();
        let opening = async move {
            let id = app.store().add(&upload.name).await?;
            app.live().changed();
            Ok(Self {
                span: info_span!("picture", %id, name = ?upload.name),
                app,
                id,
                picture: upload.picture,
                has_ended: false,
            })
        };
        let opened = tracker.spawn(opening.in_current_span()).await;
        opened.unwrap_or_else(|error| Err(sqlx::Error::Io(error.into())))
    }

    pub(crate) fn id(&self) -> PictureId {
        self.id
    }

    /// Has it worked on, and returns what the database says in the end.
    pub(crate) async fn carry_through(mut self, leaving: Leaving) -> sqlx::Result<Option<Picture>> {
        let picture = mem::take(&mut self.picture);
        let task = make_thumbnail(self.id, &picture);
        drop(picture);
        let carried = carry_out(self.app.pool(), task, leaving);
        if let Err(failure) = carried.instrument(self.span.clone()).await {
            self.write_down(&failure).await?;
        }
        self.has_ended = true;
        self.app.live().changed();
        self.app.store().picture(self.id).await
    }

    async fn write_down(&self, failure: &Failure) -> sqlx::Result<()> {
        let state = failure.state();
        let span = &self.span;
        match failure {
            Failure::Work(error) => info!(parent: span, %state, %error, "no thumbnail"),
            Failure::Call(error) => warn!(parent: span, %state, %error, "no thumbnail"),
        }
        self.app
            .store()
            .end(self.id, state, &failure.reason())
            .await?;
        Ok(())
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        let (app, id) = (self.app.clone(), self.id);
        let write_down = async move {
            let reason = "nobody waited for it";
            match app.store().end(id, State::Cancelled, reason).await {
                Ok(true) => info!("cancelled: nobody waits for it"),
                // It had ended before.
                Ok(false) => {}
                Err(error) => error!(%error, "it is not written down that it was cancelled"),
            }
            app.live().changed();
        };
        self.app
            .background()
            .spawn(write_down.instrument(self.span.clone()));
    }
}
