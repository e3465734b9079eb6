//! The generated types and the gRPC service of `flame.runner.v1`.
//!
//! `cargo xtask codegen` writes them. Only [`convert`](crate::convert) and
//! [`parent_text`](crate::parent_text) translate them; a transport needs the batches and the service.

use std::fmt;

#[allow(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::allow_attributes_without_reason,
    clippy::large_futures,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::needless_pass_by_value,
    clippy::semicolon_if_nothing_returned,
    clippy::use_self,
    clippy::wildcard_enum_match_arm,
    reason = "generated code follows its generator's style"
)]
#[rustfmt::skip]
mod generated {
    include!("generated/flame.runner.v1.rs");
}

pub use generated::*;

/// Gives messages that hold a secret a `Debug` without it.
macro_rules! redacted_debug {
    ($($message:ident { $($shown:ident),* })*) => {$(
        impl fmt::Debug for $message {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($message))
                    $(.field(stringify!($shown), &self.$shown))*
                    .finish_non_exhaustive()
            }
        }
    )*};
}

redacted_debug! {
    Hello { boot, build, pid, host }
    Welcome { version, max_concurrency }
    Secret { name }
    GetSecretsRequest { boot }
    GetSecretsResponse { secrets }
    ParentInfo { attach, bulk, boot, pool, runner, build, depth }
}
