//! What the driver does with channels, and with a parent that breaks their rules.

use flame_core::CallId;
use flame_core::terminator::{ParentLoss, TerminatorEvent};
use flame_proto::frame::PortFrame;

use super::Driver;

impl Driver {
    pub(super) fn handle_port(&mut self, frame: PortFrame) {
        let Some(executor) = &self.executor else {
            return self.handle_violation("port");
        };
        let call = frame.call;
        let runs = || self.received.contains_key(&call) || self.running.contains_key(&call);
        if let Err(error) = executor.channels.heard(frame, runs) {
            tracing::debug!(%error, "the parent broke the protocol");
            self.handle_violation("port");
        }
    }

    /// The parent sent what this side did not announce: a session that cannot be trusted is over.
    fn handle_violation(&mut self, kind: &'static str) {
        tracing::debug!(kind, "the parent sent a frame that was not announced");
        self.lose_parent(ParentLoss::Closed);
    }

    pub(super) fn lose_parent(&mut self, how: ParentLoss) {
        self.inbound = None;
        self.handle(TerminatorEvent::ParentLost { how });
    }

    /// The channels of a call that was refused end with it, those of any other when they do.
    pub(super) fn close_channels(&self, call: CallId, refused: bool) {
        match &self.executor {
            Some(executor) if refused => executor.channels.call_refused(call),
            Some(executor) => executor.channels.call_ended(call),
            None => {}
        }
    }
}
