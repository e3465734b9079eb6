use std::collections::VecDeque;
use std::task::{Poll, Waker};

use crate::channel::end::Role;
use crate::channel::item::{Coming, Item, Queued};
use crate::channel::pipe::step::Step;
use crate::channel::pipe::{Popped, Room, Side};
use crate::channel::ports::{Closed, Port};
use crate::channel::{CHANNEL_CAPACITY, CHANNEL_WINDOW, RecvError, SendFailure};

/// What a pipe knows.
pub(super) struct State {
    pub(super) queue: VecDeque<Queued>,
    /// The cost of all in the queue.
    pub(super) queued: u64,
    pub(super) tx: Side,
    pub(super) rx: Side,
    /// The receiving end has left at least once, so nothing in the queue is a plain value.
    encodes: bool,
    /// With the sending side away: what it still may send. Less than nothing after an item that is larger than a
    /// window.
    granted: i64,
    /// With the sending side away: what was taken out and not granted again so far.
    owed: u64,
    /// With the receiving side away: what we still may send.
    pub(super) credit: i64,
    /// The first item was looked at, and has not called since.
    pub(super) front_sleeps: bool,
    senders: Vec<Waker>,
    receiver: Option<Waker>,
    pub(super) due: VecDeque<Step>,
    settling: bool,
    /// Items on their way that nobody wants any more. They are heard to their end, for ends in them must close.
    pub(super) unwanted: Vec<Coming>,
    /// The unwanted were looked at, and have not called since.
    pub(super) unwanted_sleep: bool,
    /// An item takes the place of those that wait.
    only_newest: bool,
    /// An end leaves inside of something that was not sent yet, and must not be overtaken.
    pub(super) held: bool,
}

/// How much must be left of a window for an item. The receiver may keep back almost half of one.
pub(super) fn needed(cost: u64) -> i64 {
    signed(cost.min(CHANNEL_WINDOW / 2))
}

pub(super) fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

impl State {
    pub(super) fn new(tx: Side, rx: Side) -> Self {
        Self {
            queue: VecDeque::new(),
            queued: 0,
            encodes: !matches!(rx, Side::Here),
            tx,
            rx,
            granted: 0,
            owed: 0,
            credit: 0,
            front_sleeps: false,
            senders: Vec::new(),
            receiver: None,
            due: VecDeque::new(),
            settling: false,
            unwanted: Vec::new(),
            unwanted_sleep: true,
            only_newest: false,
            held: false,
        }
    }

    pub(super) fn keeping_the_newest(self) -> Self {
        Self {
            only_newest: true,
            ..self
        }
    }

    /// The state of a pipe whose receiving end has arrived.
    pub(super) fn fed_by(port: Port) -> Self {
        let mut state = Self::new(Side::Leaving, Side::Leaving);
        state.bind(Role::Tx, port);
        state
    }

    pub(super) fn side(&self, role: Role) -> &Side {
        match role {
            Role::Tx => &self.tx,
            Role::Rx => &self.rx,
        }
    }

    fn side_mut(&mut self, role: Role) -> &mut Side {
        match role {
            Role::Tx => &mut self.tx,
            Role::Rx => &mut self.rx,
        }
    }

    /// Turns a side from one state into another; `false` if it is not in the first.
    pub(super) fn turn(&mut self, role: Role, from: &Side, to: Side) -> bool {
        let side = self.side_mut(role);
        let turns = std::mem::discriminant(side) == std::mem::discriminant(from);
        if turns {
            *side = to;
        }
        turns
    }

    /// Whether there is room for one more. If there is none, `waker` is called when that may have changed.
    pub(super) fn room(&mut self, waker: Option<&Waker>) -> Result<Room, SendFailure> {
        match self.tx {
            Side::Here => {}
            Side::Leaving | Side::Away(_) | Side::Gone(_) => return Err(SendFailure::Moved),
        }
        let limit = match &self.rx {
            Side::Gone(closed) => return Err(SendFailure::after(*closed)),
            Side::Here | Side::Leaving => u64::MAX,
            Side::Away(port) => port.max_payload(),
        };
        let room = match self.encodes {
            false if self.queue.len() < CHANNEL_CAPACITY => Room::ForValues,
            true if self.queued < CHANNEL_WINDOW => Room::ForPayloads { limit },
            false | true => Room::None,
        };
        if let (Room::None, Some(waker)) = (&room, waker)
            && !self.senders.iter().any(|known| known.will_wake(waker))
        {
            self.senders.push(waker.clone());
        }
        Ok(room)
    }

    pub(super) fn push(&mut self, queued: Queued) {
        if self.only_newest {
            self.drop_older();
        }
        self.queued = self.queued.saturating_add(queued.cost);
        self.queue.push_back(queued);
        self.wake_receiver();
    }

    /// Drops what waits. Its room is given back when its successor is taken out.
    fn drop_older(&mut self) {
        let older = std::mem::take(&mut self.queue);
        let credited = older.iter().filter(|queued| queued.credited);
        self.owed += credited.map(|queued| queued.cost).sum::<u64>();
        self.queued = 0;
        self.front_sleeps = false;
        if !older.is_empty() {
            self.due.push_back(Step::Drop(older.into()));
        }
    }

    pub(super) fn finish_newest(&mut self) {
        if matches!(self.tx, Side::Here) {
            self.credit = i64::MAX;
            self.close_tx(Closed::Finished);
        }
    }

    pub(super) fn pop(&mut self, waker: &Waker) -> Poll<Popped> {
        match self.rx {
            Side::Here => {}
            Side::Gone(closed) => return Poll::Ready(Popped::End(RecvError::after(closed))),
            Side::Leaving | Side::Away(_) => {
                return Poll::Ready(Popped::End(Err(RecvError::Moved)));
            }
        }
        let is_coming = |queued: &Queued| matches!(queued.item, Item::Coming(_));
        match (self.queue.front(), &self.tx) {
            (Some(front), _) if !is_coming(front) => {}
            (None, Side::Gone(closed)) => {
                return Poll::Ready(Popped::End(RecvError::after(*closed)));
            }
            (Some(_), _) | (None, Side::Here | Side::Leaving | Side::Away(_)) => {
                self.receiver = Some(waker.clone());
                return Poll::Pending;
            }
        }
        match self.take_front() {
            Some(Item::Value(value)) => Poll::Ready(Popped::Value(value)),
            Some(Item::Payload(payload)) => Poll::Ready(Popped::Payload(payload)),
            Some(Item::Broken(message)) => Poll::Ready(Popped::Broken(message)),
            Some(Item::Coming(_)) | None => Poll::Pending,
        }
    }

    /// Takes the first item out, which makes room for others.
    pub(super) fn take_front(&mut self) -> Option<Item> {
        let queued = self.queue.pop_front()?;
        self.queued = self.queued.saturating_sub(queued.cost);
        self.front_sleeps = false;
        self.wake_senders();
        if queued.credited {
            self.owed = self.owed.saturating_add(queued.cost);
        }
        if let Side::Away(port) = &self.tx
            && self.owed >= CHANNEL_WINDOW / 2
        {
            self.due.push_back(Step::Grant(port.clone(), self.owed));
            self.granted = self.granted.saturating_add(signed(self.owed));
            self.owed = 0;
        }
        Some(queued.item)
    }

    /// Takes out the values that wait while the receiving end leaves. From here on senders encode.
    ///
    /// Values come before all else, and until they are put back nothing moves.
    pub(super) fn take_values(&mut self) -> Vec<Queued> {
        self.encodes = true;
        let is_value = |queued: &Queued| matches!(queued.item, Item::Value(_));
        let count = self.queue.iter().take_while(|queued| is_value(queued));
        let count = count.count();
        let values: Vec<_> = self.queue.drain(..count).collect();
        self.front_sleeps |= !values.is_empty();
        for value in &values {
            self.queued = self.queued.saturating_sub(value.cost);
        }
        values
    }

    /// Puts back, before all that has come since, what was taken out.
    pub(super) fn put_back(&mut self, waiting: Vec<Queued>) {
        if waiting.is_empty() {
            return;
        }
        self.front_sleeps = false;
        for queued in waiting.into_iter().rev() {
            self.queued = self.queued.saturating_add(queued.cost);
            self.queue.push_front(queued);
        }
    }

    /// The sending side has ended. What it has sent is still received.
    pub(super) fn close_tx(&mut self, closed: Closed) {
        self.tx = Side::Gone(closed);
        self.wake_receiver();
    }

    /// The receiving side has ended. What waits for it is dropped.
    pub(super) fn close_rx(&mut self, closed: Closed) {
        let rx = std::mem::replace(&mut self.rx, Side::Gone(closed));
        if let Side::Away(port) = rx {
            self.due.push_back(Step::Close(port, closed));
        }
        self.queued = 0;
        let waiting = std::mem::take(&mut self.queue);
        self.due.push_back(Step::Drop(waiting.into()));
        self.wake_senders();
        if let Side::Away(_) = &self.tx
            && let Side::Away(port) = std::mem::replace(&mut self.tx, Side::Gone(closed))
        {
            self.due.push_back(Step::Close(port, closed));
        }
    }

    /// The receiving side, which is away, has said that it has ended.
    pub(super) fn away_rx_closed(&mut self, closed: Closed) {
        self.rx = Side::Gone(closed);
        self.close_rx(closed);
    }

    pub(super) fn bind(&mut self, role: Role, port: Port) {
        self.held = true;
        let closed = match self.side(role) {
            Side::Here | Side::Leaving => None,
            Side::Gone(closed) => Some(*closed),
            Side::Away(_) => Some(Closed::Lost),
        };
        if let Some(closed) = closed {
            self.due.push_back(Step::Close(port, closed));
            return;
        }
        match role {
            Role::Tx => {
                if let Side::Gone(closed) = self.rx {
                    self.tx = Side::Gone(closed);
                    self.due.push_back(Step::Close(port, closed));
                    return;
                }
                self.granted = signed(CHANNEL_WINDOW);
                self.owed = 0;
                self.tx = Side::Away(port.clone());
                self.due.push_back(Step::Grant(port, CHANNEL_WINDOW));
            }
            Role::Rx => {
                self.credit = 0;
                self.rx = Side::Away(port);
            }
        }
    }

    /// The other side is about to know of the port: from here on it may hear of it.
    pub(super) fn start(&mut self) {
        self.held = false;
    }

    pub(super) fn unbind(&mut self, role: Role) {
        self.held = false;
        if let Side::Away(_) = self.side(role) {
            *self.side_mut(role) = Side::Leaving;
        }
    }

    pub(super) fn item_came(&mut self, cost: u64, item: Coming) -> bool {
        let item = Item::Coming(Some(item));
        let queued = Queued {
            item,
            cost,
            credited: true,
        };
        if !matches!(self.tx, Side::Away(_)) {
            // It was on its way when this side closed.
            self.due.push_back(Step::Drop(vec![queued]));
            return true;
        }
        let fair = self.granted >= needed(cost);
        self.granted = self.granted.saturating_sub(signed(cost));
        self.push(queued);
        // The last of progress may go beyond.
        fair || self.only_newest
    }

    pub(super) fn credit_came(&mut self, bytes: u64) {
        self.credit = self.credit.saturating_add(signed(bytes));
    }

    pub(super) fn front_came(&mut self, came: Item) {
        let is_here = !matches!(came, Item::Coming(_));
        match self.queue.front_mut() {
            Some(front) if matches!(front.item, Item::Coming(None)) => front.item = came,
            // The queue was dropped meanwhile.
            Some(_) | None => {
                let (cost, credited) = (0, false);
                self.due.push_back(Step::Drop(vec![Queued {
                    item: came,
                    cost,
                    credited,
                }]));
                return;
            }
        }
        if is_here {
            self.wake_receiver();
        }
    }

    pub(super) fn woke(&mut self) {
        self.front_sleeps = false;
        self.unwanted_sleep = false;
    }

    /// Nobody wants this any more.
    pub(super) fn discard(&mut self, unwanted: impl IntoIterator<Item = Coming>) {
        self.unwanted.extend(unwanted);
        self.unwanted_sleep = false;
    }

    /// Whether the asker is to settle, because nobody does.
    pub(super) fn may_settle(&mut self) -> bool {
        !std::mem::replace(&mut self.settling, true)
    }

    pub(super) fn settled(&mut self) {
        self.settling = false;
    }

    pub(super) fn wake_receiver(&mut self) {
        if let Some(receiver) = self.receiver.take() {
            self.due.push_back(Step::Wake(vec![receiver]));
        }
    }

    fn wake_senders(&mut self) {
        if !self.senders.is_empty() {
            let senders = std::mem::take(&mut self.senders);
            self.due.push_back(Step::Wake(senders));
        }
    }
}
