//! The pool beside a naive model of it.

mod caller;
mod choice;
mod everything;
mod happening;
mod minimal;
mod naive;
mod numbers;
mod order;
mod pair;
mod pause;
mod report;
mod runner;
mod settings;
mod strategy;
mod tally;

use std::cell::Cell;

use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use everything::EVERYTHING;
use pair::Pair;
use strategy::Life;

/// In so many lives, everything occurs.
const ENOUGH_LIVES: u32 = 256;

/// The longest life, in happenings.
const LONGEST_LIFE: usize = 200;

#[test]
fn a_pool_does_what_the_model_does() {
    let config = config();
    let cases = config.cases;
    let begun = Cell::new(0_u32);
    let lives = Life::sequential_strategy(1..=LONGEST_LIFE);
    let outcome = TestRunner::new(config).run(&lives, |(life, happenings, seen)| {
        // Later lives are shorter forms of the first that failed.
        begun.set(begun.get() + u32::from(seen.is_some()));
        Pair::test_sequential(Config::default(), life, happenings, seen);
        Ok(())
    });
    match outcome {
        Ok(()) => tally::print(),
        Err(TestError::Fail(_, (life, happenings, _))) => {
            let story = minimal::story(&life, happenings);
            panic!("life {} of {cases}: {story}", begun.get());
        }
        Err(TestError::Abort(reason)) => panic!("no lives could be made: {reason}"),
    }
    if cases >= ENOUGH_LIVES {
        tally::check(EVERYTHING);
    }
}

/// As the environment has it, but the same lives every time unless it names a seed.
fn config() -> Config {
    let from_environment = Config::default();
    Config {
        rng_seed: match from_environment.rng_seed {
            RngSeed::Random => RngSeed::Fixed(0),
            RngSeed::Fixed(seed) => RngSeed::Fixed(seed),
        },
        failure_persistence: None,
        ..from_environment
    }
}
