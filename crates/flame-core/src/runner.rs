//! The life of one runner.

pub mod exit;
