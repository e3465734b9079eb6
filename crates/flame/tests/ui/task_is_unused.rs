//! A task is made and forgotten.

#![deny(unused_must_use)]

#[flame::remote]
async fn double(n: u32) -> u32 {
    n * 2
}

fn main() {
    double(1);
    flame::task!(|| 1);
}
