//! The promises. Each panics if the backend does not keep it.

#![expect(
    clippy::missing_panics_doc,
    reason = "a test panics when it fails; that is what these are for"
)]

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use flame_core::InstanceName;
use flame_core::backend::{
    Backend, BootRequest, ExitKind, ExitReport, Instance, ParentText, Reach,
};

use super::act::{ABORT_SIGNAL, Act, request};
use super::within_patience;
use super::witness::Witness;

/// The label by which instances are listed.
const POOL_LABEL: &str = "flame_pool";

/// How often a create is polled before it is dropped, at most. What a create does between two awaits
/// cannot be interrupted, so this covers the first awaits of any backend.
const MOST_POLLS: usize = 8;

/// Values that something on the way may take for its own.
const DIFFICULT_VALUES: [&str; 8] = [
    "",
    " spaces around ",
    "a=b=c",
    "quotes \" and ' and `",
    "$HOME ${HOME} $(id) %PATH% \\n",
    "two\nlines\tand a tab",
    "ünïcödé ☃ 🔥",
    "{\"json\": [1, 2]}",
];

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

/// `ended` tells the exit code, also to those who ask after the end.
pub async fn ended_tells_the_exit_code(backend: &dyn Backend) {
    tells_how(backend, &Act::Exit(7), ExitKind::Code(7)).await;
}

/// `ended` tells the signal.
pub async fn ended_tells_the_signal(backend: &dyn Backend) {
    tells_how(backend, &Act::Abort, ExitKind::Signal(ABORT_SIGNAL)).await;
}

/// A `create` that was dropped at any await leaves nothing that `destroy` does not take away.
pub async fn a_dropped_create_leaves_nothing_after_destroy(backend: &dyn Backend) {
    let witness = Witness::start();
    for polls in 0..=MOST_POLLS {
        let request = request(&Act::Linger, witness.address());
        let finished = poll_and_drop(backend, &request, polls).await;
        destroy(backend, &request.name).await;
        if finished {
            break;
        }
    }
    // The boot of one more instance is time enough for one that was left over to be seen.
    let last = request(&Act::Linger, witness.address());
    create(backend, &last).await;
    let seen = witness.next().await;
    destroy(backend, &last.name).await;

    seen.closed().await;
    for other in witness.others() {
        other.closed().await;
    }
}

/// `list` shows the instances that carry the label, with all their labels, and nothing else. A backend
/// that cannot list answers with nothing.
pub async fn list_shows_what_carries_the_label(backend: &dyn Backend) {
    let witness = Witness::start();
    let request = request(&Act::Linger, witness.address());
    create(backend, &request).await;
    witness.next().await;

    let listed = backend.list().await.expect("list failed");
    destroy(backend, &request.name).await;

    if !backend.capabilities().list {
        assert!(listed.is_empty(), "listed without the capability");
        return;
    }
    let ours = listed.iter().find(|listed| listed.name == request.name);
    assert_eq!(ours.expect("not listed").labels, request.labels);
    let strangers: Vec<_> = listed
        .iter()
        .filter(|listed| !listed.labels.contains_key(POOL_LABEL))
        .collect();
    assert!(strangers.is_empty(), "listed without label: {strangers:?}");
}

/// Every variable of [`BootRequest::env`] arrives as it was given, whatever is in it.
///
/// There is nothing to keep for a backend whose instances are in the same process.
pub async fn env_arrives_untouched(backend: &dyn Backend) {
    match backend.capabilities().reach {
        Reach::SameProcess => return,
        Reach::SameHost | Reach::Network => {}
    }
    let witness = Witness::start();
    for value in DIFFICULT_VALUES {
        let mut request = request(&Act::Tell("DIFFICULT".into()), witness.address());
        request.env.insert("DIFFICULT".into(), value.into());
        create(backend, &request).await;

        let told = witness.next().await.closed().await;

        assert_eq!(String::from_utf8_lossy(&told), value);
        destroy(backend, &request.name).await;
    }
}

/// What `Debug` shows of a backend holds neither what a copy is told about its parent nor the value of
/// a variable.
pub async fn debug_shows_no_secret(backend: &dyn Backend) {
    let witness = Witness::start();
    let mut request = request(&Act::Linger, witness.address());
    request.parent = ParentText::new("first-secret");
    request.env.insert("TOKEN".into(), "second-secret".into());

    let instance = create(backend, &request).await;
    witness.next().await;
    let shown = format!("{backend:?} {instance:?}");
    destroy(backend, &request.name).await;

    assert!(!shown.contains("first-secret"), "{shown}");
    assert!(!shown.contains("second-secret"), "{shown}");
}

async fn tells_how(backend: &dyn Backend, act: &Act, how: ExitKind) {
    let request = request(act, "");
    create(backend, &request).await;

    let (one, other) = tokio::join!(ended(backend, &request.name), ended(backend, &request.name));
    let afterwards = ended(backend, &request.name).await;

    assert_eq!([one.how, other.how, afterwards.how], [how; 3]);
    destroy(backend, &request.name).await;
}

async fn create(backend: &dyn Backend, request: &BootRequest) -> Instance {
    within_patience("create", backend.create(request))
        .await
        .expect("create failed")
}

async fn destroy(backend: &dyn Backend, name: &InstanceName) {
    within_patience("destroy", backend.destroy(name))
        .await
        .expect("destroy failed");
}

async fn ended(backend: &dyn Backend, name: &InstanceName) -> ExitReport {
    within_patience("the instance has ended", backend.ended(name)).await
}

async fn is_listed(backend: &dyn Backend, name: &InstanceName) -> bool {
    let listed = backend.list().await.expect("list failed");
    listed.iter().any(|listed| listed.name == *name)
}

/// Polls a create this often, whenever it asks for it, and drops it. Returns whether it had finished.
async fn poll_and_drop(backend: &dyn Backend, request: &BootRequest, polls: usize) -> bool {
    let mut create = pin!(backend.create(request));
    let mut left = polls;
    within_patience(
        "create asks to be polled",
        poll_fn(move |context| {
            if left == 0 {
                return Poll::Ready(false);
            }
            left -= 1;
            match create.as_mut().poll(context) {
                Poll::Ready(created) => {
                    created.expect("create failed");
                    Poll::Ready(true)
                }
                // The last poll is followed by the drop, not by a wait.
                Poll::Pending if left == 0 => Poll::Ready(false),
                Poll::Pending => Poll::Pending,
            }
        }),
    )
    .await
}
