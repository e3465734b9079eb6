use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use flame_core::backend::PARENT_VARIABLE;
use flame_proto::parent_text::ParentInfo;

use super::ancestors;
use super::lifeline::{self, Lifeline};
use super::serve_error::ServeError;

/// What this process was told about its parent when it was started.
#[derive(Debug)]
pub(super) struct Home {
    /// An error is told when the runner is to serve: there is nobody to tell it before.
    parent: Result<ParentInfo, ServeError>,
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
        match lifeline::take() {
            Some(Ok((text, lifeline))) => Some(Self::new(read(&text), Some(lifeline))),
            Some(Err(error)) => Some(Self::new(Err(ServeError::Unread(error.to_string())), None)),
            None => {
                let text = std::env::var(PARENT_VARIABLE).ok()?;
                let is_inherited = ancestors::include_the_runner(PARENT_VARIABLE, &text);
                (!is_inherited).then(|| Self::new(read(&text), None))
            }
        }
    }

    fn new(parent: Result<ParentInfo, ServeError>, lifeline: Option<Lifeline>) -> Self {
        Self {
            parent,
            lifeline,
            serving: AtomicBool::new(false),
        }
    }

    pub(super) fn parent(&self) -> Result<&ParentInfo, ServeError> {
        self.parent.as_ref().map_err(Clone::clone)
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

fn read(text: &str) -> Result<ParentInfo, ServeError> {
    ParentInfo::from_text(text).map_err(ServeError::BadParent)
}
