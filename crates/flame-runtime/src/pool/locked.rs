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

/// A call that has left the books, and what its caller is told.
pub(super) type Given = (Box<CallRecord>, Answer);

/// Answers that are given together.
///
/// A thread that is woken for each of them has its caller's turn done before the next answer comes, and sleeps again:
/// that costs more than the call does.
#[derive(Debug, Default)]
pub(super) struct Answers(Vec<Given>);

/// How many answers wait for each other. More would leave the callers' threads without work for too long.
const ANSWERS_AT_ONCE: usize = 32;

impl Answers {
    pub(super) fn add(&mut self, given: Option<Given>) {
        self.0.extend(given);
        if self.0.len() >= ANSWERS_AT_ONCE {
            self.give();
        }
    }

    fn give(&mut self) {
        for (mut call, answer) in self.0.drain(..) {
            call.answer(answer);
        }
    }
}

/// No answer is forgotten.
impl Drop for Answers {
    fn drop(&mut self) {
        self.give();
    }
}

/// What is left to do when the lock is free. There is rarely more than one thing of a kind, and what has no place here
/// is done at once.
#[derive(Debug, Default)]
pub(super) struct Afterwards {
    answer: Option<Given>,
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

    /// Lets go of the lock, and leaves the answer to be given to a caller for later.
    pub(super) fn release_without_answer(mut self) -> Option<Given> {
        self.afterwards.answer.take()
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
