//! A mistake inside of the body is shown where it is.

async fn run(pool: &flame::Pool, text: String) {
    let _ = flame::call!(pool, |text| async move {
        let count: u32 = text.len();
        count
    })
    .await;
}

fn main() {}
