use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::channel::end::{Purpose, Role};
use crate::channel::item::{Coming, Item, Queued, Value};
use crate::channel::ports::{Closed, Port};
use crate::channel::{CHANNEL_ITEM_COST, RecvError, SendFailure};
use crate::panics;
use crate::wire::Payload;

mod side;
mod state;
mod step;

use side::{Room, Side};
use state::State;
use step::Step;

/// Turns a value of the channel's type into what travels.
type Encode = fn(Value) -> Result<Payload, String>;

/// A channel, as one process sees it: a queue between two sides, each of which is here or away.
///
/// Whatever happens is recorded in the state, and [`settle`](Self::settle) does what follows from it: one step at a
/// time, and under no lock, for a step may run the user's code, or come to other pipes.
pub(super) struct Pipe {
    purpose: Purpose,
    encode: Encode,
    state: Mutex<State>,
}

/// Nothing of this pipe was ever a value here.
fn no_type(_: Value) -> Result<Payload, String> {
    Err("it has no type".to_owned())
}

/// What came of an attempt to send.
pub(super) enum Pushed<T> {
    Done,
    Full(T),
    Refused(T, SendFailure),
    /// There is room, but not for a value: the receiving end is not here.
    EncodeFirst {
        value: T,
        /// The largest that it may become.
        limit: u64,
    },
}

/// What there is to receive.
pub(super) enum Popped {
    Value(Value),
    Payload(Payload),
    Broken(String),
    End(Result<(), RecvError>),
}

/// What an item takes of a window.
pub(super) fn cost(size: u64) -> u64 {
    size.saturating_add(CHANNEL_ITEM_COST)
}

impl Pipe {
    /// A pipe whose two ends are here.
    pub(super) fn here(encode: Encode) -> Arc<Self> {
        Self::new(Purpose::User, encode, State::new(Side::Here, Side::Here))
    }

    /// A pipe for progress, whose sending end is about to leave. Its items come from elsewhere.
    pub(super) fn for_progress() -> Arc<Self> {
        let state = State::new(Side::Leaving, Side::Here).keeping_the_newest();
        Self::new(Purpose::Progress, no_type, state)
    }

    /// A pipe whose other side is away, and one of whose ends has arrived inside of a value.
    pub(super) fn arrived(role: Role, purpose: Purpose, port: Port) -> Arc<Self> {
        let state = match (role, purpose) {
            (Role::Tx, Purpose::User) => State::new(Side::Leaving, Side::Away(port)),
            (Role::Tx, Purpose::Progress) => {
                State::new(Side::Leaving, Side::Away(port)).keeping_the_newest()
            }
            (Role::Rx, _) => State::fed_by(port),
        };
        Self::new(purpose, no_type, state)
    }

    fn new(purpose: Purpose, encode: Encode, state: State) -> Arc<Self> {
        Arc::new(Self {
            purpose,
            encode,
            state: Mutex::new(state),
        })
    }

    pub(super) fn is_progress(&self) -> bool {
        self.purpose == Purpose::Progress
    }

    // What senders do.

    /// Puts a value into the queue, if it can be one.
    pub(super) fn push_value<T: Send + 'static>(
        self: &Arc<Self>,
        value: T,
        waker: Option<&Waker>,
    ) -> Pushed<T> {
        let pushed = {
            let mut state = self.lock();
            match state.room(waker) {
                Err(failure) => Pushed::Refused(value, failure),
                Ok(Room::None) => Pushed::Full(value),
                Ok(Room::ForPayloads { limit }) => Pushed::EncodeFirst { value, limit },
                Ok(Room::ForValues) => {
                    state.push(Queued {
                        item: Item::Value(Box::new(value)),
                        cost: CHANNEL_ITEM_COST,
                        credited: false,
                    });
                    Pushed::Done
                }
            }
        };
        self.settle();
        pushed
    }

    /// Puts an encoded value into the queue.
    pub(super) fn push_payload(
        self: &Arc<Self>,
        payload: Payload,
        waker: Option<&Waker>,
    ) -> Pushed<Payload> {
        let pushed = {
            let mut state = self.lock();
            match state.room(waker) {
                Err(failure) => Pushed::Refused(payload, failure),
                Ok(Room::None) => Pushed::Full(payload),
                Ok(Room::ForPayloads { .. } | Room::ForValues) => {
                    state.push(Queued {
                        cost: cost(payload.size()),
                        item: Item::Payload(payload),
                        credited: false,
                    });
                    Pushed::Done
                }
            }
        };
        self.settle();
        pushed
    }

    /// Puts a value into the place of all that were not sent so far.
    pub(super) fn push_newest(self: &Arc<Self>, encoded: Result<Payload, String>) {
        {
            let mut state = self.lock();
            if state.room(None).is_err() {
                return;
            }
            let (item, cost) = match encoded {
                Ok(payload) => {
                    let cost = cost(payload.size());
                    (Item::Payload(payload), cost)
                }
                Err(message) => (Item::Broken(message), CHANNEL_ITEM_COST),
            };
            state.push(Queued {
                item,
                cost,
                credited: false,
            });
        }
        self.settle();
    }

    /// Nothing newer comes: what waits goes now, whether or not there is room for it.
    pub(super) fn finish_newest(self: &Arc<Self>) {
        self.lock().finish_newest();
        self.settle();
    }

    pub(super) fn is_closed_to_sender(&self) -> bool {
        self.lock().room(None).is_err()
    }

    // What receivers do.

    pub(super) fn poll_pop(self: &Arc<Self>, cx: &Context<'_>) -> Poll<Popped> {
        let popped = self.lock().pop(cx.waker());
        self.settle();
        popped
    }

    /// The receiving end makes no sense of what it received.
    pub(super) fn receiver_failed(self: &Arc<Self>) {
        self.lock().close_rx(Closed::Codec);
        self.settle();
    }

    // What becomes of ends.

    pub(super) fn end_dropped(self: &Arc<Self>, role: Role) {
        {
            let mut state = self.lock();
            let (Side::Here | Side::Leaving) = state.side(role) else {
                return;
            };
            match role {
                Role::Tx => state.close_tx(Closed::Finished),
                Role::Rx => state.close_rx(Closed::Unwanted),
            }
        }
        self.settle();
    }

    /// The end becomes a part of an encoded value; `false` if it is not here.
    pub(super) fn leave(&self, role: Role) -> bool {
        self.lock().turn(role, &Side::Here, Side::Leaving)
    }

    /// The end is taken out of the encoded value; `false` if it was not in one.
    pub(super) fn stay(&self, role: Role) -> bool {
        self.lock().turn(role, &Side::Leaving, Side::Here)
    }

    /// The receiving end is about to leave: encodes what waits for it.
    pub(super) fn encode_waiting(self: &Arc<Self>) {
        let waiting = self.lock().take_values();
        let encoded = waiting.into_iter().map(|queued| match queued.item {
            Item::Value(value) => match (self.encode)(value) {
                Ok(payload) => Queued {
                    cost: cost(payload.size()),
                    item: Item::Payload(payload),
                    credited: false,
                },
                Err(message) => Queued {
                    item: Item::Broken(message),
                    ..queued
                },
            },
            item @ (Item::Payload(_) | Item::Coming(_) | Item::Broken(_)) => {
                Queued { item, ..queued }
            }
        });
        let encoded = encoded.collect::<Vec<_>>();
        self.lock().put_back(encoded);
    }

    // What ports do.

    /// The end leaves through this port. Nothing moves until [`start`](Self::start).
    pub(super) fn bind(&self, role: Role, port: Port) {
        self.lock().bind(role, port);
    }

    /// The other side knows of the port.
    pub(super) fn start(self: &Arc<Self>) {
        self.lock().start();
        self.settle();
    }

    /// The end comes back: nobody has seen it on the other side.
    pub(super) fn unbind(&self, role: Role) {
        self.lock().unbind(role);
    }

    /// The side that is away has sent an item; `false` if it may not.
    pub(super) fn item_came(self: &Arc<Self>, cost: u64, item: Coming) -> bool {
        let fair = self.lock().item_came(cost, item);
        self.settle();
        fair
    }

    /// The side that is away has sent an item before it knew that this side has closed.
    pub(super) fn discard(self: &Arc<Self>, item: Coming) {
        self.lock().discard([item]);
        self.settle();
    }

    /// The side that is away has room for more.
    pub(super) fn credit_came(self: &Arc<Self>, bytes: u64) {
        self.lock().credit_came(bytes);
        self.settle();
    }

    /// The side that is away has closed, or is lost.
    pub(super) fn away_closed(self: &Arc<Self>, role: Role, closed: Closed) {
        {
            let mut state = self.lock();
            let Side::Away(_) = state.side(role) else {
                return;
            };
            match role {
                Role::Tx => state.close_tx(closed),
                Role::Rx => state.away_rx_closed(closed),
            }
        }
        self.settle();
    }

    /// Does what follows from the state. One thread at a time does it for all.
    fn settle(self: &Arc<Self>) {
        let mut state = self.lock();
        if !state.may_settle() {
            return;
        }
        while let Some(step) = state.next_step() {
            drop(state);
            let came = self.take(step);
            state = self.lock();
            if let Some(came) = came {
                state.front_came(came);
            }
        }
        state.settled();
    }

    /// Takes a step; what was polled comes back.
    fn take(self: &Arc<Self>, step: Step) -> Option<Item> {
        match step {
            Step::Wake(wakers) => wakers.into_iter().for_each(Waker::wake),
            Step::Drop(queued) => self.drop_all(queued),
            Step::Discard(unwanted) => self.hear_out(unwanted),
            Step::Send(port, payload) => port.send_item(payload),
            Step::Grant(port, bytes) => port.send_credit(bytes),
            Step::Close(port, closed) => port.close(closed),
            Step::Poll(mut coming) => {
                let waker = Waker::from(self.clone());
                return Some(
                    match coming.as_mut().poll(&mut Context::from_waker(&waker)) {
                        Poll::Pending => Item::Coming(Some(coming)),
                        Poll::Ready(Ok(payload)) => Item::Payload(payload),
                        Poll::Ready(Err(message)) => Item::Broken(message),
                    },
                );
            }
        }
        None
    }

    fn drop_all(&self, queued: Vec<Queued>) {
        let mut unwanted = Vec::new();
        for Queued { item, .. } in queued {
            match item {
                Item::Coming(coming) => unwanted.extend(coming),
                item @ (Item::Value(_) | Item::Payload(_) | Item::Broken(_)) => {
                    panics::drop_quietly(item);
                }
            }
        }
        if !unwanted.is_empty() {
            self.lock().discard(unwanted);
        }
    }

    /// Drops what has come of the unwanted, and keeps the others a while longer.
    fn hear_out(self: &Arc<Self>, mut unwanted: Vec<Coming>) {
        let waker = Waker::from(self.clone());
        let mut cx = Context::from_waker(&waker);
        unwanted.retain_mut(|coming| coming.as_mut().poll(&mut cx).is_pending());
        self.lock().unwanted.append(&mut unwanted);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics under the lock, and every change is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something that was on its way has come.
impl Wake for Pipe {
    fn wake(self: Arc<Self>) {
        self.lock().woke();
        self.settle();
    }
}
