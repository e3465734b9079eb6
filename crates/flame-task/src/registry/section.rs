//! The one module of flame with `unsafe`: a table that the linker fills, and functions known by type.
//!
//! A macro cannot name the type of a closure, so it cannot write a `static` that registers it. A generic
//! function that the call site instantiates can: its `asm!` emits no instruction, it only pushes the
//! address of [`thunk`] for that very type into a section of the binary. A call site that is linked is
//! therefore registered, and one that is not linked can never ask for anything.
//!
//! What an entry does from its type alone is to make the closure itself again, see [`conjure`].

#![expect(
    unsafe_code,
    reason = "a linker section and values that are known by their type cannot be had without it"
)]

use std::any::TypeId;
use std::mem::size_of;
use std::ptr::NonNull;

use crate::registry::{Entry, of_type};
use crate::task::{Describe, Task};

/// Describes one task. Called once for each, when the table is made.
#[doc(hidden)]
pub type Thunk = fn() -> Entry;

/// Pushes the given directives into our section. Its name carries the version of its layout: two
/// incompatible copies of this crate in one binary get two sections. `R` and `no_dead_strip` keep it
/// through the linker's garbage collection.
#[cfg(not(target_vendor = "apple"))]
macro_rules! in_section {
    ($($body:tt)*) => {
        core::arch::asm!(".pushsection flame_tasks_1,\"awR\",@progbits", $($body)*)
    };
}
#[cfg(target_vendor = "apple")]
macro_rules! in_section {
    ($($body:tt)*) => {
        core::arch::asm!(".pushsection __DATA,__flame_tasks1,regular,no_dead_strip", $($body)*)
    };
}

/// Registers a task, and makes it.
///
/// # Safety
///
/// `D::Function` must be the type of a function, or of a closure that captures nothing at all, not even
/// a zero-sized token. The macros prove it by a coercion to a function pointer, which is allowed for no
/// other closure.
pub unsafe fn register<D: Describe>(draft: D) -> Task<D::Output> {
    enlist::<D>();
    draft.into_task(of_type(TypeId::of::<D>()))
}

/// Makes the binary contain [`thunk`] for `D`, and the section its address.
#[inline(never)]
fn enlist<D: Describe>() {
    // SAFETY: there is no instruction, no register and no memory in it: only data in our own section,
    // one aligned pointer to a function of type `Thunk`, as `thunks` expects.
    #[cfg(target_pointer_width = "64")]
    unsafe {
        in_section!(
            ".p2align 3",
            ".quad {thunk}",
            ".popsection",
            thunk = sym thunk::<D>,
            options(nomem, nostack, preserves_flags),
        );
    }
}

/// Describes the task `D` from its type alone.
///
/// What it returns depends on the type (`Entry::type_id`), so that no optimization takes two thunks for
/// one function.
fn thunk<D: Describe>() -> Entry {
    // SAFETY: only `enlist` names this function, only `register` calls `enlist`, and whoever wrote that
    // call vouched for the type.
    let function = unsafe { conjure::<D::Function>() };
    D::entry(function)
}

/// All that [`enlist`] has pushed, in no order, some perhaps twice.
pub(super) fn thunks() -> &'static [Thunk] {
    #[expect(
        improper_ctypes,
        reason = "the linker defines them and nobody calls them"
    )]
    unsafe extern "C" {
        #[cfg_attr(
            target_vendor = "apple",
            link_name = "\x01section$start$__DATA$__flame_tasks1"
        )]
        #[cfg_attr(not(target_vendor = "apple"), link_name = "__start_flame_tasks_1")]
        static START: [Thunk; 0];
        #[cfg_attr(
            target_vendor = "apple",
            link_name = "\x01section$end$__DATA$__flame_tasks1"
        )]
        #[cfg_attr(not(target_vendor = "apple"), link_name = "__stop_flame_tasks_1")]
        static STOP: [Thunk; 0];
    }
    // SAFETY: the empty block makes the section, and with it both symbols, exist in a program without
    // tasks. Between them lies what `enlist` pushed and nothing else: aligned pointers to functions.
    unsafe {
        in_section!(".popsection", options(nomem, nostack, preserves_flags));
        let start = (&raw const START).cast::<Thunk>();
        let stop = (&raw const STOP).cast::<Thunk>();
        let count = (stop.addr() - start.addr()) / size_of::<Thunk>();
        std::slice::from_raw_parts(start, count)
    }
}

/// The one value of a type that has only one.
///
/// # Safety
///
/// `F` must be the type of a function, or of a closure that captures nothing at all. A size of zero is
/// not enough: a token that proves something about a process has it too.
unsafe fn conjure<F: Copy>() -> F {
    const { assert!(size_of::<F>() == 0) };
    // SAFETY: reading a value of size zero from a dangling, aligned pointer reads nothing, and the
    // caller vouches that this type has a value that anybody may have.
    unsafe { NonNull::<F>::dangling().read() }
}

#[cfg(test)]
mod tests {
    use super::conjure;

    #[test]
    fn a_conjured_function_is_the_function() {
        fn probe<F: Fn(u32) -> u32 + Copy>(_: F) -> u32 {
            // SAFETY: called below with a closure that captures nothing.
            let function = unsafe { conjure::<F>() };
            function(20)
        }
        assert_eq!(probe(|n| n + 1), 21);
        assert_eq!(probe(|n| n + 2), 22);
    }
}
