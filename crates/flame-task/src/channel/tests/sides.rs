use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;

use crate::channel::ports::{News, Origin, OverCredit, PortLink, Ports};
use crate::registry::BoxFuture;
use crate::wire::{self, Payload, Wire};

/// The largest item.
pub(super) const MAX_PAYLOAD: u64 = 1_000_000;

/// One of the two sides of a call. What it says waits until the test delivers it.
pub(super) struct Side {
    pub(super) ports: Arc<Ports>,
    said: Arc<Mutex<VecDeque<(u32, News)>>>,
    done: Arc<Mutex<bool>>,
}

/// The parent's side and the runner's.
pub(super) fn sides() -> (Side, Side) {
    (Side::new(Origin::Parent), Side::new(Origin::Runner))
}

#[derive(Debug)]
struct Held {
    said: Arc<Mutex<VecDeque<(u32, News)>>>,
    done: Arc<Mutex<bool>>,
}

impl PortLink for Held {
    fn send(&self, port: u32, news: News) {
        self.said.lock().unwrap().push_back((port, news));
    }

    fn max_payload(&self) -> u64 {
        MAX_PAYLOAD
    }

    fn done(&self) {
        *self.done.lock().unwrap() = true;
    }
}

impl Side {
    fn new(origin: Origin) -> Self {
        let (said, done) = (Arc::default(), Arc::default());
        let held = Held {
            said: Arc::clone(&said),
            done: Arc::clone(&done),
        };
        Self {
            ports: Ports::new(origin, Box::new(held)),
            said,
            done,
        }
    }

    /// Takes a value to the other side, as arguments and results travel.
    pub(super) fn send<T: Wire>(&self, to: &Self, value: T) -> T {
        let payload = wire::encode(&value).unwrap();
        drop(value);
        to.receive(self.dispatch(payload)).unwrap()
    }

    pub(super) fn dispatch(&self, payload: Payload) -> Payload {
        let (payload, leaving) = self.ports.dispatch(payload);
        leaving.start();
        payload
    }

    pub(super) fn receive<T: Wire>(&self, payload: Payload) -> Result<T, String> {
        let payload = self
            .ports
            .claim(payload)
            .map_err(|error| error.to_string())?;
        wire::decode(payload).map_err(|error| error.to_string())
    }

    /// Delivers all that this side has said, and tells what it was.
    pub(super) fn deliver(&self, to: &Self) -> Vec<String> {
        let mut words = Vec::new();
        while let Some((port, news)) = self.next() {
            words.push(words_of(port, &news));
            to.hear(port, news).unwrap();
        }
        words
    }

    /// Delivers until neither side has anything to say.
    pub(super) fn settle(&self, other: &Self) {
        while !(self.deliver(other).is_empty() && other.deliver(self).is_empty()) {}
    }

    /// What it said first of what was not delivered.
    pub(super) fn next(&self) -> Option<(u32, News)> {
        self.said.lock().unwrap().pop_front()
    }

    pub(super) fn hear(&self, port: u32, news: News) -> Result<(), OverCredit> {
        match news {
            News::Item(payload) => {
                let size = payload.size();
                self.ports.item_came(port, size, self.coming(payload))
            }
            News::Credit(bytes) => {
                self.ports.credit_came(port, bytes);
                Ok(())
            }
            News::Close(closed) => {
                self.ports.close_came(port, closed);
                Ok(())
            }
        }
    }

    fn coming(&self, payload: Payload) -> BoxFuture<'static, Result<Payload, String>> {
        let ports = self.ports.clone();
        let claimed = async move { ports.claim(payload).map_err(|error| error.to_string()) };
        claimed.boxed()
    }

    /// Whether the call and its ports have come to their end.
    pub(super) fn is_done(&self) -> bool {
        *self.done.lock().unwrap()
    }
}

fn words_of(port: u32, news: &News) -> String {
    match news {
        News::Item(_) => format!("{port} item"),
        News::Credit(bytes) => format!("{port} credit {bytes}"),
        News::Close(closed) => format!("{port} close {closed:?}"),
    }
}
