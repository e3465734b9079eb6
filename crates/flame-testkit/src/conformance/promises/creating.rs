//! What is promised of `create`.

#![expect(
    clippy::missing_panics_doc,
    reason = "a test panics when it fails; that is what these are for"
)]

use flame_core::backend::Backend;

use super::{MOST_POLLS, create, destroy, nothing_is_left, poll_and_drop};
use crate::conformance::act::{Act, request};
use crate::conformance::within_patience;
use crate::conformance::witness::Witness;

/// `create` answers, with an id that a person can look up, and the instance lives.
pub async fn create_answers_with_an_id(backend: &dyn Backend) {
    let witness = Witness::start();
    let request = request(&Act::Linger, witness.address());

    let instance = create(backend, &request).await;

    assert!(!instance.provider_id.is_empty(), "an id without a text");
    witness.next().await;
    destroy(backend, &request.name).await;
}

/// A second `create` for a name, at the same time or later, makes no second instance and answers with
/// the first.
pub async fn create_for_the_same_name_makes_no_second_instance(backend: &dyn Backend) {
    let witness = Witness::start();
    let request = request(&Act::Linger, witness.address());

    let (one, two) = tokio::join!(create(backend, &request), create(backend, &request));
    let first = witness.next().await;
    let three = create(backend, &request).await;

    assert_eq!(one, two);
    assert_eq!(one, three);
    destroy(backend, &request.name).await;
    first.closed().await;
    assert!(witness.others().is_empty(), "a second instance has lived");
}

/// A `create` that was dropped at any await leaves nothing that `destroy` does not take away.
pub async fn a_dropped_create_leaves_nothing_after_destroy(backend: &dyn Backend) {
    let witness = Witness::start();
    for polls in 0..=MOST_POLLS {
        let request = request(&Act::Linger, witness.address());
        let dropped = poll_and_drop(backend.create(&request), polls);
        let finished = within_patience("create asks to be polled", dropped).await;
        destroy(backend, &request.name).await;
        if let Some(created) = finished {
            created.expect("create failed");
            break;
        }
    }
    nothing_is_left(backend, &witness).await;
}

/// A `create` that cannot succeed says so or not, in time; after `destroy` there is nothing either way.
///
/// What cannot succeed is a variable that no system takes: its value holds a zero byte.
pub async fn a_create_that_fails_leaves_nothing(backend: &dyn Backend) {
    let witness = Witness::start();
    let mut request = request(&Act::Linger, witness.address());
    request.env.insert("IMPOSSIBLE".into(), "a\0b".into());

    // Whoever does not hand variables over has nothing to complain about.
    let _ = within_patience("create", backend.create(&request)).await;
    destroy(backend, &request.name).await;

    nothing_is_left(backend, &witness).await;
}
