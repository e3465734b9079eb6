//! A backend that is in order except for one flaw.

use std::fmt;
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
    ParentAddress, ParentText, Reach,
};
use flame_core::{InstanceName, RunnerId};
use flame_local::{ChildProcess, InProcess};
use flame_testkit::boot_request;
use tokio::task::yield_now;

/// How a backend may break its promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    IdWithoutText,
    CreateNeverAnswers,
    SecondCreateMakesASecondInstance,
    DroppedCreateIsForgotten,
    FailedCreateIsForgotten,
    StartsAfterItsAnswer,
    DestroyDoesNothing,
    DestroyFailsWhenThereIsNothing,
    DestroyGoesByTheBeginningOfTheName,
    EndedKnowsNothing,
    EndedNeverTells,
    EndedTellsAtOnce,
    ListsWithoutTheCapability,
    ListsNothing,
    ListsWithoutLabels,
    ListsStrangers,
    ListsTheDestroyed,
    EnvIsTrimmed,
    ParentIsCutOff,
    ParentIsAnArgument,
    DebugShowsTheParent,
    DebugShowsTheEnv,
    NamesNoAddress,
    NamesEveryAddress,
    NamesAStrangersAddress,
    TendEndsEverything,
    DroppedTendBlocksCreate,
}

/// The flaws of backends that can list.
const LISTING: [Flaw; 4] = [
    Flaw::ListsNothing,
    Flaw::ListsWithoutLabels,
    Flaw::ListsStrangers,
    Flaw::ListsTheDestroyed,
];
/// The flaws of backends whose instances are elsewhere.
const NAMING: [Flaw; 3] = [
    Flaw::NamesNoAddress,
    Flaw::NamesEveryAddress,
    Flaw::NamesAStrangersAddress,
];
/// The flaws that can only be seen in a process of its own.
const OF_PROCESSES: [Flaw; 3] = [
    Flaw::EnvIsTrimmed,
    Flaw::ParentIsCutOff,
    Flaw::ParentIsAnArgument,
];

/// How often something late lets the others go first.
const LATE: usize = 50;

/// A backend that is in order except for one flaw.
pub(crate) struct Flawed {
    inner: Mutex<Arc<dyn Backend>>,
    flaw: Flaw,
    seen: Mutex<Vec<BootRequest>>,
    destroyed: Mutex<Vec<Listed>>,
    tending: AtomicBool,
}

impl Flawed {
    pub(crate) fn new(flaw: Flaw) -> Self {
        let mut inner: Arc<dyn Backend> = Arc::new(InProcess::new());
        if OF_PROCESSES.contains(&flaw) {
            inner = Arc::new(ChildProcess::new());
        }
        Self {
            inner: Mutex::new(inner),
            flaw,
            seen: Mutex::default(),
            destroyed: Mutex::default(),
            tending: AtomicBool::new(false),
        }
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn is_one_of(&self, flaws: &[Flaw]) -> bool {
        flaws.contains(&self.flaw)
    }

    fn inner(&self) -> Arc<dyn Backend> {
        self.inner.lock().unwrap().clone()
    }

    fn seen(&self) -> Vec<BootRequest> {
        self.seen.lock().unwrap().clone()
    }

    fn has_seen(&self, name: &InstanceName) -> bool {
        self.seen().iter().any(|request| request.name == *name)
    }

    /// What is handed to the copy instead of the request.
    fn spoiled(&self, request: &BootRequest) -> BootRequest {
        let mut spoiled = request.clone();
        if self.has(Flaw::EnvIsTrimmed) {
            for value in spoiled.env.values_mut() {
                *value = value.trim().to_owned();
            }
        }
        let text = request.parent.expose();
        if self.has(Flaw::ParentIsCutOff) {
            spoiled.parent = ParentText::new(&text[..text.len() - 1]);
        }
        if self.has(Flaw::ParentIsAnArgument) {
            // The test harness of the copy ignores a name that is not there.
            let arguments = ["test_runner::flame_test_runner", "--exact", "--nocapture"];
            let backend = ChildProcess::new().args(arguments.into_iter().chain([text]));
            *self.inner.lock().unwrap() = Arc::new(backend);
        }
        spoiled
    }

    /// Makes an instance that is ended as soon as this goes on, and not if it is dropped.
    async fn forget_when_dropped(&self, request: &BootRequest) {
        let hidden = named(hidden(&request.name), request);
        self.inner().create(&hidden).await.unwrap();
        yield_now().await;
        self.inner().destroy(&hidden.name).await.unwrap();
    }
}

impl fmt::Debug for Flawed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flawed")?;
        for request in self.seen() {
            if self.has(Flaw::DebugShowsTheParent) {
                f.write_str(request.parent.expose())?;
            }
            if self.has(Flaw::DebugShowsTheEnv) {
                write!(f, "{:?}", request.env)?;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Backend for Flawed {
    fn name(&self) -> &str {
        "flawed"
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = self.inner().capabilities();
        if self.is_one_of(&LISTING) {
            capabilities.list = true;
        }
        if self.is_one_of(&NAMING) {
            capabilities.reach = Reach::Network;
        }
        capabilities
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        let again = self.has_seen(&request.name);
        self.seen.lock().unwrap().push(request.clone());
        if self.has(Flaw::CreateNeverAnswers) || self.tending.load(Ordering::Relaxed) {
            pending::<()>().await;
        }
        if again && self.has(Flaw::SecondCreateMakesASecondInstance) {
            return self
                .inner()
                .create(&named(boot_request().name, request))
                .await;
        }
        if self.has(Flaw::DroppedCreateIsForgotten) {
            self.forget_when_dropped(request).await;
        }
        if self.has(Flaw::FailedCreateIsForgotten) && request.env.contains_key("IMPOSSIBLE") {
            let hidden = named(hidden(&request.name), request);
            self.inner().create(&hidden).await?;
            return Err(BootError::Rejected {
                source: "a variable with a zero byte".into(),
            });
        }
        if self.has(Flaw::StartsAfterItsAnswer) {
            let (inner, request) = (self.inner(), request.clone());
            tokio::spawn(async move {
                for _ in 0..LATE {
                    yield_now().await;
                }
                inner.create(&request).await.unwrap();
            });
            return Ok(Instance {
                provider_id: "accepted".into(),
            });
        }
        let mut instance = self.inner().create(&self.spoiled(request)).await?;
        if self.has(Flaw::IdWithoutText) {
            instance.provider_id.clear();
        }
        Ok(instance)
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        let seen = self.seen();
        let known = seen.iter().find(|request| request.name == *name);
        if known.is_none() && self.has(Flaw::DestroyFailsWhenThereIsNothing) {
            return Err(DestroyError::new("not found"));
        }
        self.destroyed.lock().unwrap().extend(known.map(listed));
        self.seen.lock().unwrap().retain(|seen| seen.name != *name);
        if self.has(Flaw::DestroyDoesNothing) {
            return Ok(());
        }
        if self.has(Flaw::DestroyGoesByTheBeginningOfTheName) {
            for request in seen {
                if request.name.as_str().starts_with(name.as_str()) {
                    self.inner().destroy(&request.name).await?;
                }
            }
        }
        self.inner().destroy(name).await
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        if self.has(Flaw::EndedTellsAtOnce) {
            return ExitReport::default();
        }
        let report = self.inner().ended(name).await;
        if self.has(Flaw::EndedNeverTells) {
            pending::<()>().await;
        }
        if self.has(Flaw::EndedKnowsNothing) {
            return ExitReport::default();
        }
        report
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        let mut there: Vec<Listed> = self.seen().iter().map(listed).collect();
        if self.has(Flaw::ListsTheDestroyed) {
            there.extend(self.destroyed.lock().unwrap().clone());
        }
        if self.has(Flaw::ListsWithoutLabels) {
            there.iter_mut().for_each(|it| it.labels.clear());
        }
        if self.has(Flaw::ListsStrangers) {
            there.push(Listed {
                name: boot_request().name,
                labels: [("app".to_owned(), "database".to_owned())].into(),
            });
        }
        let lists = self.is_one_of(&LISTING) || self.has(Flaw::ListsWithoutTheCapability);
        if !lists || self.has(Flaw::ListsNothing) {
            there.clear();
        }
        Ok(there)
    }

    fn parent_address(&self) -> Option<ParentAddress> {
        let listen = if self.has(Flaw::NamesEveryAddress) {
            "0.0.0.0:0"
        } else if self.has(Flaw::NamesAStrangersAddress) {
            // An address of the documentation's own, which is nobody's.
            "192.0.2.1:0"
        } else {
            return None;
        };
        Some(ParentAddress::new(listen.parse().unwrap()))
    }

    async fn tend(&self) {
        if self.has(Flaw::TendEndsEverything) {
            for request in self.seen() {
                self.inner().destroy(&request.name).await.unwrap();
            }
        }
        let first = || !self.tending.swap(true, Ordering::Relaxed);
        if self.has(Flaw::DroppedTendBlocksCreate) && first() {
            yield_now().await;
            self.tending.store(false, Ordering::Relaxed);
        }
    }
}

fn named(name: InstanceName, request: &BootRequest) -> BootRequest {
    BootRequest {
        name,
        ..request.clone()
    }
}

fn listed(request: &BootRequest) -> Listed {
    Listed {
        name: request.name.clone(),
        labels: request.labels.clone(),
    }
}

/// A name that nobody else asks for.
fn hidden(name: &InstanceName) -> InstanceName {
    let pool = "hidden".parse().unwrap();
    let number = name.as_str().rsplit('-').next().unwrap();
    InstanceName::new(&pool, 0, RunnerId(number.parse().unwrap()))
}
