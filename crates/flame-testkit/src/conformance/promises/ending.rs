//! What is promised of `destroy` and `ended`.

#![expect(
    clippy::missing_panics_doc,
    reason = "a test panics when it fails; that is what these are for"
)]

use std::pin::pin;

use flame_core::backend::{Backend, BootRequest, ExitKind};
use flame_core::{InstanceName, RunnerId};

use super::{create, destroy, ended, nothing_is_left, poll_and_drop};
use crate::conformance::act::{ABORT_SIGNAL, Act, request};
use crate::conformance::witness::Witness;

/// How often an instance is destroyed as soon as it has been created.
const SHORT_LIVES: usize = 3;

/// When `destroy` has answered `Ok`, the instance is dead, and whoever waits for its end has been told.
pub async fn destroy_ends_the_instance(backend: &dyn Backend) {
    let witness = Witness::start();
    let request = request(&Act::Linger, witness.address());
    create(backend, &request).await;
    let instance = witness.next().await;

    tokio::join!(
        ended(backend, &request.name),
        destroy(backend, &request.name)
    );

    instance.closed().await;
    assert!(!is_listed(backend, &request.name).await);
}

/// `destroy` may be called again and again, at the same time, and after the instance has ended by
/// itself.
pub async fn destroy_may_be_repeated(backend: &dyn Backend) {
    let witness = Witness::start();
    let lingers = request(&Act::Linger, witness.address());
    create(backend, &lingers).await;
    let instance = witness.next().await;
    tokio::join!(
        destroy(backend, &lingers.name),
        destroy(backend, &lingers.name)
    );
    destroy(backend, &lingers.name).await;
    instance.closed().await;

    let exits = request(&Act::Exit(0), witness.address());
    create(backend, &exits).await;
    ended(backend, &exits.name).await;
    destroy(backend, &exits.name).await;
    destroy(backend, &exits.name).await;
}

/// `destroy` of a name that never was an instance is `Ok`.
pub async fn destroy_of_a_name_that_never_was_is_ok(backend: &dyn Backend) {
    destroy(backend, &request(&Act::Linger, "").name).await;
}

/// `destroy` is the last word, also about an instance that has been accepted and has not come up yet.
pub async fn destroy_right_after_create_is_final(backend: &dyn Backend) {
    let witness = Witness::start();
    for _ in 0..SHORT_LIVES {
        let request = request(&Act::Linger, witness.address());
        create(backend, &request).await;
        destroy(backend, &request.name).await;
    }
    nothing_is_left(backend, &witness).await;
}

/// `destroy` ends no instance but the one that it names, not even one whose name begins in the same way.
pub async fn destroy_spares_the_others(backend: &dyn Backend) {
    let witness = Witness::start();
    let one = request(&Act::Linger, witness.address());
    let other = BootRequest {
        // `testkit-…-4`, `testkit-…-47`
        name: longer(&one),
        ..one.clone()
    };
    create(backend, &other).await;
    let mut spared = witness.next().await;
    create(backend, &one).await;
    let ended = witness.next().await;

    destroy(backend, &one.name).await;

    ended.closed().await;
    // The boot of one more instance is time enough to see the other one die.
    nothing_is_left(backend, &witness).await;
    assert!(spared.is_open(), "another instance was destroyed as well");
    destroy(backend, &other.name).await;
    spared.closed().await;
}

/// `ended` waits for as long as an instance lives, and tells of one that has died before it called back.
pub async fn ended_tells_a_dead_boot_from_a_slow_one(backend: &dyn Backend) {
    let witness = Witness::start();
    let slow = request(&Act::Linger, witness.address());
    create(backend, &slow).await;
    let lives = witness.next().await;
    let dead = request(&Act::Exit(1), witness.address());
    create(backend, &dead).await;

    let mut early = pin!(backend.ended(&slow.name));
    tokio::select! {
        _ = ended(backend, &dead.name) => {}
        report = &mut early => panic!("the end of an instance that lives was told: {report}"),
    }
    let told = poll_and_drop(early, 1).await;

    assert!(told.is_none(), "the end of an instance that lives was told");
    destroy(backend, &dead.name).await;
    destroy(backend, &slow.name).await;
    lives.closed().await;
}

/// `ended` tells the exit code, also to those who ask after the end.
pub async fn ended_tells_the_exit_code(backend: &dyn Backend) {
    tells_how(backend, &Act::Exit(7), ExitKind::Code(7)).await;
}

/// `ended` tells the signal.
pub async fn ended_tells_the_signal(backend: &dyn Backend) {
    tells_how(backend, &Act::Abort, ExitKind::Signal(ABORT_SIGNAL)).await;
}

async fn tells_how(backend: &dyn Backend, act: &Act, how: ExitKind) {
    let request = request(act, "");
    create(backend, &request).await;

    let (one, other) = tokio::join!(ended(backend, &request.name), ended(backend, &request.name));
    let afterwards = ended(backend, &request.name).await;

    assert_eq!([one.how, other.how, afterwards.how], [how; 3]);
    destroy(backend, &request.name).await;
}

async fn is_listed(backend: &dyn Backend, name: &InstanceName) -> bool {
    let listed = backend.list().await.expect("list failed");
    listed.iter().any(|listed| listed.name == *name)
}

/// A name of which another name is the beginning.
fn longer(request: &BootRequest) -> InstanceName {
    let incarnation = u64::from(std::process::id());
    // No count of requests gets as far as that.
    let digits = request.runner.0.to_string() + "7000000";
    let number = digits.parse().expect("digits");
    let longer = InstanceName::new(&request.pool, incarnation, RunnerId(number));
    assert!(longer.as_str().starts_with(request.name.as_str()));
    longer
}
