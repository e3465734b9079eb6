//! The body returns a future instead of being async.

async fn count(text: String) -> usize {
    text.len()
}

async fn run(pool: &flame::Pool, text: String) {
    let _ = flame::call!(pool, |text| count(text)).await;
}

fn main() {}
