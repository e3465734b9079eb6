//! Everything that can happen to a small pool, in every order, up to a depth.
//!
//! Three callers, two runners, an empty pool or a busy one. In each state, all news that can come do come, one
//! after the other, and so does the next wake-up. Promises are checked in every state, and news without
//! meaning change nothing in any. A state at the full depth must come to rest when things go well from there
//! on. `FLAME_EXPLORE_DEEPER=2` goes two steps deeper.

mod actions;
mod ledger;
mod nonsense;
mod options;
mod pins;
mod promises;
mod rest;
mod scope;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use ledger::Node;
use options::Step;
use scope::{SCOPES, Scope};

use crate::script;

#[test]
fn every_promise_holds_in_every_state_of_a_small_pool() {
    let deeper = deeper();
    for scope in SCOPES {
        let depth = scope.depth + deeper;
        let mut atlas = Atlas::new(scope);
        let mut shore = vec![(options::beginning(scope), None)];
        for _ in 0..depth {
            shore = atlas.go_on(&shore);
        }
        for (node, place) in &shore {
            let _trace = atlas.trace(*place, None);
            rest::comes_to_rest(node, scope);
        }
        println!(
            "{}: {} states and {} transitions to depth {}, {} at the shore come to rest",
            scope.name,
            atlas.trail.len() + 1,
            atlas.transitions,
            depth,
            shore.len()
        );
        assert!(
            atlas.transitions > scope.transitions_at_least,
            "{} has shrunk",
            scope.name
        );
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test may be told how much to do"
)]
fn deeper() -> usize {
    std::env::var("FLAME_EXPLORE_DEEPER").map_or(0, |steps| script::number(&steps))
}

/// A state and where it is on the trail; the first is not on it.
type Landfall = (Node, Option<usize>);

/// Where the exploration has been.
struct Atlas<'a> {
    scope: &'a Scope,
    /// Hashes of states. That two of a million states share one is as likely as one in ten million.
    known: BTreeSet<u64>,
    /// From where, and by which step, each state was reached first.
    trail: Vec<(Option<usize>, Step)>,
    transitions: usize,
}

impl<'a> Atlas<'a> {
    fn new(scope: &'a Scope) -> Self {
        Self {
            scope,
            known: BTreeSet::new(),
            trail: Vec::new(),
            transitions: 0,
        }
    }

    /// Goes one step on, from every state and in every way, and returns the states that are new.
    fn go_on(&mut self, shore: &[Landfall]) -> Vec<Landfall> {
        let mut found = Vec::new();
        for (node, place) in shore {
            for step in nonsense::news(node) {
                let _trace = self.trace(*place, Some(step));
                nonsense::changes_nothing(node, step);
            }
            for step in options::news(node, self.scope) {
                self.transitions += 1;
                let mut next = node.clone();
                {
                    let _trace = self.trace(*place, Some(step));
                    next.take(step, self.scope);
                    promises::check(&next, self.scope);
                }
                let mut hasher = DefaultHasher::new();
                next.hash(&mut hasher);
                if self.known.insert(hasher.finish()) {
                    self.trail.push((*place, step));
                    found.push((next, Some(self.trail.len() - 1)));
                }
            }
        }
        found
    }

    fn trace(&self, place: Option<usize>, step: Option<Step>) -> Trace<'_> {
        Trace {
            atlas: self,
            place,
            step,
        }
    }
}

/// Says how the state was reached in which a promise is broken.
struct Trace<'a> {
    atlas: &'a Atlas<'a>,
    place: Option<usize>,
    step: Option<Step>,
}

impl Drop for Trace<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let (mut steps, mut place) = (Vec::from_iter(self.step), self.place);
        while let Some(at) = place {
            let (before, step) = self.atlas.trail[at];
            steps.push(step);
            place = before;
        }
        println!("in {}, after", self.atlas.scope.name);
        for step in steps.iter().rev() {
            println!("  {step:?}");
        }
    }
}
