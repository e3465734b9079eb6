use std::fmt;
use std::time::{Duration, Instant};

use flame_core::pool::{CallerKind, PoolStage, WorkEnd};
use proptest::prelude::*;
use proptest::strategy::Union;
use proptest_state_machine::ReferenceStateMachine;

use super::choice::Choice;
use super::happening::{CallerNews, Happening, Pick, RunnerNews};
use super::naive::Naive;
use super::settings::Settings;
use crate::script::clock;

/// A life of the model alone, from which it is told what could happen next.
#[derive(Clone)]
pub(super) struct Life {
    pub(super) settings: Settings,
    pub(super) began_at: Instant,
    now: Instant,
    model: Naive,
}

impl ReferenceStateMachine for Life {
    type State = Self;
    type Transition = Happening;

    fn init_state() -> BoxedStrategy<Self> {
        let began_at = clock();
        Settings::any()
            .prop_map(move |settings| Self::begin(settings, began_at))
            .boxed()
    }

    fn transitions(life: &Self) -> BoxedStrategy<Happening> {
        Union::new_weighted(life.possibilities()).boxed()
    }

    fn apply(mut life: Self, happening: &Happening) -> Self {
        life.happens(*happening);
        life
    }
}

impl Life {
    fn begin(settings: Settings, began_at: Instant) -> Self {
        let mut model = Naive::new(settings.limits, settings.timeouts);
        let _ = model.wakes(began_at, Choice::FREE);
        Self {
            settings,
            began_at,
            now: began_at,
            model,
        }
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Wakes => {
                if let Some(at) = self.model.next_due() {
                    self.wakes(at);
                }
            }
            Happening::Waits(span) => {
                let until = self.now + span;
                while let Some(at) = self.model.next_due().filter(|&at| at <= until) {
                    self.wakes(at);
                }
                self.now = until;
            }
            Happening::Sleeps(span) => self.now += span,
            Happening::GoesBack(_) => {}
            Happening::Comes { .. }
            | Happening::OfCaller { .. }
            | Happening::OfRunner { .. }
            | Happening::IsReconfigured(_)
            | Happening::Drains(_)
            | Happening::ShutsDown
            | Happening::IsKilled => {
                if let Some(event) = happening.event(&self.model, self.now) {
                    let _ = self.model.happens(event, self.now, Choice::FREE);
                }
            }
        }
    }

    fn wakes(&mut self, at: Instant) {
        self.now = self.now.max(at);
        let _ = self.model.wakes(self.now, Choice::FREE);
    }

    /// What could happen next, and how likely it is.
    fn possibilities(&self) -> Vec<(u32, BoxedStrategy<Happening>)> {
        let mut possible = vec![
            (30, span().prop_map(Happening::Waits).boxed()),
            (10, span().prop_map(Happening::Sleeps).boxed()),
            (5, span().prop_map(Happening::GoesBack).boxed()),
            (20, nonsense().boxed()),
        ];
        if self.model.next_due().is_some() {
            possible.push((100, Just(Happening::Wakes).boxed()));
        }
        let [coming, changing, draining, shutting_down, killing] = match self.model.stage {
            PoolStage::Open => [250, 15, 4, 3, 1],
            PoolStage::Draining => [80, 10, 50, 12, 8],
            PoolStage::ShuttingDown => [20, 8, 8, 4, 8],
            PoolStage::Killing | PoolStage::Ended => [10, 1, 2, 2, 2],
        };
        let changes = Settings::any().prop_map(Happening::IsReconfigured);
        possible.extend([
            (coming, comes().boxed()),
            (changing, changes.boxed()),
            (draining, drains().boxed()),
            (shutting_down, Just(Happening::ShutsDown).boxed()),
            (killing, Just(Happening::IsKilled).boxed()),
        ]);
        for news in CallerNews::ALL {
            if self.model.callers.iter().any(|caller| news.fits(caller)) {
                let happening = move |place| Happening::OfCaller {
                    news,
                    who: Pick::Fitting(place),
                };
                possible.push((
                    weight_of_caller(news),
                    (0..8_usize).prop_map(happening).boxed(),
                ));
            }
        }
        for news in RunnerNews::ALL {
            if self.model.runners.iter().any(|runner| news.fits(runner)) {
                let happening = move |place| Happening::OfRunner {
                    news,
                    which: Pick::Fitting(place),
                };
                possible.push((
                    weight_of_runner(news),
                    (0..8_usize).prop_map(happening).boxed(),
                ));
            }
        }
        possible
    }
}

fn weight_of_caller(news: CallerNews) -> u32 {
    match news {
        CallerNews::ComesAgain => 4,
        CallerNews::Gone => 25,
        CallerNews::Accepted => 60,
        CallerNews::Ended(WorkEnd::Returned) => 70,
        CallerNews::Ended(WorkEnd::Failed | WorkEnd::NotStarted | WorkEnd::Cancelled) => 10,
        CallerNews::EndedLeavingValues => 30,
        CallerNews::Returned => 45,
        CallerNews::Released => 30,
    }
}

fn weight_of_runner(news: RunnerNews) -> u32 {
    match news {
        RunnerNews::Attached => 400,
        RunnerNews::BootFailed => 30,
        RunnerNews::BootFailedForGood => 10,
        RunnerNews::AgreesToGo => 400,
        RunnerNews::RefusesToGo => 120,
        RunnerNews::Draining => 20,
        RunnerNews::Finished => 15,
        RunnerNews::Lost | RunnerNews::Silent => 30,
        RunnerNews::Destroyed => 60,
        RunnerNews::NotDestroyed => 20,
    }
}

fn comes() -> impl Strategy<Value = Happening> {
    let kind = prop::sample::select(&CallerKind::ALL[..]);
    let deadline = prop_oneof![2 => Just(None), 1 => span().prop_map(Some)];
    let queue_deadline = prop_oneof![4 => Just(None), 1 => span().prop_map(Some)];
    let retries = prop_oneof![Just(0), 1..=2_u32];
    let whose = prop_oneof![
        9 => (0..8_usize).prop_map(Pick::Fitting),
        1 => (0..64_usize).prop_map(Pick::Any),
    ];
    let pin = prop_oneof![2 => Just(None), 1 => whose.prop_map(Some)];
    (kind, deadline, queue_deadline, retries, pin).prop_map(
        |(kind, deadline, queue_deadline, retries, pin)| Happening::Comes {
            kind,
            deadline,
            queue_deadline,
            retries,
            pin,
        },
    )
}

fn drains() -> impl Strategy<Value = Happening> {
    let until = prop_oneof![1 => Just(None), 2 => span().prop_map(Some)];
    until.prop_map(Happening::Drains)
}

/// What comes late, twice or for somebody unknown.
fn nonsense() -> impl Strategy<Value = Happening> {
    let of_caller = (prop::sample::select(&CallerNews::ALL[1..]), 0..64_usize);
    let of_runner = (prop::sample::select(&RunnerNews::ALL[..]), 0..64_usize);
    prop_oneof![
        of_caller.prop_map(|(news, place)| Happening::OfCaller {
            news,
            who: Pick::Any(place),
        }),
        of_runner.prop_map(|(news, place)| Happening::OfRunner {
            news,
            which: Pick::Any(place),
        }),
    ]
}

fn span() -> impl Strategy<Value = Duration> {
    prop::sample::select(&[1, 5, 2, 10, 0, 20, 60][..]).prop_map(Duration::from_secs)
}

impl fmt::Debug for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a pool with {:?}", self.settings)
    }
}
