//! Tasks that are functions with a name: `#[remote]`, not generic.
//!
//! They need no `unsafe`: their line in the table comes from a `static` that names the function.

use std::any::TypeId;

use crate::registry::of_type;
use crate::task::{Describe, Task};

/// Makes the task of a function that registers itself.
#[doc(hidden)]
pub fn named<D: Describe>(draft: D) -> Task<D::Output> {
    draft.into_task(of_type(TypeId::of::<D>()))
}
