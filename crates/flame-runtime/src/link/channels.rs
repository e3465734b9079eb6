use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use flame_core::CallId;
use flame_proto::frame::{PortCloseReason, PortFrame, PortNews};
use flame_proto::weight::Weigh;
use flame_task::{
    Closed, DecodeError, Leaving, News, Origin, OverCredit, Payload, PortLink, Ports,
};

use super::bulk::Bulk;
use super::outbox::Outbox;
use super::payload::{self, TooLarge};

/// The channels of one session: the ports of each call that brought some.
pub(crate) struct Channels<F> {
    origin: Origin,
    /// How a frame of this side speaks of a port.
    frame: fn(PortFrame) -> F,
    outbox: Arc<Outbox<F>>,
    bulk: Arc<Bulk>,
    inline_limit: usize,
    max_payload: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    calls: HashMap<CallId, Arc<Ports>>,
    /// The session has ended.
    lost: bool,
}

impl<F: Weigh + Send + 'static> Channels<F> {
    pub(crate) fn new(
        origin: Origin,
        frame: fn(PortFrame) -> F,
        outbox: Arc<Outbox<F>>,
        bulk: Arc<Bulk>,
        inline_limit: usize,
        max_payload: u64,
    ) -> Arc<Self> {
        Arc::new(Self {
            origin,
            frame,
            outbox,
            bulk,
            inline_limit,
            max_payload,
            state: Mutex::default(),
        })
    }

    /// Gives ports to the ends in a payload, which is sent next.
    pub(crate) fn dispatch(
        self: &Arc<Self>,
        call: CallId,
        payload: Payload,
    ) -> (Payload, Option<Leaving>) {
        if payload.ends.is_empty() {
            return (payload, None);
        }
        let (payload, leaving) = self.of(call).dispatch(payload);
        (payload, Some(leaving))
    }

    /// Finds the ends that came with a payload.
    pub(crate) fn claim(
        self: &Arc<Self>,
        call: CallId,
        payload: Payload,
    ) -> Result<Payload, DecodeError> {
        match payload.brings_ends() {
            true => self.of(call).claim(payload),
            false => Ok(payload),
        }
    }

    /// Handles news from the peer. Those of a call that is not known, and does not run, come too late to matter.
    pub(crate) fn heard(
        self: &Arc<Self>,
        PortFrame { call, port, news }: PortFrame,
        runs: impl FnOnce() -> bool,
    ) -> Result<(), OverCredit> {
        let known = self.known(call);
        let Some(ports) = known.or_else(|| runs().then(|| self.of(call))) else {
            return Ok(());
        };
        match news {
            PortNews::Item(item) => self.item_came(&ports, port, item)?,
            PortNews::Credit { bytes } => ports.credit_came(port, bytes),
            PortNews::Close(reason) => ports.close_came(port, closed(reason)),
        }
        Ok(())
    }

    fn item_came(
        &self,
        ports: &Arc<Ports>,
        port: u32,
        item: flame_proto::frame::Payload,
    ) -> Result<(), OverCredit> {
        let size = item.size();
        let coming = payload::receive(item, self.max_payload, &self.bulk);
        let claim = ports.clone();
        let item = async move {
            let coming = coming.map_err(|TooLarge { size, limit }| {
                format!("it has {size} bytes, which is more than the limit of {limit}")
            })?;
            let whole = coming.whole().await.map_err(|lost| lost.to_string())?;
            claim.claim(whole).map_err(|error| error.to_string())
        };
        ports.item_came(port, size, Box::pin(item))
    }

    /// The call has ended. Its channels go on.
    pub(crate) fn call_ended(&self, call: CallId) {
        if let Some(ports) = self.known(call) {
            ports.call_ended();
        }
    }

    /// The call will not run: its channels are closed.
    pub(crate) fn call_refused(&self, call: CallId) {
        if let Some(ports) = self.forget(call) {
            ports.lose();
        }
    }

    /// The peer has not looked at the call: the ends in it are here again.
    pub(crate) fn take_back(&self, call: CallId) {
        if let Some(ports) = self.forget(call) {
            ports.take_back();
        }
    }

    /// The session has ended, and all channels with it.
    pub(crate) fn lose(&self) {
        let calls = {
            let mut state = self.lock();
            state.lost = true;
            std::mem::take(&mut state.calls)
        };
        calls.values().for_each(|ports| ports.lose());
    }

    fn of(self: &Arc<Self>, call: CallId) -> Arc<Ports> {
        let mut state = self.lock();
        if let Some(ports) = state.calls.get(&call) {
            return ports.clone();
        }
        let link = CallLink {
            call,
            session: Arc::downgrade(self),
            max_payload: self.max_payload,
        };
        let ports = Ports::new(self.origin, Box::new(link));
        if state.lost {
            drop(state);
            ports.lose();
        } else {
            state.calls.insert(call, ports.clone());
        }
        ports
    }

    fn known(&self, call: CallId) -> Option<Arc<Ports>> {
        self.lock().calls.get(&call).cloned()
    }

    fn forget(&self, call: CallId) -> Option<Arc<Ports>> {
        self.lock().calls.remove(&call)
    }
}

impl<F> Channels<F> {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F> fmt::Debug for Channels<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channels")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// The channels of a session as long as it lives. They are lost with this.
#[derive(Debug)]
pub(crate) struct OpenChannels<F: Weigh + Send + 'static>(pub(crate) Arc<Channels<F>>);

impl<F: Weigh + Send + 'static> Drop for OpenChannels<F> {
    fn drop(&mut self) {
        self.0.lose();
    }
}

/// The way of one call's ports to the peer.
struct CallLink<F> {
    call: CallId,
    session: Weak<Channels<F>>,
    max_payload: u64,
}

impl<F: Weigh + Send + 'static> PortLink for CallLink<F> {
    fn send(&self, port: u32, news: News) {
        let Some(session) = self.session.upgrade() else {
            return;
        };
        let news = match news {
            News::Item(payload) => {
                PortNews::Item(payload::send(payload, session.inline_limit, &session.bulk))
            }
            News::Credit(bytes) => PortNews::Credit { bytes },
            News::Close(closed) => PortNews::Close(reason(closed)),
        };
        let call = self.call;
        // A frame for a peer that has gone is dropped.
        let _ = session
            .outbox
            .push((session.frame)(PortFrame { call, port, news }));
    }

    fn max_payload(&self) -> u64 {
        self.max_payload
    }

    fn done(&self) {
        if let Some(session) = self.session.upgrade() {
            let ports = session.lock().calls.remove(&self.call);
            drop(ports);
        }
    }
}

impl<F> fmt::Debug for CallLink<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CallLink").field(&self.call).finish()
    }
}

fn reason(closed: Closed) -> PortCloseReason {
    match closed {
        Closed::Finished => PortCloseReason::Finished,
        Closed::Unwanted => PortCloseReason::Unwanted,
        Closed::Codec => PortCloseReason::Codec,
        Closed::Lost => PortCloseReason::Lost,
    }
}

fn closed(reason: PortCloseReason) -> Closed {
    match reason {
        PortCloseReason::Finished => Closed::Finished,
        PortCloseReason::Unwanted => Closed::Unwanted,
        PortCloseReason::Codec => Closed::Codec,
        PortCloseReason::Lost => Closed::Lost,
    }
}
