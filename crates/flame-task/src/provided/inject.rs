use std::any::{TypeId, type_name};

use crate::ctx::Ctx;
use crate::provided::{Provided, find};

/// A type that some task wants to be provided.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Which type.
    pub type_id: TypeId,
    /// Its name, for people.
    pub type_name: &'static str,
}

/// A parameter that is filled in where the task runs: in the list of a task it is the one with a type.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not something a runner provides",
    label = "a typed parameter of a task is filled in by the runner: `Provided<T>` or `Ctx`",
    note = "to capture a variable of the caller, name it without a type: `|video, interval|`"
)]
pub trait Inject: Sized + Send + 'static {
    /// Adds what must have been provided for this parameter.
    fn needs(_needs: &mut Vec<Need>) {}

    /// The parameter's value for the run that `ctx` describes.
    ///
    /// # Errors
    ///
    /// What is needed and was not provided.
    fn inject(ctx: &Ctx) -> Result<Self, Need>;
}

impl Inject for Ctx {
    fn inject(ctx: &Ctx) -> Result<Self, Need> {
        Ok(ctx.clone())
    }
}

impl<T: Clone + Send + Sync + 'static> Inject for Provided<T> {
    fn needs(needs: &mut Vec<Need>) {
        needs.push(need::<T>());
    }

    fn inject(ctx: &Ctx) -> Result<Self, Need> {
        let value = ctx.own_values().get::<T>().or_else(find::<T>);
        value.map(Self).ok_or_else(need::<T>)
    }
}

fn need<T: 'static>() -> Need {
    Need {
        type_id: TypeId::of::<T>(),
        type_name: type_name::<T>(),
    }
}

macro_rules! inject_tuples {
    ($(($($parameter:ident)*))*) => { $(
        impl<$($parameter: Inject),*> Inject for ($($parameter,)*) {
            fn needs(_needs: &mut Vec<Need>) {
                $($parameter::needs(_needs);)*
            }

            fn inject(_ctx: &Ctx) -> Result<Self, Need> {
                Ok(($($parameter::inject(_ctx)?,)*))
            }
        }
    )* };
}

inject_tuples! {
    ()
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
}
