//! A variable is taken apart between the bars.

async fn run(pool: &flame::Pool, pair: (u32, u32)) {
    let _ = flame::call!(pool, |(a, b)| async move { a + b }).await;
}

fn main() {}
