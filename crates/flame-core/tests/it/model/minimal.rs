use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::test_runner::Config;
use proptest_state_machine::StateMachineTest;

use super::happening::Happening;
use super::pair::Pair;
use super::strategy::Life;

/// The story of the shortest failing life that leaving out of this one, which fails, leads to.
///
/// What proptest leaves is short, but it tries to leave out each happening only once, before it has made
/// the others simple.
pub(super) fn story(life: &Life, mut happenings: Vec<Happening>) -> String {
    let mut story = failure(life, &happenings).unwrap_or_default();
    let mut is_shorter = true;
    while is_shorter {
        is_shorter = false;
        for place in (0..happenings.len()).rev() {
            let mut fewer = happenings.clone();
            fewer.remove(place);
            if let Some(shorter) = failure(life, &fewer) {
                (story, happenings, is_shorter) = (shorter, fewer, true);
            }
        }
    }
    format!("{life:?}\n{story}")
}

/// What a failing life says about itself.
fn failure(life: &Life, happenings: &[Happening]) -> Option<String> {
    let (life, happenings) = (life.clone(), happenings.to_vec());
    let live = || Pair::test_sequential(Config::default(), life, happenings, None);
    let panic = catch_unwind(AssertUnwindSafe(live)).err()?;
    let words = panic.downcast::<String>().map(|words| *words);
    Some(words.unwrap_or_else(|_| "the pool itself panics".to_owned()))
}
