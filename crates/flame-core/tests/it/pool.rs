//! Stories of a pool: what happens, and what the pool does about it.

mod attach;
mod boots;
mod cancels;
mod children;
mod crashes;
mod crowds;
mod deadlines;
mod drains;
mod growth;
mod hopeless;
mod idle;
mod kill;
mod kill_and_after;
mod kinds;
mod limits;
mod limits_of_time;
mod limits_of_work;
mod lingering;
mod pins;
mod pins_end;
mod placement;
mod poison;
mod pool_drain;
mod pool_drain_end;
mod queue;
mod reaping;
mod residents;
mod retries;
mod retries_end;
mod returns;
mod shutdown;
mod shutdown_timeout;
mod silence;
mod story;
mod words;

use expect_test::Expect;

use story::Story;

/// Tells a story and compares its transcript. `UPDATE_EXPECT=1` writes the transcripts anew.
///
/// Runners are numbers, callers letters. The settings are those of [`story::settings`]; the lines are
/// those of [`words::event`], and besides
///
/// - `wait 30s`: time passes, and the pool is woken whenever it wants to be;
/// - `late 1ms ended a`: time passes, and the pool hears of the end before it is woken;
/// - `now max=2 grace=1s`: the owner changes these settings;
/// - `counts`: writes down what the pool has;
/// - `outcomes`: writes down what has become of its callers, kind by kind.
fn check(settings: &str, script: &str, transcript: &Expect) {
    transcript.assert_eq(&Story::begin(settings).tell(script));
}
