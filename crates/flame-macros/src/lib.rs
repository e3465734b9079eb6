//! The  attribute
