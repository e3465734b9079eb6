//! The body holds what must stay on its thread across an `.await`.

async fn run(pool: &flame::Pool, text: String) {
    let _ = flame::call!(pool, |text| async move {
        let shared = std::rc::Rc::new(text);
        tokio::task::yield_now().await;
        shared.len()
    })
    .await;
}

fn main() {}
