//! A variable is used and not named between the bars.

async fn run(pool: &flame::Pool, text: String, offset: usize) {
    let _ = flame::call!(pool, |text| async move { text.len() + offset }).await;
}

fn main() {}
