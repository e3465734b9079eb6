use std::fmt::{Debug, Write as _};
use std::time::{Duration, Instant};

use flame_core::pool::{PoolAction, PoolEvent, TimerReason};

use super::tally::Tally;

/// What has happened, for whoever has to understand a disagreement.
pub(super) struct Report {
    began_at: Instant,
    text: String,
    tally: Tally,
}

impl Report {
    pub(super) fn begin(began_at: Instant) -> Self {
        Self {
            began_at,
            text: "the pool begins\n".to_owned(),
            tally: Tally::default(),
        }
    }

    pub(super) fn time_passes(&mut self, span: Duration) {
        writeln!(self.text, "{span:?} pass").unwrap();
    }

    pub(super) fn goes_back(&mut self, span: Duration) {
        writeln!(self.text, "  (heard of with the clock {span:?} behind)").unwrap();
        self.tally.count("the clock goes back");
    }

    pub(super) fn wakes(&mut self, now: Instant, reason: TimerReason) {
        let time = now - self.began_at;
        writeln!(self.text, "at {time:?} the pool is woken for {reason:?}").unwrap();
        self.tally
            .count(&format!("woken for {}", first_word(&reason)));
    }

    pub(super) fn happens(&mut self, event: PoolEvent, now: Instant) {
        let time = now - self.began_at;
        match event {
            PoolEvent::CheckoutRequested {
                caller,
                kind,
                deadline,
                queue_deadline,
                retries,
                pin,
            } => {
                let left = |until: Option<Instant>| until.map(|until| until - now);
                let (deadline, queue) = (left(deadline), left(queue_deadline));
                writeln!(
                    self.text,
                    "at {time:?} {caller} comes: {kind:?}, deadline in {deadline:?}, queue deadline \
                     in {queue:?}, {retries} retries, pinned to {pin:?}"
                )
            }
            PoolEvent::DrainRequested { until } => {
                let until = until.map(|until| until - now);
                writeln!(self.text, "at {time:?} the pool is to drain, within {until:?}")
            }
            event => writeln!(self.text, "at {time:?} {event:?}"),
        }
        .unwrap();
    }

    /// Counts an event, and whether it changed anything.
    pub(super) fn counts_event(&mut self, event: PoolEvent, is_ignored: bool) {
        let name = match event {
            PoolEvent::BootFailed { retry, .. } => format!("BootFailed {retry:?}"),
            PoolEvent::CallEnded { end, slot, .. } => format!("CallEnded {end:?} {slot:?}"),
            PoolEvent::IdleAnswered { idle, .. } => format!("IdleAnswered {idle}"),
            event => first_word(&event),
        };
        match is_ignored {
            true => self.tally.count(&format!("ignored {name}")),
            false => self.tally.count(&name),
        }
    }

    pub(super) fn acts(&mut self, actions: &[PoolAction]) {
        for action in actions {
            writeln!(self.text, "  {action:?}").unwrap();
            self.tally.count(&match action {
                PoolAction::RejectCaller { reason, .. } => format!("RejectCaller {reason:?}"),
                PoolAction::CancelCall { reason, .. } => format!("CancelCall {reason:?}"),
                action => first_word(action),
            });
        }
    }

    /// Counts something else.
    pub(super) fn count(&mut self, what: &str) {
        self.tally.count(what);
    }

    /// Fails, with the whole story, if the pool and the model disagree.
    pub(super) fn same<T: Debug + PartialEq>(&self, what: &str, pool: &T, model: &T) {
        if pool != model {
            self.fail(&format!("{what}:\n  pool:  {pool:?}\n  model: {model:?}"));
        }
    }

    /// Fails, with the whole story, if something does not hold.
    pub(super) fn holds(&self, holds: bool, complaint: &str) {
        if !holds {
            self.fail(complaint);
        }
    }

    /// Unwinds without a word: while a failing life is being made shorter, it fails often, and only its
    /// last failure is worth printing.
    fn fail(&self, complaint: &str) -> ! {
        let text = format!("pool and model disagree\n{}{complaint}", self.text);
        std::panic::resume_unwind(Box::new(text));
    }

    pub(super) fn into_tally(self) -> Tally {
        self.tally
    }
}

fn first_word(value: &impl Debug) -> String {
    let words = format!("{value:?}");
    let end = words.find(|c: char| !c.is_alphanumeric());
    words[..end.unwrap_or(words.len())].to_owned()
}
