//! What must hold, one promise a file, checked after every step of every life.
//!
//! The numbers are those of the list of pool invariants that the project started from. Some are not
//! checked here one by one: 38 (determinism), 39 (time jumps) and 43 to 45 (everything
//! comes to rest) are judged over a whole life, in `rest.rs`.

mod actions_are_bounded;
mod books_agree;
mod boots_are_new;
mod boots_time_out;
mod demand_is_served;
mod drains_are_due;
mod drains_end;
mod failed_boots_fail_nobody;
mod failed_boots_pause;
mod first_come_first_served;
mod grants_go_to_ready_runners;
mod idle_keeps_the_minimum;
mod idle_means_idle;
mod kills_are_due;
mod kinds_are_conserved;
mod loss_is_told;
mod minimum_is_kept;
mod no_orphans;
mod no_phantoms;
mod no_slot_is_wasted;
mod no_surplus_boots;
mod nobody_is_served_late;
mod nothing_starts_after_shutdown;
mod old_news_change_nothing;
mod one_answer_each;
mod only_wanted_boots_attach;
mod patience_is_exact;
mod pins_are_true;
mod placement_is_kept;
mod queue_within_limit;
mod rest;
mod runners_know_their_limits;
mod runners_within_limit;
mod shutdown_is_complete;
mod single_use_is_single;
mod slots_match_leases;
mod slots_within_limit;
mod stages_are_true;
mod timers_make_progress;
mod unwanted_work_is_cancelled;
mod work_is_booked;

pub(crate) use rest::{
    at_rest, at_the_end, deadlines_come_first, epoch, goes_in_circles, same_end,
    time_never_goes_back,
};

use flame_core::pool::PoolAction;

use super::books::Books;
use super::life::{Life, Step};

/// Nothing, or what is wrong.
pub(crate) type Verdict = Result<(), String>;

/// Something that holds for every action, after every step, or both.
#[derive(Debug)]
pub(crate) struct Promise {
    numbers: &'static str,
    name: &'static str,
    /// Looks at an action before the books take note of it.
    pub(crate) on_action: Option<fn(&Books, &Step, PoolAction) -> Verdict>,
    /// Looks at everything when the step is done.
    pub(crate) on_step: Option<fn(&Life, &Step) -> Verdict>,
}

impl Promise {
    /// The promise's name, and how it was broken.
    pub(crate) fn broken(&self, detail: &str) -> (String, String) {
        (
            format!("{} ({})", self.name, self.numbers),
            detail.to_owned(),
        )
    }
}

/// All of them.
pub(crate) const PROMISES: &[Promise] = &[
    slots_within_limit::PROMISE,
    slots_match_leases::PROMISE,
    books_agree::PROMISE,
    work_is_booked::PROMISE,
    runners_within_limit::PROMISE,
    boots_are_new::PROMISE,
    only_wanted_boots_attach::PROMISE,
    no_surplus_boots::PROMISE,
    demand_is_served::PROMISE,
    minimum_is_kept::PROMISE,
    failed_boots_pause::PROMISE,
    boots_time_out::PROMISE,
    nothing_starts_after_shutdown::PROMISE,
    first_come_first_served::PROMISE,
    queue_within_limit::PROMISE,
    no_slot_is_wasted::PROMISE,
    nobody_is_served_late::PROMISE,
    patience_is_exact::PROMISE,
    failed_boots_fail_nobody::PROMISE,
    one_answer_each::PROMISE,
    grants_go_to_ready_runners::PROMISE,
    placement_is_kept::PROMISE,
    loss_is_told::PROMISE,
    old_news_change_nothing::PROMISE,
    single_use_is_single::PROMISE,
    idle_means_idle::PROMISE,
    idle_keeps_the_minimum::PROMISE,
    drains_end::PROMISE,
    kills_are_due::PROMISE,
    unwanted_work_is_cancelled::PROMISE,
    shutdown_is_complete::PROMISE,
    no_orphans::PROMISE,
    no_phantoms::PROMISE,
    timers_make_progress::PROMISE,
    actions_are_bounded::PROMISE,
    kinds_are_conserved::PROMISE,
    runners_know_their_limits::PROMISE,
    drains_are_due::PROMISE,
    stages_are_true::PROMISE,
    pins_are_true::PROMISE,
];

macro_rules! ensure {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err(format!($($what)+));
        }
    };
}
use ensure;
