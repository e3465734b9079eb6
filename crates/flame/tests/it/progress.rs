//! What a caller hears of a task while it runs.

use std::sync::{Arc, Mutex};

use flame::{Ctx, call};

use crate::tasks::pool;

/// Keeps what it was told.
fn listener<T: Clone + Send + 'static>() -> (impl FnMut(T) + Send + 'static, Arc<Mutex<Vec<T>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let told = heard.clone();
    (move |value| told.lock().unwrap().push(value), heard)
}

#[tokio::test]
async fn the_last_progress_is_heard_before_the_result() {
    let pool = pool("progress_last").start().await.unwrap();
    for n in [1_u32, 10, 100_000] {
        let (tell, heard) = listener();
        let call = call!(pool, |n, cx: Ctx| {
            for i in 1..=n {
                cx.progress(i);
            }
        });
        call.on_progress(tell).await.unwrap();
        let heard: Vec<u32> = heard.lock().unwrap().clone();
        assert_eq!(heard.last(), Some(&n));
        assert!(heard.is_sorted(), "{heard:?}");
    }
    pool.shutdown().await;
}

#[tokio::test]
async fn progress_is_heard_while_the_task_runs() {
    let pool = pool("progress_early").start().await.unwrap();
    let (go_on, told) = flame::channel::<()>();
    let call = call!(pool, |mut told, cx: Ctx| async move {
        cx.progress("half".to_owned());
        // Only who has heard the first can cause the second.
        let heard: Option<()> = told.recv().await.unwrap();
        cx.progress(format!("all, {heard:?}"));
    });
    let (mut tell, heard) = listener();
    call.on_progress(move |value: String| {
        let _ = go_on.try_send(());
        tell(value);
    })
    .await
    .unwrap();
    assert_eq!(*heard.lock().unwrap(), ["half", "all, Some(())"]);
    pool.shutdown().await;
}

#[tokio::test]
async fn progress_of_another_type_fails_nobody() {
    let pool = pool("progress_type").start().await.unwrap();
    let (tell, heard) = listener::<Vec<u64>>();
    let call = call!(pool, |cx: Ctx| {
        cx.progress("a text".to_owned());
        7
    });
    assert_eq!(call.on_progress(tell).await.unwrap(), 7);
    assert_eq!(*heard.lock().unwrap(), Vec::<Vec<u64>>::new());
    pool.shutdown().await;
}

#[tokio::test]
async fn a_call_with_a_listener_may_be_begun_again() {
    let pool = pool("progress_again").start().await.unwrap();
    let (tell, heard) = listener();
    let call = call!(pool, |cx: Ctx| {
        cx.progress(cx.attempt());
        if cx.attempt() == 1 {
            std::process::abort();
        }
    });
    call.on_progress(tell).idempotent(1).await.unwrap();
    assert_eq!(heard.lock().unwrap().last(), Some(&2));
    pool.shutdown().await;
}
