//! The smallest program that runs a block of its code in a copy of itself.

fn main() {}
