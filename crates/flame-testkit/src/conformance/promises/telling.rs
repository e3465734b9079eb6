//! What is promised of what goes into an instance, and of what is told about it.

#![expect(
    clippy::missing_panics_doc,
    reason = "a test panics when it fails; that is what these are for"
)]

use flame_core::backend::{Backend, ParentText, Reach};
use tokio::net::TcpListener;

use super::{create, destroy};
use crate::conformance::act::{Act, request};
use crate::conformance::witness::Witness;

/// The label by which instances are listed.
const POOL_LABEL: &str = "flame_pool";

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

/// The size of the longest text that tells of a parent, and what is in it.
const LONGEST_PARENT_TEXT: usize = 4000;
/// See [`LONGEST_PARENT_TEXT`].
const PARENT_TEXT_ALPHABET: &str = "flame1.ABCxyz012-_";

/// `list` shows the instances that carry the label, with all their labels, and nothing else. A backend
/// that cannot list answers with nothing.
pub async fn list_shows_what_carries_the_label(backend: &dyn Backend) {
    let witness = Witness::start();
    let request = request(&Act::Linger, witness.address());
    create(backend, &request).await;
    // It ends when nobody holds on to it.
    let _instance = witness.next().await;

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

/// Every variable of [`BootRequest::env`](flame_core::backend::BootRequest::env) arrives as it was given, whatever is in it.
///
/// There is nothing to keep for a backend whose instances are in the same process.
pub async fn env_arrives_untouched(backend: &dyn Backend) {
    if !has_instances_elsewhere(backend) {
        return;
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

/// What a copy is told about its parent arrives as it was given: on the descriptor of
/// [`lifeline`](flame_core::backend::lifeline), or in the variable
/// [`FLAME_PARENT`](flame_core::backend::PARENT_VARIABLE).
pub async fn parent_text_arrives_untouched(backend: &dyn Backend) {
    if !has_instances_elsewhere(backend) {
        return;
    }
    let text = parent_text();
    let told = told(backend, &Act::TellParent, &text).await;
    assert_eq!(told, text);
}

/// What a copy is told about its parent is in no argument of it, where everybody on its host can read it.
pub async fn parent_text_is_on_no_command_line(backend: &dyn Backend) {
    if !has_instances_elsewhere(backend) {
        return;
    }
    let text = parent_text();
    let told = told(backend, &Act::TellArguments, &text).await;
    assert!(!told.is_empty(), "an instance without a name");
    assert!(!told.contains(&text), "the text is an argument");
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

/// A backend whose instances are on other hosts says where they find this process, and this process can
/// listen there.
pub async fn parent_address_is_usable(backend: &dyn Backend) {
    match backend.capabilities().reach {
        Reach::SameProcess | Reach::SameHost => return,
        Reach::Network => {}
    }
    let address = backend.parent_address().expect("no address of the parent");
    let listener = TcpListener::bind(address.listen)
        .await
        .expect("nobody can listen on the address of the parent");
    let port = listener.local_addr().expect("a bound socket").port();

    let dialed = address.dialed(port);
    let (host, port) = dialed.rsplit_once(':').expect("an address has a port");
    assert!(
        port.parse().is_ok_and(|port: u16| port != 0),
        "{dialed:?}: not a port"
    );
    let is_host = !host.is_empty() && !host.contains(char::is_whitespace);
    assert!(is_host, "{dialed:?}: not a host");
    let any = ["0.0.0.0", "[::]"].contains(&host);
    assert!(
        !any,
        "{dialed:?}: from elsewhere this is no address; `advertise` names one"
    );
}

/// Whether instances are processes, with what is handed to processes.
fn has_instances_elsewhere(backend: &dyn Backend) -> bool {
    match backend.capabilities().reach {
        Reach::SameProcess => false,
        Reach::SameHost | Reach::Network => true,
    }
}

fn parent_text() -> String {
    let endless = PARENT_TEXT_ALPHABET.chars().cycle();
    endless.take(LONGEST_PARENT_TEXT).collect()
}

/// What an instance with this parent says.
async fn told(backend: &dyn Backend, act: &Act, parent: &str) -> String {
    let witness = Witness::start();
    let mut request = request(act, witness.address());
    request.parent = ParentText::new(parent);
    create(backend, &request).await;
    let told = witness.next().await.closed().await;
    destroy(backend, &request.name).await;
    String::from_utf8_lossy(&told).into_owned()
}
