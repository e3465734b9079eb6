//! A task is given to something that is no pool.

async fn run(threads: Vec<u8>) {
    let _ = flame::task!(|| 1).on(&threads);
}

fn main() {}
