use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};

use flame_task::{Body, StartError, registry, task};
use serde::{Deserialize, Deserializer, Serialize};
use tokio_util::sync::CancellationToken;

use crate::runner::{Failure, ctx, there};

#[tokio::test]
async fn a_panic_is_reported_with_message_location_and_backtrace() {
    let values: Vec<u32> = vec![];
    let before = line!();
    let fourth = task!(|values| async move {
        tokio::task::yield_now().await;
        values[3]
    });
    let after = line!();
    let report = there(fourth).await.unwrap_err().panic();
    assert_eq!(
        report.message,
        "index out of bounds: the len is 0 but the index is 3"
    );
    let location = report.location.unwrap();
    let place: Vec<&str> = location.split(':').collect();
    assert!(place[0].ends_with("tests/it/panics.rs"), "{location}");
    let line: u32 = place[1].parse().unwrap();
    assert!(before < line && line < after, "{location}");
    assert!(report.backtrace.unwrap().lines().count() > 5);
}

#[tokio::test]
async fn a_panic_of_a_blocking_body_is_reported_too() {
    let name = String::from("ann");
    let report = there(task!(|name| -> () { panic!("no {name}") }))
        .await
        .unwrap_err()
        .panic();
    assert_eq!(report.message, "no ann");
    assert!(report.location.as_ref().unwrap().contains("panics.rs"));
    assert!(report.backtrace.is_some());
    assert!(report.to_string().starts_with("no ann (at "));
}

#[tokio::test]
async fn a_panic_of_a_blocking_task_inside_of_a_task_keeps_its_place() {
    let outer = task!(|| async { task!(|| -> () { panic!("inside") }).await });
    let report = there(outer).await.unwrap_err().panic();
    assert_eq!(report.message, "inside");
    assert!(report.location.unwrap().contains("panics.rs"));
}

#[tokio::test]
async fn a_panic_that_was_resumed_is_not_given_the_place_of_another() {
    let task = task!(|| -> () {
        let _ = catch_unwind(|| panic!("caught by the task itself"));
        resume_unwind(Box::new("brought from elsewhere"))
    });
    let report = there(task).await.unwrap_err().panic();
    assert_eq!(
        (&*report.message, report.location),
        ("brought from elsewhere", None)
    );
}

#[tokio::test]
async fn a_panic_may_carry_anything() {
    let report = there(task!(|| -> () { panic_any(7_u8) }))
        .await
        .unwrap_err()
        .panic();
    assert_eq!(report.message, "a value that is not a string");
    assert!(report.location.is_some());
}

#[derive(Serialize, Deserialize, Debug)]
struct Grenade(u8);

impl Drop for Grenade {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

#[tokio::test]
async fn a_cancelled_task_may_panic_while_it_is_dropped() {
    let task = task!(|| async {
        let _grenade = Grenade(1);
        std::future::pending::<()>().await;
    });
    let (outbound, _) = task.into_parts().unwrap();
    let entry = registry::find(outbound.task.exact()).unwrap();
    let body = entry
        .start(outbound.payload, ctx("grenade", CancellationToken::new()))
        .unwrap();
    let Body::Async(mut future) = body else {
        panic!("it is async")
    };
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(&mut cx).is_pending());
    catch_unwind(AssertUnwindSafe(|| drop(future))).unwrap();
}

#[tokio::test]
async fn a_type_that_panics_as_it_is_decoded_does_not_start_the_task() {
    #[derive(Serialize)]
    struct Trap(u8);
    impl<'de> Deserialize<'de> for Trap {
        #[expect(clippy::panic_in_result_fn, reason = "it is what is tested")]
        fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            panic!("sprung")
        }
    }
    let trap = Trap(1);
    let error = there(task!(|trap| trap.0)).await.unwrap_err();
    let Failure::Start(StartError::DecodeArgs(message)) = error else {
        panic!("{error:?}")
    };
    assert!(message.starts_with("panicked: sprung"), "{message}");
}
