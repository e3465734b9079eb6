//! A variable shall be kept, or only a part of it go along.

async fn run(pool: &flame::Pool, text: String, pair: (u32, u32)) {
    let _ = flame::call!(pool, |text.clone()| async move { text.len() }).await;
    let _ = flame::call!(pool, |ref text| async move { text.len() }).await;
    let _ = flame::call!(pool, |text, pair.0| async move { text.len() }).await;
    let _ = flame::call!(pool, async |text, (a, b)| { text.len() }).await;
}

fn main() {}
