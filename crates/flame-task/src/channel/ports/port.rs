use std::sync::Arc;

use crate::channel::ports::{Closed, News, Ports};
use crate::wire::Payload;

/// One port of a call.
#[derive(Clone)]
pub(in crate::channel) struct Port {
    pub(super) ports: Arc<Ports>,
    pub(super) number: u32,
}

impl Port {
    pub(in crate::channel) fn max_payload(&self) -> u64 {
        self.ports.link.max_payload()
    }

    pub(in crate::channel) fn send_item(&self, payload: Payload) {
        if self.ports.is_open(self.number) {
            let (payload, leaving) = self.ports.dispatch(payload);
            self.ports.link.send(self.number, News::Item(payload));
            leaving.start();
        }
    }

    pub(in crate::channel) fn send_credit(&self, bytes: u64) {
        if self.ports.is_open(self.number) {
            self.ports.link.send(self.number, News::Credit(bytes));
        }
    }

    pub(in crate::channel) fn close(&self, closed: Closed) {
        if self.ports.begin_to_close(self.number) {
            self.ports.link.send(self.number, News::Close(closed));
        }
    }
}
