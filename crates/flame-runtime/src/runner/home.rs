use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use flame_core::backend::PARENT_VARIABLE;
use flame_proto::parent_text::{ParentInfo, ParentTextError};

use super::lifeline::{self, Lifeline};

/// What this process was told about its parent when it was started.
#[derive(Debug)]
pub(super) struct Home {
    parent: Result<ParentInfo, ParentTextError>,
    lifeline: Option<Lifeline>,
    serving: AtomicBool,
}

/// Looks once; `None` in the app itself.
pub(super) fn home() -> Option<&'static Home> {
    static HOME: OnceLock<Option<Home>> = OnceLock::new();
    HOME.get_or_init(Home::find).as_ref()
}

impl Home {
    fn find() -> Option<Self> {
        if let Some((text, lifeline)) = lifeline::take() {
            return Some(Self::new(&text, Some(lifeline)));
        }
        let text = std::env::var(PARENT_VARIABLE).ok()?;
        Some(Self::new(&text, None))
    }

    fn new(text: &str, lifeline: Option<Lifeline>) -> Self {
        Self {
            parent: ParentInfo::from_text(text),
            lifeline,
            serving: AtomicBool::new(false),
        }
    }

    pub(super) fn parent(&self) -> Result<&ParentInfo, &ParentTextError> {
        self.parent.as_ref()
    }

    pub(super) fn lifeline(&self) -> Option<&Lifeline> {
        self.lifeline.as_ref()
    }

    /// Whether `serve()` has been called.
    pub(super) fn is_serving(&self) -> bool {
        self.serving.load(Ordering::Acquire)
    }

    /// Remembers that `serve()` was called, and says whether it was for the first time.
    pub(super) fn begin_serving(&self) -> bool {
        !self.serving.swap(true, Ordering::AcqRel)
    }
}
