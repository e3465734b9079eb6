//! A token has no size, yet a runner must not be able to make one.

#[derive(Clone, Copy)]
struct DriverIsReady(());

impl DriverIsReady {
    fn draw(&self) {}
}

async fn run(pool: &flame::Pool, ready: DriverIsReady) {
    let _ = flame::call!(pool, || ready.draw()).await;
}

fn main() {}
