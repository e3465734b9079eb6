//! Clients that leave. No runner comes in these tests, so nothing is done before they do.

use axum_thumbnails::{App, PictureId, State, Store, database, router};
use flame::Pool;
use flame_testkit::ScriptedBackend;

use crate::{ask, form, once_ended, pictures};

async fn start() -> (App, Store) {
    let backend = ScriptedBackend::new().never_calls_back();
    let pool = Pool::builder("leaving").max(1).backend(backend);
    let store = Store::new(database::in_memory().await.unwrap());
    (App::new(pool.start().await.unwrap(), store.clone()), store)
}

/// The first picture, as soon as there is one.
async fn first(store: &Store) -> PictureId {
    loop {
        if let [picture] = &store.latest(1).await.unwrap()[..] {
            return picture.id;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn whoever_leaves_cancels_the_work_and_that_is_written_down() {
    let (app, store) = start().await;
    let service = router(app.clone());

    let mut request = Box::pin(ask(&service, form("/pictures", &["cell.png"])));
    let id = tokio::select! {
        answer = &mut request => panic!("there is no runner, and this: {answer:?}"),
        id = first(&store) => id,
    };
    // What the server does when the connection ends.
    drop(request);

    let picture = once_ended(&store, id).await;
    assert_eq!(picture.state, State::Cancelled);
    assert_eq!(picture.reason.as_deref(), Some("nobody waited for it"));
    app.shutdown().await;
}

#[tokio::test]
async fn work_that_a_shutdown_ends_is_lost_and_that_is_written_down() {
    let (app, store) = start().await;
    let service = router(app.clone());
    let answer = ask(&service, form("/pictures?detached", &["cell.png"])).await;
    assert_eq!(pictures(&answer)[0].state, State::Waiting);

    app.shutdown().await;

    let picture = &store.latest(1).await.unwrap()[0];
    assert_eq!(picture.state, State::Lost);
    assert_eq!(
        picture.reason.as_deref(),
        Some("the server is going down: send it again")
    );
}
