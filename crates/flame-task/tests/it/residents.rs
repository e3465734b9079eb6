//! Values that stay where they are made. What crosses is tested with real sessions, in `flame`.

use flame_task::{EncodeError, Resident, Task, task};

use crate::runner::{Failure, there};

fn make() -> Task<Resident<u32>> {
    task!(|| async move { Resident::new(7) })
}

fn ask(value: Resident<u32>) -> Task<Option<u32>> {
    task!(|value| async move { value.get().copied() })
}

#[tokio::test]
async fn a_value_that_is_made_here_is_here() {
    let value = make().await;
    assert_eq!(value.get(), Some(&7));
    assert_eq!(value.runner(), None);
    assert_eq!(format!("{value:?}"), "Resident(here)");
    assert_eq!(ask(value.clone()).await, Some(7));
}

#[tokio::test]
async fn a_value_that_is_here_is_not_taken_to_a_runner() {
    let error = there(ask(make().await)).await.unwrap_err();
    let Failure::Encode(error @ EncodeError::Arguments { .. }) = error else {
        panic!("{error:?}")
    };
    assert!(error.to_string().contains("in this process"), "{error}");
}

#[tokio::test]
async fn a_runner_whose_parent_keeps_no_values_says_so() {
    let error = there(make()).await.unwrap_err();
    let Failure::Fault(fault) = error else {
        panic!("{error:?}")
    };
    assert!(fault.to_string().contains("a task only"), "{fault}");
}

#[test]
fn no_other_format_takes_a_handle() {
    let error = serde_json::to_string(&Resident::new(7)).unwrap_err();
    assert!(error.to_string().contains("a task only"), "{error}");
    let error = serde_json::from_str::<Resident<u32>>("7").unwrap_err();
    assert!(error.to_string().contains("a task only"), "{error}");
}
