//! What the macros write is allowed in a crate that allows nothing.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, elided_lifetimes_in_paths)]
#![deny(single_use_lifetimes, unused_lifetimes, trivial_casts, let_underscore_drop, unused_results)]
#![deny(missing_debug_implementations, unnameable_types, non_ascii_idents, unused_crate_dependencies)]
#![allow(unused_crate_dependencies, reason = "trybuild gives every case all of them")]

use flame::{Ctx, Pool, Provided, Task, Wire, call, remote, task};

/// Something that an app provides.
#[derive(Clone, Debug)]
pub struct Store;

/// A function with all that it may have.
#[remote]
#[must_use]
pub async fn thumbnails(name: &str, sizes: &[u32], cx: Ctx, store: Provided<Store>) -> usize {
    drop((cx, store));
    name.len() + sizes.len()
}

/// A generic one.
#[remote]
pub fn largest<T: Wire + Ord + Clone>(values: &[T]) -> Option<T> {
    values.iter().max().cloned()
}

/// Blocks in an async function, in a generic one, and at the end of one.
///
/// # Errors
///
/// If there is no pool.
pub async fn blocks<T: Wire + Clone>(pool: &Pool, value: T) -> Result<(), Box<dyn std::error::Error>> {
    let count = 3_usize;
    let many = call!(pool, |value, count| vec![value; count]).await?;
    let length = call!(pool, |many, store: Provided<Store>| async move {
        drop(store);
        many.len()
    })
    .await?;
    let parsed = call!(pool, |length| async move { Ok(length.to_string().parse::<u8>()?) });
    let _parsed: u8 = parsed.await??;
    Ok(())
}

/// A task as a value.
pub fn later(n: u64) -> Task<u64> {
    task!(|mut n| {
        n += 1;
        n
    })
}

fn main() {
    let _tasks = (thumbnails("a", &[1]), largest(&[1, 2]), later(1));
}
