//! The exit codes of a runner.

/// It has done its work and was drained.
pub const DONE: i32 = 0;
/// What it was told about its parent made no sense.
pub const BAD_INPUT: i32 = 64;
/// It lost its parent.
pub const PARENT_LOST: i32 = 65;
/// It could not reach its parent in time.
pub const ATTACH_TIMEOUT: i32 = 66;
/// Its parent refused it.
pub const REFUSED: i32 = 77;
