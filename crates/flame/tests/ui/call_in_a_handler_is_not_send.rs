//! In a web service: a call whose body, and a handler which itself, holds what must stay on its thread.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use flame::Pool;

async fn handler(State(pool): State<Pool>) -> String {
    let length = flame::call!(pool, || async move {
        let there = std::rc::Rc::new(String::from("there"));
        tokio::task::yield_now().await;
        there.len()
    })
    .await;
    format!("{length:?}")
}

async fn answers(pool: Pool) {
    tokio::spawn(async move {
        let here = std::rc::Rc::new(String::from("here"));
        let there = flame::call!(pool, || String::from("there")).await;
        println!("{here} {there:?}");
    });
}

fn main() {
    let _: Router<Pool> = Router::new().route("/", get(handler));
    let _ = answers;
}
