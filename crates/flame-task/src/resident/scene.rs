//! What a value is to be taken for while serde carries it.
//!
//! serde knows of no handles, so a [`Resident`](super::Resident) is a newtype struct around a number, and the rest is
//! handed over beside serde, on the thread. Outside of a scene there is nothing that a number could stand for, and so
//! no other format takes a handle.

use std::cell::RefCell;
use std::sync::Arc;

use super::leavings::Leavings;
use super::remote::{RemoteValue, RemoteValues};
use super::shelf::Value;

thread_local! {
    static SCENES: RefCell<Vec<Scene>> = const { RefCell::new(Vec::new()) };
}

/// What is being encoded or decoded.
pub(crate) enum Scene {
    /// Arguments, at the parent: handles go along, and are kept until the call has ended.
    Carrying(Vec<Arc<dyn RemoteValue>>),
    /// Arguments, at the runner: the values are here.
    Finding(Arc<Leavings>),
    /// A result, at the runner: values stay here.
    Leaving(Arc<Leavings>),
    /// A result, at the parent: handles of what was left.
    Arriving(RemoteValues),
}

/// What a number stands for.
pub(super) enum Found {
    Here(Value),
    There(Arc<dyn RemoteValue>),
}

/// Encodes or decodes with this scene set. Gives it back as it is afterwards; `None` if there was none to set.
pub(crate) fn play<R>(scene: Option<Scene>, run: impl FnOnce() -> R) -> (R, Option<Scene>) {
    struct Curtain;
    impl Drop for Curtain {
        fn drop(&mut self) {
            SCENES.with_borrow_mut(Vec::pop);
        }
    }
    let Some(scene) = scene else {
        return (run(), None);
    };
    SCENES.with_borrow_mut(|scenes| scenes.push(scene));
    let curtain = Curtain;
    let result = run();
    std::mem::forget(curtain);
    (result, SCENES.with_borrow_mut(Vec::pop))
}

/// The number for a value that is in this process.
pub(super) fn leave(value: Value) -> Result<u64, &'static str> {
    SCENES.with_borrow(|scenes| match scenes.last() {
        Some(Scene::Leaving(leavings)) => Ok(leavings.leave(value)),
        Some(Scene::Carrying(_)) => Err(
            "a `Resident` in this process cannot be taken to a runner; have a task make it there \
             and return it",
        ),
        Some(Scene::Finding(_) | Scene::Arriving(_)) | None => Err(NO_SCENE),
    })
}

/// The number for a value that is on a runner.
pub(super) fn carry(remote: &Arc<dyn RemoteValue>) -> Result<u64, &'static str> {
    SCENES.with_borrow_mut(|scenes| match scenes.last_mut() {
        Some(Scene::Carrying(carried)) => {
            carried.push(remote.clone());
            Ok(remote.number())
        }
        Some(Scene::Leaving(_)) => {
            Err("a `Resident` on a runner of this runner's own pool cannot be returned")
        }
        Some(Scene::Finding(_) | Scene::Arriving(_)) | None => Err(NO_SCENE),
    })
}

/// What a number stands for.
pub(super) fn find(number: u64) -> Result<Found, String> {
    SCENES.with_borrow(|scenes| match scenes.last() {
        Some(Scene::Finding(leavings)) => leavings.find(number).map(Found::Here).ok_or_else(|| {
            format!("value {number} is not on this runner; its last handle may have been dropped")
        }),
        Some(Scene::Arriving(handles)) => {
            let mut handles = handles.as_slice().iter();
            let handle = handles.find(|handle| handle.number() == number);
            let handle = handle.ok_or_else(|| format!("value {number} was not left by this call"));
            handle.cloned().map(Found::There)
        }
        Some(Scene::Carrying(_) | Scene::Leaving(_)) | None => Err(NO_SCENE.to_owned()),
    })
}

const NO_SCENE: &str = "a `Resident` travels as an argument or a result of a task only";

/// Decodes a result at the parent, with the handles of what its work has left.
#[doc(hidden)]
pub fn with_arrived<R>(left: RemoteValues, decode: impl FnOnce() -> R) -> R {
    play(Some(Scene::Arriving(left)), decode).0
}
