use std::fmt;
use std::future::Future;
use std::iter::{Enumerate, Fuse};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use flame_task::Task;
use futures_util::stream::{FuturesUnordered, Stream, StreamExt as _};

use super::call::Call;
use super::handle::Pool;
use crate::error::CallError;

/// Many calls, and their results as they come. Made by [`Pool::map`].
///
/// It is a [`Stream`] of `(index, result)`, where `index` is the item's place among the items: results come in
/// the order in which work ends. [`in_order`](Self::in_order) waits for all of them and puts them in the items'
/// order. One failed call ends nothing but itself.
///
/// Items are drawn only as calls come free, so that an iterator may be endless; a consumer that does not poll
/// stops it. **Dropping it cancels the calls that it has under way.**
///
/// ```no_run
/// # mod flame {
/// #     pub use flame_runtime::Pool;
/// #     pub use flame_task::task;
/// # }
/// # async fn run(pool: flame::Pool) {
/// let pages = ["one", "two", "three"].map(String::from);
/// let mut words = pool.map(pages, |page| flame::task!(|page| page.split(' ').count()));
/// while let Some((index, count)) = words.next().await {
///     match count {
///         Ok(count) => println!("page {index} has {count} words"),
///         Err(error) => eprintln!("page {index}: {error}"),
///     }
/// }
/// # }
/// ```
#[must_use = "a map does nothing until it is polled"]
pub struct Map<I, F, R> {
    pool: Pool,
    items: Fuse<Enumerate<I>>,
    make: F,
    limit: Option<usize>,
    terms: MapTerms,
    calls: FuturesUnordered<Numbered<R>>,
}

/// What holds for each of the calls.
#[derive(Clone, Copy, Debug, Default)]
struct MapTerms {
    timeout: Option<Option<Duration>>,
    queue_timeout: Option<Duration>,
    retries: u32,
}

impl<I: Iterator, F, R> Map<I, F, R> {
    pub(super) fn new(pool: Pool, items: I, make: F) -> Self {
        Self {
            pool,
            items: items.enumerate().fuse(),
            make,
            limit: None,
            terms: MapTerms::default(),
            calls: FuturesUnordered::new(),
        }
    }
}

impl<I, F, R> Map<I, F, R> {
    /// How many calls are under way at a time; 0 counts as 1. Unless set, as many as the pool has slots,
    /// `max * max_concurrency`.
    pub fn limit(mut self, calls: usize) -> Self {
        self.limit = Some(calls);
        self
    }

    /// As [`Call::timeout`], for each call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.terms.timeout = Some(Some(timeout));
        self
    }

    /// As [`Call::no_timeout`], for each call.
    pub fn no_timeout(mut self) -> Self {
        self.terms.timeout = Some(None);
        self
    }

    /// As [`Call::queue_timeout`], for each call.
    pub fn queue_timeout(mut self, timeout: Duration) -> Self {
        self.terms.queue_timeout = Some(timeout);
        self
    }

    /// As [`Call::idempotent`], for each call.
    pub fn idempotent(mut self, retries: u32) -> Self {
        self.terms.retries = retries;
        self
    }
}

impl<I, F, R> Map<I, F, R>
where
    I: Iterator,
    F: FnMut(I::Item) -> Task<R>,
    R: Send + 'static,
{
    /// The next result. `None` when every item has had its own. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<(usize, Result<R, CallError>)> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// All results, in the order of the items.
    pub async fn in_order(mut self) -> Vec<Result<R, CallError>> {
        let mut results = Vec::with_capacity(self.size_hint().0);
        while let Some(result) = self.next().await {
            results.push(result);
        }
        results.sort_unstable_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, result)| result).collect()
    }

    fn fill(&mut self) {
        let limit = self.limit.unwrap_or_else(|| self.pool.slots()).max(1);
        while self.calls.len() < limit {
            let Some((index, item)) = self.items.next() else {
                return;
            };
            let call = self.terms.apply(self.pool.call((self.make)(item)));
            self.calls.push(Numbered { index, call });
        }
    }
}

impl MapTerms {
    fn apply<R: Send + 'static>(self, call: Call<R>) -> Call<R> {
        let call = call.idempotent(self.retries);
        let call = match self.timeout {
            Some(Some(timeout)) => call.timeout(timeout),
            Some(None) => call.no_timeout(),
            None => call,
        };
        match self.queue_timeout {
            Some(timeout) => call.queue_timeout(timeout),
            None => call,
        }
    }
}

impl<I, F, R> Stream for Map<I, F, R>
where
    I: Iterator,
    F: FnMut(I::Item) -> Task<R>,
    R: Send + 'static,
{
    type Item = (usize, Result<R, CallError>);

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        this.fill();
        this.calls.poll_next_unpin(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = self.items.size_hint();
        let running = self.calls.len();
        (
            least.saturating_add(running),
            most.and_then(|most| most.checked_add(running)),
        )
    }
}

// Nothing of it is pinned: the calls are in boxes.
impl<I, F, R> Unpin for Map<I, F, R> {}

/// A call that knows which item it is for.
struct Numbered<R> {
    index: usize,
    call: Call<R>,
}

impl<R: Send + 'static> Future for Numbered<R> {
    type Output = (usize, Result<R, CallError>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let result = ready!(Pin::new(&mut self.call).poll(cx));
        Poll::Ready((self.index, result))
    }
}

impl<I, F, R> fmt::Debug for Map<I, F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map")
            .field("pool", &self.pool.name())
            .field("under_way", &self.calls.len())
            .finish_non_exhaustive()
    }
}
