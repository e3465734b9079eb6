//! A reference is captured.

async fn run(pool: &flame::Pool, name: &str) {
    let _ = flame::call!(pool, |name| async move { name.len() }).await;
}

fn main() {}
