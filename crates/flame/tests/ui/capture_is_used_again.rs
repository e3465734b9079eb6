//! A variable is used after it was taken along.

async fn run(pool: &flame::Pool, text: String) {
    let _ = flame::call!(pool, |text| async move { text.len() }).await;
    println!("{text}");
}

fn main() {}
