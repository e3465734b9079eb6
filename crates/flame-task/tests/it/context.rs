use flame_task::{Body, Ctx, registry, task};
use tokio_util::sync::CancellationToken;

use crate::runner::{ctx, run, there};

#[tokio::test]
async fn a_task_knows_its_circumstances() {
    let told = task!(|cx: Ctx| async move {
        tokio::task::yield_now().await;
        let current = Ctx::current().unwrap();
        assert_eq!(current.fencing_token(), cx.fencing_token());
        let words = [
            cx.pool(),
            cx.runner(),
            Some(cx.task()),
            Some(cx.idempotency_key()),
        ];
        (words.map(|word| word.unwrap().to_owned()), cx.attempt())
    });
    let module = concat!(module_path!());
    let (words, attempt) = there(told).await.unwrap();
    assert_eq!(words, ["thumbnails", "runner-1", module, "caller-7"]);
    assert_eq!(attempt, 2);
}

#[tokio::test]
async fn blocking_code_knows_its_circumstances_and_nothing_outlives_them() {
    let told = task!(|| Ctx::current().unwrap().runner().map(str::to_owned));
    assert_eq!(there(told).await.unwrap().unwrap(), "runner-1");
    assert!(Ctx::current().is_none());
}

#[tokio::test]
async fn here_a_task_has_neither_runner_nor_pool() {
    let keys = || {
        task!(|cx: Ctx| async move {
            (
                cx.runner().is_none() && cx.pool().is_none(),
                cx.idempotency_key().to_owned(),
            )
        })
    };
    let ((none, one), (_, two)) = (keys().await, keys().await);
    assert!(none);
    assert_ne!(one, two, "two runs of two tasks have nothing in common");
}

#[tokio::test]
async fn cancellation_reaches_the_task() {
    let task = task!(|cx: Ctx| async move {
        cx.cancelled().await;
        cx.is_cancelled()
    });
    let (outbound, decode) = task.into_parts().unwrap();
    let cancellation = CancellationToken::new();
    let entry = registry::find(outbound.task.exact()).unwrap();
    let body = entry
        .start(outbound.payload, ctx("cancelled", cancellation.clone()))
        .unwrap();
    assert!(matches!(body, Body::Async(_)));
    cancellation.cancel();
    assert!(decode(run(body).await.unwrap()).unwrap());
}
