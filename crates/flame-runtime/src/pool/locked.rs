use std::ops::{Deref, DerefMut};
use std::sync::MutexGuard;
use std::task::Waker;

use super::records::{Answer, CallRecord};
use super::shared::Inner;

/// The pool's state, as long as one looks at it.
///
/// Whoever is woken by what happened is woken when the lock is free again: otherwise its first act would be to wait
/// for the lock.
pub(super) struct Locked<'a> {
    /// Gone only while this is dropped.
    inner: Option<MutexGuard<'a, Inner>>,
}

/// What is left to do when the lock is free. There is rarely more than one thing of a kind, and what has no place here
/// is done at once.
#[derive(Debug, Default)]
pub(super) struct Afterwards {
    answer: Option<(Box<CallRecord>, Answer)>,
    wake: Option<Waker>,
}

impl Afterwards {
    /// Gives the caller of a call that has left the books its answer.
    pub(super) fn answer(&mut self, mut call: Box<CallRecord>, answer: Answer) {
        match self.answer {
            Some(_) => call.answer(answer),
            None => self.answer = Some((call, answer)),
        }
    }

    /// Wakes the transport.
    pub(super) fn wake(&mut self, waker: Waker) {
        match self.wake {
            Some(_) => waker.wake(),
            None => self.wake = Some(waker),
        }
    }

    fn carry_out(self) {
        if let Some(waker) = self.wake {
            waker.wake();
        }
        if let Some((mut call, answer)) = self.answer {
            call.answer(answer);
        }
    }
}

impl<'a> Locked<'a> {
    pub(super) fn new(inner: MutexGuard<'a, Inner>) -> Self {
        Self { inner: Some(inner) }
    }
}

impl Deref for Locked<'_> {
    type Target = Inner;

    #[expect(clippy::expect_used, reason = "it goes in `drop`, and not before")]
    fn deref(&self) -> &Inner {
        self.inner.as_deref().expect("the lock is held")
    }
}

impl DerefMut for Locked<'_> {
    #[expect(clippy::expect_used, reason = "it goes in `drop`, and not before")]
    fn deref_mut(&mut self) -> &mut Inner {
        self.inner.as_deref_mut().expect("the lock is held")
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        if let Some(mut inner) = self.inner.take() {
            let afterwards = std::mem::take(&mut inner.afterwards);
            drop(inner);
            afterwards.carry_out();
        }
    }
}
