use std::task::Waker;

use crate::channel::item::{Coming, Item, Queued};
use crate::channel::pipe::Side;
use crate::channel::pipe::state::{State, needed, signed};
use crate::channel::ports::{Closed, Port};
use crate::wire::Payload;

/// What has to be done, under no lock.
pub(super) enum Step {
    Wake(Vec<Waker>),
    Drop(Vec<Queued>),
    Send(Port, Payload),
    Grant(Port, u64),
    Close(Port, Closed),
    Poll(Coming),
    Discard(Vec<Coming>),
}

impl State {
    /// What follows from the state, and was not done so far.
    pub(super) fn next_step(&mut self) -> Option<Step> {
        if self.held {
            return None;
        }
        if let Some(step) = self.due.pop_front() {
            return Some(step);
        }
        if !self.unwanted_sleep {
            self.unwanted_sleep = true;
            return Some(Step::Discard(std::mem::take(&mut self.unwanted)));
        }
        if let Some(coming) = self.front_to_poll() {
            return Some(Step::Poll(coming));
        }
        let Side::Away(port) = &self.rx else {
            return None;
        };
        let port = port.clone();
        let Some(front) = self.queue.front() else {
            let Side::Gone(closed) = self.tx else {
                return None;
            };
            self.rx = Side::Gone(closed);
            return Some(Step::Close(port, closed));
        };
        let goes = match &front.item {
            Item::Payload(payload) if payload.size() <= port.max_payload() => {
                self.credit >= needed(front.cost)
            }
            Item::Payload(_) | Item::Broken(_) => {
                self.close_rx(Closed::Codec);
                return self.due.pop_front();
            }
            Item::Value(_) | Item::Coming(_) => false,
        };
        if !goes {
            return None;
        }
        self.credit = self.credit.saturating_sub(signed(front.cost));
        match self.take_front() {
            Some(Item::Payload(payload)) => Some(Step::Send(port, payload)),
            Some(Item::Value(_) | Item::Coming(_) | Item::Broken(_)) | None => None,
        }
    }

    fn front_to_poll(&mut self) -> Option<Coming> {
        if self.front_sleeps {
            return None;
        }
        let Item::Coming(coming) = &mut self.queue.front_mut()?.item else {
            return None;
        };
        let coming = coming.take();
        self.front_sleeps = coming.is_some();
        coming
    }
}
