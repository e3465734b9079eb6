//! What `#[remote]` does not go on, each with a reason.

use flame::remote;

#[remote]
async fn changes(words: &mut Vec<String>) {
    words.clear();
}

#[remote]
async fn counts(bytes: impl Iterator<Item = u8>) -> usize {
    bytes.count()
}

#[remote]
async fn hides() -> impl Sized {}

#[remote]
async fn borrows<'a>(text: &'a str) -> usize {
    text.len()
}

#[remote]
async fn lasts(text: &'static str) -> usize {
    text.len()
}

#[remote]
async fn lends(text: Option<&str>, pairs: &[(u8, &str)]) -> usize {
    pairs.len()
}

#[remote]
unsafe fn dares() {}

#[remote]
const fn constant() -> u8 {
    1
}

#[remote]
extern "C" fn foreign() {}

struct Counter(u64);

impl Counter {
    #[remote]
    async fn add(&self, n: u64) -> u64 {
        self.0 + n
    }
}

#[remote]
struct NotAFunction;

#[remote(name = "thumbs")]
async fn renamed() {}

#[remote]
#[rustfmt::skip]
fn too_many(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u8, q: u8) {}

fn main() {}
