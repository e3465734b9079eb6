use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    ToParent,
    ToRunner,
}

/// Where bytes wait while one way to or from a machine is cut: a network that loses packets sends them again, and the
/// simulated one does not, so there they wait before they are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_shut: bool,
    waiting: Vec<Waker>,
}

impl Gate {
    /// Whether bytes may be read.
    pub(crate) fn poll_open(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        if !state.is_shut {
            return Poll::Ready(());
        }
        state.waiting.push(cx.waker().clone());
        Poll::Pending
    }

    pub(crate) fn shut(&self) {
        self.lock().is_shut = true;
    }

    pub(crate) fn open(&self) {
        let mut state = self.lock();
        state.is_shut = false;
        state.waiting.drain(..).for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The gates of all machines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gates(Arc<Mutex<BTreeMap<(IpAddr, Way), Gate>>>);

impl Gates {
    /// The gate before what goes this way, to or from that machine.
    pub(crate) fn of(&self, machine: IpAddr, way: Way) -> Gate {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gates.entry((machine, way)).or_default().clone()
    }
}
