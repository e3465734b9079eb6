//! The ports of one call: how ends of channels leave a process and arrive in one.
//!
//! An end that leaves gets a number in the call that takes it along, even if the parent sends it and odd if the runner
//! does, and so does the end that arrives. From then on both processes have one side of the channel at a port. The
//! numbers stand in a table before the encoded value:
//!
//! ```text
//! 0xc1, which starts no value | count: u32 | count times: which end ('t' or 'r'), number: u32
//! ```
//!
//! The side that receives grants a [`CHANNEL_WINDOW`](super::CHANNEL_WINDOW) when it knows the port, so nothing that could be lost is
//! sent to a runner that then refuses the call. Either side closes a port once, and a port is done when both have.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::channel::end::{Departing, End, Ends, Purpose, Role};
use crate::channel::item::Coming;
use crate::channel::pipe::{self, Pipe};
use crate::wire::{DecodeError, Payload};

mod link;
mod port;
mod table;

pub use link::{Closed, News, Origin, PortLink};
pub(super) use port::Port;
use table::Table;
pub(crate) use table::{starts_with_table, table_size};

/// Ends that have a port, and wait for the payload that they are in to be sent.
#[must_use = "an end that does not start is of no use to anybody"]
pub struct Leaving(Vec<Arc<Pipe>>);

impl Leaving {
    /// The payload was sent: what is told of the ports comes after it.
    pub fn start(self) {
        for pipe in self.0 {
            pipe.start();
        }
    }
}

impl fmt::Debug for Leaving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Leaving").field(&self.0.len()).finish()
    }
}

/// The peer sent what it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("port {port} got more than it has room for")]
pub struct OverCredit {
    /// The port.
    pub port: u32,
}

/// The ports of one call, on one side.
pub struct Ports {
    origin: Origin,
    link: Box<dyn PortLink>,
    state: Mutex<State>,
}

struct State {
    next: u32,
    ports: BTreeMap<u32, Entry>,
    /// The call has ended: no more ports come with its arguments or its result.
    ended: bool,
    /// The peer is gone.
    lost: bool,
}

enum Entry {
    /// The peer speaks of an end that has not arrived yet.
    Early { credit: u64, closed: Option<Closed> },
    /// This side of the channel is at the port.
    Open { pipe: Arc<Pipe>, role: Role },
    /// This side has closed it.
    Closing { pipe: Arc<Pipe> },
}

impl Ports {
    /// A call without ports.
    pub fn new(origin: Origin, link: Box<dyn PortLink>) -> Arc<Self> {
        let state = State {
            next: match origin {
                Origin::Parent => 0,
                Origin::Runner => 1,
            },
            ports: BTreeMap::new(),
            ended: false,
            lost: false,
        };
        Arc::new(Self {
            origin,
            link,
            state: Mutex::new(state),
        })
    }

    /// Gives a port to each end in the payload. The ends start when the payload has been sent.
    pub fn dispatch(self: &Arc<Self>, payload: Payload) -> (Payload, Leaving) {
        let mut leaving = Leaving(Vec::new());
        if payload.ends.is_empty() {
            return (payload, leaving);
        }
        let mut entries = Vec::with_capacity(payload.ends.len());
        for departing in payload.ends.iter() {
            let End { pipe, role } = &**departing.end();
            let purpose = match pipe.is_progress() {
                true => Purpose::Progress,
                false => Purpose::User,
            };
            entries.push((*role, purpose, self.open(pipe, *role)));
            leaving.0.push(pipe.clone());
        }
        let payload = Payload {
            head: Table { entries, size: 0 }.before(&payload.head),
            blobs: payload.blobs,
            ends: Ends::default(),
        };
        (payload, leaving)
    }

    /// Finds the ends that arrived with a payload.
    ///
    /// # Errors
    ///
    /// The table makes no sense.
    pub fn claim(self: &Arc<Self>, payload: Payload) -> Result<Payload, DecodeError> {
        let Some(table) = Table::of(&payload.head)? else {
            return Ok(payload);
        };
        let mut ends = Vec::with_capacity(table.entries.len());
        for (role, purpose, number) in table.entries {
            ends.push(Departing::arrived(self.arrive(role, purpose, number)?));
        }
        Ok(Payload {
            head: payload.head.slice(table.size..),
            blobs: payload.blobs,
            ends: Ends::new(ends),
        })
    }

    /// The peer has sent an item, which takes so many bytes.
    ///
    /// # Errors
    ///
    /// It had no room for it.
    pub fn item_came(&self, port: u32, size: u64, item: Coming) -> Result<(), OverCredit> {
        let over = Err(OverCredit { port });
        let state = self.lock();
        let pipe = match state.ports.get(&port) {
            Some(Entry::Open {
                pipe,
                role: Role::Tx,
            }) => pipe.clone(),
            Some(Entry::Closing { pipe }) => {
                let pipe = pipe.clone();
                drop(state);
                pipe.discard(item);
                return Ok(());
            }
            Some(Entry::Open { role: Role::Rx, .. } | Entry::Early { .. }) => return over,
            None => return Ok(()),
        };
        drop(state);
        match pipe.item_came(pipe::cost(size), item) {
            true => Ok(()),
            false => over,
        }
    }

    /// The peer has room for more.
    pub fn credit_came(&self, port: u32, bytes: u64) {
        let pipe = match self.lock().heard_of(port, self.origin) {
            Some(Entry::Open {
                pipe,
                role: Role::Rx,
            }) => pipe.clone(),
            Some(Entry::Early { credit, .. }) => {
                *credit = credit.saturating_add(bytes);
                return;
            }
            Some(Entry::Open { role: Role::Tx, .. } | Entry::Closing { .. }) | None => return,
        };
        pipe.credit_came(bytes);
    }

    /// The peer has closed its side.
    pub fn close_came(&self, port: u32, closed: Closed) {
        let entry = {
            let mut state = self.lock();
            match state.heard_of(port, self.origin) {
                Some(Entry::Early { closed: early, .. }) => {
                    *early = Some(closed);
                    return;
                }
                Some(Entry::Open { .. } | Entry::Closing { .. }) | None => {}
            }
            state.ports.remove(&port)
        };
        if let Some(Entry::Open { pipe, role }) = entry {
            // The answer says the same: that both sides know.
            self.link.send(port, News::Close(closed));
            pipe.away_closed(role, closed);
        }
        self.done_if_over();
    }

    /// The peer has not looked at the call: all ends are here again, as they were.
    pub fn take_back(&self) {
        for entry in self.take_all() {
            if let Entry::Open { pipe, role } = entry {
                pipe.unbind(role);
            }
        }
    }

    /// The peer is gone, or has ended the call before it began.
    pub fn lose(&self) {
        self.lock().lost = true;
        for entry in self.take_all() {
            if let Entry::Open { pipe, role } = entry {
                match pipe.is_progress() && role == Role::Tx {
                    // The same call may be sent again.
                    true => pipe.unbind(role),
                    false => pipe.away_closed(role, Closed::Lost),
                }
            }
        }
    }

    /// The call has ended. Its ports go on.
    pub fn call_ended(&self) {
        self.lock().ended = true;
        self.done_if_over();
    }

    fn take_all(&self) -> Vec<Entry> {
        let ports = std::mem::take(&mut self.lock().ports);
        ports.into_values().collect()
    }

    fn done_if_over(&self) {
        let over = {
            let state = self.lock();
            state.ended && state.ports.is_empty()
        };
        if over {
            self.link.done();
        }
    }

    fn open(self: &Arc<Self>, pipe: &Arc<Pipe>, role: Role) -> u32 {
        let (number, lost) = {
            let mut state = self.lock();
            while state.ports.contains_key(&state.next) {
                state.next = state.next.wrapping_add(2);
            }
            let number = state.next;
            state.next = number.wrapping_add(2);
            if !state.lost {
                let pipe = pipe.clone();
                state.ports.insert(number, Entry::Open { pipe, role });
            }
            (number, state.lost)
        };
        pipe.bind(role, self.port(number));
        if lost {
            pipe.away_closed(role, Closed::Lost);
        }
        number
    }

    /// An end arrives: its other side is at a port here.
    fn arrive(
        self: &Arc<Self>,
        role: Role,
        purpose: Purpose,
        number: u32,
    ) -> Result<End, DecodeError> {
        let pipe = Pipe::arrived(role, purpose, self.port(number));
        let away = match role {
            Role::Tx => Role::Rx,
            Role::Rx => Role::Tx,
        };
        let (before, lost) = {
            let mut state = self.lock();
            let lost = state.lost;
            let entry = Entry::Open {
                pipe: pipe.clone(),
                role: away,
            };
            match state.ports.insert(number, entry) {
                Some(known @ (Entry::Open { .. } | Entry::Closing { .. })) => {
                    state.ports.insert(number, known);
                    let message = format!("an end of a channel came twice, as port {number}");
                    return Err(DecodeError(message));
                }
                before @ (Some(Entry::Early { .. }) | None) => (before, lost),
            }
        };
        let end = End { pipe, role };
        end.pipe.start();
        if lost {
            self.lose();
        }
        if let Some(Entry::Early { credit, closed }) = before {
            end.pipe.credit_came(credit);
            if let Some(closed) = closed {
                self.close_came(number, closed);
            }
        }
        Ok(end)
    }

    fn port(self: &Arc<Self>, number: u32) -> Port {
        Port {
            ports: self.clone(),
            number,
        }
    }

    /// Whether this side closes the port now, and not before.
    fn begin_to_close(&self, port: u32) -> bool {
        let mut state = self.lock();
        let Some(entry) = state.ports.get_mut(&port) else {
            return false;
        };
        let Entry::Open { pipe, .. } = entry else {
            return false;
        };
        let pipe = pipe.clone();
        *entry = Entry::Closing { pipe };
        true
    }

    fn is_open(&self, port: u32) -> bool {
        matches!(self.lock().ports.get(&port), Some(Entry::Open { .. }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The entry of a port that the peer speaks of. Those that it numbers itself may be known to it first.
    fn heard_of(&mut self, port: u32, origin: Origin) -> Option<&mut Entry> {
        let ours = match origin {
            Origin::Parent => port.is_multiple_of(2),
            Origin::Runner => !port.is_multiple_of(2),
        };
        if ours {
            return self.ports.get_mut(&port);
        }
        let early = Entry::Early {
            credit: 0,
            closed: None,
        };
        Some(self.ports.entry(port).or_insert(early))
    }
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ports")
            .field("origin", &self.origin)
            .field("link", &self.link)
            .finish_non_exhaustive()
    }
}
