use std::collections::VecDeque;

use crate::boot_script::BootScript;

/// How machines boot that have not been created yet.
#[derive(Debug, Default)]
pub(crate) struct Boots {
    next: VecDeque<BootScript>,
    always: BootScript,
}

impl Boots {
    /// From now on all boot like this.
    pub(crate) fn set_all(&mut self, script: BootScript) {
        self.always = script;
    }

    /// One more boots like this before all others do.
    pub(crate) fn add_next(&mut self, script: BootScript) {
        self.next.push_back(script);
    }

    pub(crate) fn take(&mut self) -> BootScript {
        self.next.pop_front().unwrap_or_else(|| self.always.clone())
    }
}
