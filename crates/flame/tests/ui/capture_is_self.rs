//! A method takes itself along.

struct Video(Vec<u8>);

impl Video {
    async fn size(&self, pool: &flame::Pool) {
        let _ = flame::call!(pool, |self| async move { self.0.len() }).await;
    }
}

fn main() {}
