//! The delay before attempt n.
