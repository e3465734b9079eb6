use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use flame_core::backend::PARENT_VARIABLE;
use flame_proto::parent_text::ParentInfo;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::time::timeout;

use super::ancestors;
use super::door::Door;
use super::given::Given;
use super::lifeline::{self, Lifeline};
use super::serve_error::ServeError;
use crate::threads::Threads;

/// What this process was told about its parent when it was started.
#[derive(Debug)]
pub(super) struct Home {
    /// An error is told when the runner is to serve: there is nobody to tell it before.
    parent: Result<ParentInfo, ServeError>,
    lifeline: Option<Lifeline>,
    serving: AtomicBool,
    /// What the parent has been asked for.
    given: OnceLock<Shared<BoxFuture<'static, Result<Given, ServeError>>>>,
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
            given: OnceLock::new(),
        }
    }

    pub(super) fn parent(&self) -> Result<&ParentInfo, ServeError> {
        self.parent.as_ref().map_err(Clone::clone)
    }

    /// What the parent gives besides the code; `None` if that is nothing. It is asked once, through this door, and by the
    /// control thread: whoever stops waiting for it takes nothing from those who ask later.
    pub(super) async fn given(&'static self, door: &Door) -> Result<Option<Given>, ServeError> {
        let parent = self.parent()?;
        if !parent.has_secrets {
            return Ok(None);
        }
        let given = self.given.get_or_init(|| {
            let asking = Threads::library().spawn_control(self.ask(parent, door.clone()));
            async { asking.await.unwrap_or(Err(ServeError::ParentLost)) }
                .boxed()
                .shared()
        });
        given.clone().await.map(Some)
    }

    async fn ask(
        &'static self,
        parent: &'static ParentInfo,
        door: Door,
    ) -> Result<Given, ServeError> {
        let lost = async {
            match &self.lifeline {
                Some(lifeline) => lifeline.cut().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            given = timeout(parent.boot_timeout, Given::ask(parent, door)) => {
                given.unwrap_or(Err(ServeError::AttachTimeout))
            }
            () = lost => Err(ServeError::ParentLost),
        }
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
