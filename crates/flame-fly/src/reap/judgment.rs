use crate::api::VmState;

/// What is to become of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgment {
    Leave,
    /// For this reason, at once.
    End(&'static str),
    /// For this reason, if it is the same at the next sweep.
    EndIfSeenAgain(&'static str),
}

/// What is known of the process that asked for a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// This process.
    Me { is_looked_after: bool },
    /// A process on this machine, an earlier one or one beside this.
    MyMachine { is_over: bool },
    /// A process on a machine that is in this state.
    Other(VmState),
    /// A process on a machine that is not there any more.
    Gone,
    /// Nothing can be said of it at the moment.
    Unknown,
}

/// Only what certainly has no parent is ended.
pub(super) fn judge(parent: &Parent) -> Judgment {
    match parent {
        // Its answer was never heard, and its destroy has not found it.
        Parent::Me {
            is_looked_after: false,
        } => Judgment::End("nobody asks for it any more"),
        Parent::MyMachine { is_over: true } => Judgment::End("an earlier process of this machine"),
        Parent::Gone => Judgment::EndIfSeenAgain("its parent's machine is gone"),
        Parent::Other(VmState::Stopped | VmState::Failed | VmState::Destroyed) => {
            Judgment::EndIfSeenAgain("its parent's machine does not run")
        }
        // A suspended parent may go on. One that was started anew sweeps after itself.
        Parent::Me {
            is_looked_after: true,
        }
        | Parent::MyMachine { is_over: false }
        | Parent::Other(_)
        | Parent::Unknown => Judgment::Leave,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // C31
    #[test]
    fn only_what_certainly_has_no_parent_is_ended() {
        let now = |parent| matches!(judge(&parent), Judgment::End(_));
        let later = |parent| matches!(judge(&parent), Judgment::EndIfSeenAgain(_));
        let never = |parent| judge(&parent) == Judgment::Leave;

        assert!(now(Parent::Me {
            is_looked_after: false
        }));
        assert!(now(Parent::MyMachine { is_over: true }));
        for state in [VmState::Stopped, VmState::Failed, VmState::Destroyed] {
            assert!(later(Parent::Other(state)));
        }
        assert!(later(Parent::Gone));

        assert!(never(Parent::Me {
            is_looked_after: true
        }));
        assert!(never(Parent::MyMachine { is_over: false }));
        assert!(never(Parent::Unknown));
        for state in [
            VmState::Created,
            VmState::Starting,
            VmState::Started,
            VmState::Stopping,
            VmState::Suspended,
            VmState::Destroying,
            VmState::Other("quantum".into()),
            VmState::Untold,
        ] {
            assert!(never(Parent::Other(state)));
        }
    }
}
