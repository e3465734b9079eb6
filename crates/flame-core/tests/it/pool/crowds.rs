//! Many runners, many callers and many bursts: what a pool does, and what it keeps, grows with them and not faster.
//!
//! Work is counted here in what a pool says: actions, wake-ups, and what is in its books. How many instructions a
//! checkout takes beside so many others is counted by `cargo xtask bench --check`.

use std::time::{Duration, Instant};

use flame_core::pool::{
    CallerKind, PoolAction, PoolEvent, PoolLimits, PoolState, PoolTimeouts, SlotAfter, WorkEnd,
};
use flame_core::{CallerId, RunnerId};

use crate::script::clock;

const RUNNERS: usize = 500;
const CALLERS: u64 = 100_000;
const BURSTS: u64 = 10_000;
/// How many callers come in each burst, and how many runners that boots.
const BURST: u64 = 4;

/// A pool, and how often it has said something.
struct Counted {
    pool: PoolState,
    now: Instant,
    actions: usize,
    wake_ups: usize,
    callers: u64,
    /// Who was granted a slot, in this order.
    granted: Vec<CallerId>,
    boots: Vec<RunnerId>,
    destroyed: Vec<RunnerId>,
}

impl Counted {
    fn new(limits: PoolLimits) -> Self {
        let mut this = Self {
            pool: PoolState::new(limits, PoolTimeouts::default(), 1),
            now: clock(),
            actions: 0,
            wake_ups: 0,
            callers: 0,
            granted: Vec::new(),
            boots: Vec::new(),
            destroyed: Vec::new(),
        };
        this.pool.handle_timeout(this.now);
        this.hear();
        this
    }

    fn tell(&mut self, event: PoolEvent) {
        self.pool.handle_event(event, self.now);
        self.hear();
    }

    fn hear(&mut self) {
        while let Some(action) = self.pool.poll_action() {
            self.actions += 1;
            if let PoolAction::GrantSlot { caller, .. } = action {
                self.granted.push(caller);
            } else if let PoolAction::BootInstance { runner } = action {
                self.boots.push(runner);
            } else if let PoolAction::DestroyInstance { runner } = action {
                self.destroyed.push(runner);
            }
        }
    }

    fn call(&mut self) {
        let caller = CallerId(self.callers);
        self.callers += 1;
        self.tell(PoolEvent::CheckoutRequested {
            caller,
            kind: CallerKind::Call,
            deadline: Some(self.now + Duration::from_secs(3600)),
            queue_deadline: None,
            retries: 0,
            pin: None,
        });
    }

    fn attach_all(&mut self) {
        for runner in std::mem::take(&mut self.boots) {
            self.tell(PoolEvent::RunnerAttached { runner });
        }
    }

    fn end(&mut self, caller: CallerId) {
        self.tell(PoolEvent::CallEnded {
            caller,
            end: WorkEnd::Returned,
            slot: SlotAfter::Free,
        });
    }

    /// Lets time pass, and wakes the pool whenever it wants to be.
    fn wait(&mut self, span: Duration) {
        let until = self.now + span;
        while let Some((at, _)) = self.pool.poll_timeout()
            && at <= until
        {
            assert!(at > self.now, "it wants to be woken in the past");
            self.now = at;
            self.wake_ups += 1;
            self.pool.handle_timeout(at);
            self.hear();
        }
        self.now = until;
    }

    /// How much is written in its books.
    fn size(&self) -> usize {
        format!("{:?}", self.pool).len()
    }
}

fn limits(runners: usize) -> PoolLimits {
    let limits = PoolLimits::new(runners).unwrap();
    let limits = limits.with_max_concurrency(1).unwrap();
    limits.with_max_queue(usize::MAX)
}

#[test]
fn a_hundred_thousand_callers_are_served_by_five_hundred_runners_in_their_order_with_an_action_each()
 {
    let mut crowd = Counted::new(limits(RUNNERS).with_min(RUNNERS).unwrap());
    crowd.attach_all();
    assert_eq!(crowd.actions, 2 * RUNNERS, "a boot and a welcome each");
    let empty = crowd.size();
    crowd.actions = 0;
    for _ in 0..CALLERS {
        crowd.call();
    }
    // Each one that ends lets the next one in.
    let mut ended = 0;
    while let Some(&caller) = crowd.granted.get(ended) {
        crowd.end(caller);
        ended += 1;
    }
    let in_order: Vec<_> = (0..CALLERS).map(CallerId).collect();
    assert!(
        crowd.granted == in_order,
        "some were served before their turn"
    );
    assert_eq!(crowd.actions, in_order.len());
    assert_eq!(crowd.wake_ups, 0);
    let left = crowd.size();
    assert!(
        left < empty + 10_000,
        "{left} bytes where {empty} were before"
    );
}

#[test]
fn ten_thousand_bursts_take_the_same_each_and_leave_nothing_behind() {
    let mut bursts = Counted::new(limits(BURST as usize));
    let mut burst = || {
        let before = (bursts.actions, bursts.wake_ups);
        for _ in 0..BURST {
            bursts.call();
        }
        bursts.attach_all();
        for caller in std::mem::take(&mut bursts.granted) {
            bursts.end(caller);
        }
        bursts.wait(Duration::from_secs(3600));
        // They have not answered whether they agree to go, and are lost instead.
        for runner in bursts.pool.runners().map(|it| it.0).collect::<Vec<_>>() {
            bursts.tell(PoolEvent::RunnerLost { runner });
        }
        for runner in std::mem::take(&mut bursts.destroyed) {
            bursts.tell(PoolEvent::InstanceGone { runner });
        }
        let counts = bursts.pool.counts();
        assert_eq!(counts.totals.returned, bursts.callers);
        assert!(bursts.pool.runners().next().is_none());
        let taken = (bursts.actions - before.0, bursts.wake_ups - before.1);
        (taken, bursts.size())
    };
    let (taken, size) = burst();
    for number in 1..BURSTS {
        let (taken_now, size_now) = burst();
        assert_eq!(taken_now, taken, "in burst {number}");
        // Numbers get longer.
        assert!(
            size_now < size + 200,
            "{size_now} bytes after burst {number}, {size} after the first"
        );
    }
}
