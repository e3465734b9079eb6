//! How often everything has occurred: what never occurs was never compared.

use std::collections::BTreeMap;
use std::sync::Mutex;

#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<String, u64>);

static ALL_LIVES: Mutex<Tally> = Mutex::new(Tally(BTreeMap::new()));

impl Tally {
    pub(super) fn count(&mut self, what: &str) {
        *self.0.entry(what.to_owned()).or_default() += 1;
    }
}

/// Adds what occurred in one life.
pub(super) fn add(life: Tally) {
    let mut all = ALL_LIVES.lock().unwrap();
    for (what, count) in life.0 {
        *all.0.entry(what).or_default() += count;
    }
}

/// Prints how often everything occurred.
pub(super) fn print() {
    for (what, count) in &ALL_LIVES.lock().unwrap().0 {
        println!("{count:>8} {what}");
    }
}

/// Fails if something never occurred.
pub(super) fn check(everything: &[&str]) {
    let all = ALL_LIVES.lock().unwrap();
    let never = everything.iter().filter(|&&what| !all.0.contains_key(what));
    let never: Vec<_> = never.collect();
    assert!(never.is_empty(), "never occurred: {never:?}");
}
