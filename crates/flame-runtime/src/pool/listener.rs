use std::task::{Context, Poll, ready};

use flame_task::{Payload, Rx, Wire, listen_to_progress};

/// Hears of the progress of one call.
pub(super) trait Listener: Send {
    /// Is there when the arguments are about to leave.
    fn attach(&mut self, arguments: &mut Payload);

    /// Hands on what has come; ready when nothing more comes.
    fn poll_all(&mut self, task: &'static str, cx: &mut Context<'_>) -> Poll<()>;
}

/// A function that is told of progress of type `T`.
pub(super) struct OnProgress<T, F> {
    tell: F,
    progress: Option<Rx<T>>,
}

impl<T, F> OnProgress<T, F> {
    pub(super) fn new(tell: F) -> Self {
        Self {
            tell,
            progress: None,
        }
    }
}

impl<T: Wire, F: FnMut(T) + Send> Listener for OnProgress<T, F> {
    fn attach(&mut self, arguments: &mut Payload) {
        self.progress = Some(listen_to_progress(arguments));
    }

    fn poll_all(&mut self, task: &'static str, cx: &mut Context<'_>) -> Poll<()> {
        while let Some(progress) = &mut self.progress {
            match ready!(progress.poll_recv(cx)) {
                Ok(Some(value)) => (self.tell)(value),
                Ok(None) => self.progress = None,
                Err(error) => {
                    tracing::warn!(task, %error, "progress could not be read, and is no longer listened to");
                    self.progress = None;
                }
            }
        }
        Poll::Ready(())
    }
}
