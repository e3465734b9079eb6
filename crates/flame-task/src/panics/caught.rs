use std::pin::Pin;
use std::task::{Context, Poll};

use crate::panics::{PanicReport, catch, drop_quietly};

/// `future`, whose panics become reports. It is also dropped without a panic.
pub(crate) fn caught<F: Future>(future: F) -> Caught<F> {
    Caught {
        future: Some(Box::pin(future)),
    }
}

/// See [`caught`].
pub(crate) struct Caught<F> {
    /// Present until it has ended.
    future: Option<Pin<Box<F>>>,
}

impl<F: Future> Future for Caught<F> {
    type Output = Result<F::Output, PanicReport>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(future) = &mut self.future else {
            return Poll::Pending;
        };
        let outcome = match catch(|| future.as_mut().poll(cx)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(report) => Err(report),
        };
        // What the task still owns goes before its outcome is known to anybody.
        drop_quietly(self.future.take());
        Poll::Ready(outcome)
    }
}

impl<F> Drop for Caught<F> {
    fn drop(&mut self) {
        drop_quietly(self.future.take());
    }
}
