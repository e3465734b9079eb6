//! What is given to the macro is no closure, or takes too much along.

async fn run(pool: &flame::Pool) {
    let _ = flame::call!(pool, async move { 1 }).await;
}

fn seventeen() {
    let (a, b, c, d, e, f, g, h, i) = (1, 2, 3, 4, 5, 6, 7, 8, 9);
    let (j, k, l, m, n, o, p, q) = (10, 11, 12, 13, 14, 15, 16, 17);
    let _ = flame::task!(|a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q| a + q);
}

fn main() {}
