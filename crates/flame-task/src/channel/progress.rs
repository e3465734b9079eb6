use std::sync::Arc;

use crate::channel::Rx;
use crate::channel::end::{Departing, End, Role};
use crate::channel::pipe::Pipe;
use crate::wire::{self, Payload, Wire};

/// Makes a way for the progress of the task whose arguments these are. Only the newest value is kept on it.
#[doc(hidden)]
pub fn listen_to_progress<T: Wire>(arguments: &mut Payload) -> Rx<T> {
    let pipe = Pipe::for_progress();
    let end = |role| End {
        pipe: pipe.clone(),
        role,
    };
    arguments.ends.add(Departing::arrived(end(Role::Tx)));
    Rx::new(Arc::new(end(Role::Rx)))
}

/// Where a task tells how far it is.
pub(crate) struct Progress(Arc<End>);

impl Progress {
    pub(crate) fn of(arguments: &Payload) -> Option<Self> {
        arguments.ends.take_progress().map(Self)
    }

    /// Tells it to whoever listens. What does not encode is told, too, and ends it.
    pub(crate) fn tell<T: Wire>(&self, value: &T) {
        let encoded = wire::encode(value).map_err(|error| error.to_string());
        self.0.pipe.push_newest(encoded);
    }

    pub(crate) fn finish(&self) {
        self.0.pipe.finish_newest();
    }
}
