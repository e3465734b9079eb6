//! The wire between a parent and its runners.
//!
//! A session is one bidirectional gRPC stream, `Attach`, that carries batches of small frames, and one
//! bulk connection for payloads that are too large to be inlined. The contract is
//! `proto/flame/runner/v1/runner.proto` and, beside it, `bulk.md`.
//!
//! Everything outside this crate speaks in the types of [`frame`]; prost's types stop at [`convert`].

pub mod bulk;
pub mod convert;
pub mod frame;
pub mod hello;
pub mod parent_text;
pub mod probe;
mod protocol_error;
pub mod v1;
pub mod weight;

pub use protocol_error::{ProtocolError, Violation};
