use std::time::Duration;

use flame_core::pool::{
    CallerKind, Placement, PoolCounts, PoolEvent, PoolLimits, PoolState, PoolTimeouts, Reuse,
};

use super::words;
use crate::script::{Transcript, lines, number, pair, span};

/// A pool, what happens to it, and what it does.
pub(super) struct Story {
    pool: PoolState,
    transcript: Transcript,
    ignored: u64,
}

impl Story {
    pub(super) fn begin(settings: &str) -> Self {
        let (limits, timeouts) = self::settings(settings);
        let mut story = Self {
            pool: PoolState::new(limits, timeouts, 0),
            transcript: Transcript::new(),
            ignored: 0,
        };
        story.transcript.happens("begin");
        story.pool.handle_timeout(story.transcript.now);
        story.write_actions();
        story
    }

    pub(super) fn tell(mut self, script: &str) -> String {
        for line in lines(script) {
            self.transcript.happens(line);
            match line.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["wait", time] => self.wait(span(time)),
                ["counts"] => self.transcript.act(&gauges(&self.pool.counts())),
                ["outcomes"] => self.outcomes(),
                ["now", settings @ ..] => self.reconfigure(settings),
                ["late", by, words @ ..] => {
                    self.transcript.now += span(by);
                    self.happens(words);
                }
                words => self.happens(words),
            }
        }
        self.transcript.into_text()
    }

    /// The owner changes the settings that are named, and leaves the others as they are.
    fn reconfigure(&mut self, settings: &[&str]) {
        let before = (*self.pool.limits(), *self.pool.timeouts());
        let (limits, timeouts) = settings
            .iter()
            .fold(before, |so_far, &word| set(so_far, word));
        let event = PoolEvent::LimitsChanged { limits, timeouts };
        self.pool.handle_event(event, self.transcript.now);
        self.write_actions();
    }

    /// Writes down what has become of the callers of each kind.
    fn outcomes(&mut self) {
        let counts = self.pool.counts();
        for kind in CallerKind::ALL {
            let totals = counts.of(kind).totals;
            if totals.submitted > 0 {
                self.transcript.act(&words::outcomes(kind, &totals));
            }
        }
    }

    fn happens(&mut self, words: &[&str]) {
        let now = self.transcript.now;
        self.pool.handle_event(words::event(words, now), now);
        self.write_actions();
    }

    fn wait(&mut self, time: Duration) {
        let until = self.transcript.now + time;
        while let Some((at, reason)) = self.pool.poll_timeout()
            && at <= until
        {
            self.transcript.arrive(at, &words::reason(reason));
            self.pool.handle_timeout(at);
            self.write_actions();
        }
        self.transcript.now = until;
    }

    fn write_actions(&mut self) {
        while let Some(action) = self.pool.poll_action() {
            self.transcript.act(&words::action(action));
        }
        let counts = self.pool.counts();
        if counts.ignored > self.ignored {
            self.transcript.act("ignored");
        }
        self.ignored = counts.ignored;
        assert!(
            counts.are_conserved(),
            "somebody was forgotten or counted twice: {counts:?}"
        );
        if let Some((at, reason)) = self.pool.poll_timeout() {
            assert!(at > self.transcript.now, "{reason:?} is overdue");
        }
    }
}

/// Reads a pool's settings, `max` first. What is not named is as the product has it, but boots that nobody needs
/// end at once: the stories about how long they go on say so.
fn settings(settings: &str) -> (PoolLimits, PoolTimeouts) {
    let mut words = settings.split_whitespace();
    let Some(("max", max)) = words.next().map(pair) else {
        panic!("the first setting is max");
    };
    let begin = (
        PoolLimits::new(number(max)).unwrap(),
        PoolTimeouts {
            boot_linger: Duration::ZERO,
            ..PoolTimeouts::default()
        },
    );
    words.fold(begin, set)
}

fn set(
    (limits, mut timeouts): (PoolLimits, PoolTimeouts),
    word: &str,
) -> (PoolLimits, PoolTimeouts) {
    let mut limits = limits;
    match word.split_once('=').unwrap_or((word, "")) {
        ("min", value) => limits = limits.with_min(number(value)).unwrap(),
        ("max", value) => limits = limits.with_max(number(value)).unwrap(),
        ("concurrency", value) => limits = limits.with_max_concurrency(number(value)).unwrap(),
        ("warm", value) => limits = limits.with_warm(number(value)),
        ("queue", value) => limits = limits.with_max_queue(number(value)),
        ("single-use", "") => limits = limits.with_reuse(Reuse::SingleUse),
        ("used-often", "") => limits = limits.with_reuse(Reuse::Many),
        ("pack", "") => limits = limits.with_placement(Placement::Pack),
        ("spread", "") => limits = limits.with_placement(Placement::Spread),
        ("boot", value) => timeouts.boot_timeout = span(value),
        ("shutdown", value) => timeouts.shutdown_timeout = span(value),
        ("idle", value) => timeouts.idle_shutdown_after = span(value),
        ("min-idle", value) => timeouts.min_idle_shutdown_after = Some(span(value)),
        ("grace", value) => timeouts.cancel_grace = span(value),
        ("kill", value) => timeouts.kill_timeout = span(value),
        ("backoff", value) => timeouts.boot_backoff_first = span(value),
        ("backoff-max", value) => timeouts.boot_backoff_max = span(value),
        ("linger", value) => timeouts.boot_linger = span(value),
        (key, _) => panic!("{key:?} is not a setting"),
    }
    (limits, timeouts)
}

/// What a pool has at the moment, without what it has none of.
fn gauges(counts: &PoolCounts) -> String {
    let gauges = [
        (counts.queued, "queued"),
        (counts.pinned, "pinned"),
        (counts.running, "running"),
        (counts.unconfirmed, "unconfirmed"),
        (counts.residents, "residents"),
        (counts.ready, "ready"),
        (counts.booting, "booting"),
        (counts.draining, "draining"),
        (counts.poisoned, "poisoned"),
        (counts.reaping, "reaping"),
    ];
    let present: Vec<_> = gauges
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    if present.is_empty() {
        "nothing".to_owned()
    } else {
        present.join(", ")
    }
}
