//! Stories of a terminator: what happens to a runner, and how it sees to its own end.

mod attach;
mod drain;
mod idle;
mod idle_check;
mod leaving;
mod loss;
mod settings;
mod story;
mod words;
mod work;

use expect_test::Expect;

use story::Story;

/// Tells a story and compares its transcript. `UPDATE_EXPECT=1` writes the transcripts anew.
///
/// The settings are those of [`story::settings`]; the lines are those of [`words::event`], and `wait 30s`:
/// time passes, and the terminator is woken whenever it wants to be.
fn check(settings: &str, script: &str, transcript: &Expect) {
    transcript.assert_eq(&Story::begin(settings).tell(script));
}
