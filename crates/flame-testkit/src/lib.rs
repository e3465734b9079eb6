//! For authors of flame backends and for tests of pools.

mod request;

pub use request::boot_request;
