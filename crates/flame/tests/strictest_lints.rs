//! What the macros write is allowed in a crate that allows nothing.
//!
//! It compiles, so it passes; `cargo clippy` checks the rest.

#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    elided_lifetimes_in_paths
)]
#![deny(
    single_use_lifetimes,
    unused_lifetimes,
    trivial_casts,
    let_underscore_drop,
    unused_results
)]
#![deny(missing_debug_implementations, unnameable_types, non_ascii_idents)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]

use flame::{Ctx, Pool, Provided, Task, Wire, call, remote, task};

/// Something that an app provides.
#[derive(Clone, Debug)]
pub struct Store {
    prefix: String,
}

/// A function with all that it may have.
#[remote]
#[must_use]
pub async fn thumbnails(name: &str, sizes: &[u32], cx: Ctx, store: Provided<Store>) -> usize {
    cx.task().len() + store.prefix.len() + name.len() + sizes.len()
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
pub async fn blocks<T: Wire + Clone>(
    pool: &Pool,
    value: T,
) -> Result<(), Box<dyn std::error::Error>> {
    let count = 3_usize;
    let many = call!(pool, |value, count| vec![value; count]).await?;
    let length = call!(pool, |many, store: Provided<Store>| async move {
        store.prefix.len() + many.len()
    })
    .await?;
    let parsed = call!(pool, |length| async move {
        Ok(length.to_string().parse::<u8>()?)
    });
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

#[test]
fn a_crate_with_the_strictest_lints_has_tasks() {
    let names = [
        thumbnails("a", &[1]).name(),
        largest(&[1, 2]).name(),
        later(1).name(),
    ];
    assert_eq!(names[0], "strictest_lints::thumbnails");
    assert_eq!(names[1], "strictest_lints::largest");
    assert_eq!(names[2], "strictest_lints");
}
