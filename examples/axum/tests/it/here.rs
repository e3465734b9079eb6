//! A task that is awaited runs here, and `.with(..)` gives it a database of its own.

use axum_thumbnails::work::{SIZE, make_thumbnail};
use axum_thumbnails::{State, Store, WorkError, database};
use thumbnails::PictureError;
use thumbnails::thumbnail::decode;

use crate::picture;

#[tokio::test]
async fn a_thumbnail_is_stored_with_who_made_it() {
    let db = database::in_memory().await.unwrap();
    let store = Store::new(db.clone());
    let id = store.add("rocket.jpg").await.unwrap();

    let task = make_thumbnail(id, &picture("rocket.jpg").into());
    task.with(db).await.unwrap();

    let rocket = store.picture(id).await.unwrap().unwrap();
    assert_eq!(rocket.state, State::Done);
    assert_eq!(rocket.process, Some(std::process::id()));
    let (media_type, bytes) = store.thumbnail(id).await.unwrap().unwrap();
    assert_eq!(media_type, "image/jpeg");
    assert_eq!(decode(&bytes).unwrap().image.width(), SIZE);
}

#[tokio::test]
async fn what_is_no_picture_stores_nothing() {
    let db = database::in_memory().await.unwrap();
    let store = Store::new(db.clone());
    let id = store.add("README.md").await.unwrap();

    let task = make_thumbnail(id, &picture("README.md").into());
    let error = task.with(db).await.unwrap_err();

    assert_eq!(error, WorkError::Picture(PictureError::NotAPicture));
    assert_eq!(store.thumbnail(id).await.unwrap(), None);
}

/// As when the client has left, or the work was begun again and both runs came to their end.
#[tokio::test]
async fn a_picture_that_has_ended_stays_as_it_is() {
    let db = database::in_memory().await.unwrap();
    let store = Store::new(db.clone());
    let id = store.add("cell.png").await.unwrap();
    assert!(
        store
            .end(id, State::Cancelled, "nobody waited for it")
            .await
            .unwrap()
    );

    let task = make_thumbnail(id, &picture("cell.png").into());
    let error = task.with(db).await.unwrap_err();

    assert_eq!(error, WorkError::Unwanted);
    assert_eq!(
        store.picture(id).await.unwrap().unwrap().state,
        State::Cancelled
    );
    assert_eq!(store.thumbnail(id).await.unwrap(), None);
}

#[tokio::test]
async fn what_a_killed_service_left_waiting_is_lost_and_says_so() {
    let store = Store::new(database::in_memory().await.unwrap());
    let waiting = store.add("cell.png").await.unwrap();
    let refused = store.add("README.md").await.unwrap();
    store
        .end(refused, State::Refused, "not a picture")
        .await
        .unwrap();

    assert_eq!(store.forsake_the_waiting().await.unwrap(), 1);

    let state = async |id| store.picture(id).await.unwrap().unwrap().state;
    assert_eq!(
        (state(waiting).await, state(refused).await),
        (State::Lost, State::Refused)
    );
}
