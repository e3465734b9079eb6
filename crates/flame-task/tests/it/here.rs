use std::sync::mpsc;
use std::task::Context;

use flame_task::{Ctx, EncodeError, Task, task};

use crate::runner::there;

#[tokio::test]
async fn an_awaited_task_runs_here() {
    let n = 2;
    assert_eq!(task!(|n| async move { n + 1 }).await, 3);
    let caller = std::thread::current().id();
    let elsewhere = task!(|| format!("{:?}", std::thread::current().id())).await;
    assert_ne!(
        elsewhere,
        format!("{caller:?}"),
        "a blocking body has a thread of its own"
    );
}

#[tokio::test]
async fn a_task_is_a_future_like_any_other() {
    let square = |n: u32| task!(|n| async move { n * n });
    assert_eq!(tokio::spawn(square(3)).await.unwrap(), 9);
    assert_eq!(tokio::join!(square(1), square(2)), (1, 4));
    fn is_send<T: Send + Unpin + std::fmt::Debug>(_: &T) {}
    is_send(&square(4));
    assert!(format!("{:?}", square(4)).contains("tests/it/here.rs"));
}

#[test]
fn a_blocking_body_runs_even_without_tokio() {
    let mut task = task!(|| 40 + 2);
    let mut cx = Context::from_waker(std::task::Waker::noop());
    let polled = std::pin::Pin::new(&mut task).poll(&mut cx);
    assert_eq!(polled, std::task::Poll::Ready(42));
}

#[tokio::test]
#[should_panic(expected = "out of ideas")]
async fn a_panic_goes_on_in_the_caller() {
    let ideas: Vec<u32> = vec![];
    task!(|ideas| async move { ideas.first().copied().expect("out of ideas") }).await;
}

#[tokio::test]
#[should_panic(expected = "out of threads")]
async fn a_panic_of_a_blocking_body_goes_on_in_the_caller() {
    task!(|| -> () { panic!("out of threads") }).await;
}

#[tokio::test]
async fn blocking_code_sees_that_nobody_waits_any_more() {
    static CHANNELS: std::sync::Mutex<Option<(mpsc::Sender<()>, mpsc::Sender<()>)>> =
        std::sync::Mutex::new(None);
    let (started, has_started) = mpsc::channel();
    let (ended, has_ended) = mpsc::channel();
    *CHANNELS.lock().unwrap() = Some((started, ended));
    let task: Task<()> = task!(|cx: Ctx| {
        let (started, ended) = CHANNELS.lock().unwrap().take().unwrap();
        started.send(()).unwrap();
        while !cx.is_cancelled() {
            std::thread::yield_now();
        }
        ended.send(()).unwrap();
    });
    let running = tokio::spawn(task);
    tokio::task::spawn_blocking(move || has_started.recv().unwrap())
        .await
        .unwrap();
    running.abort();
    running.await.unwrap_err();
    tokio::task::spawn_blocking(move || has_ended.recv().unwrap())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_task_that_was_polled_stays_here() {
    let mut task = task!(|| async { std::future::pending::<()>().await });
    let mut cx = Context::from_waker(std::task::Waker::noop());
    assert!(std::pin::Pin::new(&mut task).poll(&mut cx).is_pending());
    let name = task.name();
    assert_eq!(
        task.into_parts().unwrap_err(),
        EncodeError::Started { name }
    );
}

#[tokio::test]
async fn a_task_inside_of_a_task_knows_the_same_runner() {
    let outer = task!(|| async {
        let inner = task!(|cx: Ctx| (cx.runner().map(str::to_owned), cx.attempt()));
        inner.await
    });
    assert_eq!(there(outer).await.unwrap(), (Some("runner-1".into()), 2));
}
