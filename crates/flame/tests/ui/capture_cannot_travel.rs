//! A captured variable is of no serde type.

struct Video {
    id: u64,
}

async fn run(pool: &flame::Pool, video: Video) {
    let _ = flame::call!(pool, |video| async move { video.id }).await;
}

fn main() {}
