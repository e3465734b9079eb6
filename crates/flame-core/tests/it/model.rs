//! The pool beside a naive model of it.

mod caller;
mod choice;
mod happening;
mod minimal;
mod naive;
mod numbers;
mod pair;
mod pause;
mod report;
mod runner;
mod settings;
mod strategy;
mod tally;

use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use pair::Pair;
use strategy::Life;

/// The longest life, in happenings.
const LONGEST_LIFE: usize = 200;

#[test]
fn a_pool_does_what_the_model_does() {
    let lives = Life::sequential_strategy(1..=LONGEST_LIFE);
    let outcome = TestRunner::new(config()).run(&lives, |(life, happenings, seen)| {
        Pair::test_sequential(Config::default(), life, happenings, seen);
        Ok(())
    });
    match outcome {
        Ok(()) => tally::check(&[]),
        Err(TestError::Fail(_, (life, happenings, _))) => {
            panic!("{}", minimal::story(&life, happenings));
        }
        Err(TestError::Abort(reason)) => panic!("no lives could be made: {reason}"),
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
