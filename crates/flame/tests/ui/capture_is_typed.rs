//! A variable to take along is written with its type.

async fn run(pool: &flame::Pool, interval: u32) {
    let _ = flame::call!(pool, |interval: u32| async move { interval + 1 }).await;
}

fn main() {}
