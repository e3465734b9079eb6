use std::collections::BTreeMap;

use super::Link;
use crate::id::CallId;

/// The calls that run here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Work {
    calls: BTreeMap<CallId, Call>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Call {
    link: Link,
    cancelled: bool,
}

impl Work {
    pub(super) fn len(&self) -> usize {
        self.calls.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    pub(super) fn contains(&self, call: CallId) -> bool {
        self.calls.contains_key(&call)
    }

    pub(super) fn start(&mut self, call: CallId, link: Link) {
        let cancelled = false;
        self.calls.insert(call, Call { link, cancelled });
    }

    pub(super) fn end(&mut self, call: CallId) {
        self.calls.remove(&call);
    }

    /// Notes that a call is told to end. Returns whether that is news.
    pub(super) fn cancel(&mut self, call: CallId) -> bool {
        let Some(call) = self.calls.get_mut(&call) else {
            return false;
        };
        !std::mem::replace(&mut call.cancelled, true)
    }

    /// The calls that were not told to end.
    pub(super) fn uncancelled(&self) -> impl Iterator<Item = (CallId, Link)> {
        let calls = self.calls.iter().filter(|(_, call)| !call.cancelled);
        calls.map(|(&id, call)| (id, call.link))
    }
}
