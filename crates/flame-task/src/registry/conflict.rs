/// Two tasks that cannot be told apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Conflict {
    /// Two `#[remote]` functions have the same path.
    #[error(
        "two `#[remote]` functions are called `{path}`, at {} and at {}: is there a `mod` for the same \
         file in both lib.rs and main.rs? Let main.rs `use` the library's",
        at[0],
        at[1]
    )]
    SamePath {
        /// Their path.
        path: &'static str,
        /// Where they are written.
        at: [&'static str; 2],
    },
    /// The hashes of two types collide, once in 2^64 pairs.
    #[error("the identities of the tasks at {} and at {} collide: move one of them", at[0], at[1])]
    SameHash {
        /// Where they are written.
        at: [&'static str; 2],
    },
}
