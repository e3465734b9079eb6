//! The suite fails a backend that breaks a promise: one backend for each way to break one.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use flame_core::backend::{
    Backend, BootError, BootRequest, Capabilities, DestroyError, ExitReport, Instance, Listed,
};
use flame_core::{InstanceName, RunnerId};
use flame_local::InProcess;
use flame_testkit::{boot_request, conformance};

/// How long a promise may take that is going to be broken by taking for ever.
const LITTLE_PATIENCE: Duration = Duration::from_secs(2);

/// How a backend may break its promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    IdWithoutText,
    SecondCreateMakesASecondInstance,
    DestroyDoesNothing,
    DestroyFailsWhenThereIsNothing,
    EndedKnowsNothing,
    EndedNeverTells,
    ListsWithoutTheCapability,
    DebugShowsTheParent,
    DroppedCreateIsForgotten,
}

/// A backend that is in order except for one flaw.
struct Flawed {
    inner: InProcess,
    flaw: Flaw,
    seen: Mutex<Vec<BootRequest>>,
}

macro_rules! found {
    ($($test:ident: $flaw:ident by $promise:ident;)+) => {
        $(
            #[test]
            fn $test() {
                let flawed = Flawed::new(Flaw::$flaw);
                let outcome = catch_unwind(AssertUnwindSafe(|| {
                    conformance::run_within(LITTLE_PATIENCE, conformance::$promise(&flawed));
                }));
                assert!(outcome.is_err(), "{:?} was not found", flawed.flaw);
            }
        )+
    };
}

found! {
    an_id_without_a_text_is_found:
        IdWithoutText by create_answers_with_an_id;
    a_second_instance_of_one_name_is_found:
        SecondCreateMakesASecondInstance by create_for_the_same_name_makes_no_second_instance;
    an_instance_that_survives_destroy_is_found:
        DestroyDoesNothing by destroy_ends_the_instance;
    a_destroy_that_fails_the_second_time_is_found:
        DestroyFailsWhenThereIsNothing by destroy_may_be_repeated;
    a_destroy_that_fails_for_an_unknown_name_is_found:
        DestroyFailsWhenThereIsNothing by destroy_of_a_name_that_never_was_is_ok;
    an_exit_code_that_is_not_told_is_found:
        EndedKnowsNothing by ended_tells_the_exit_code;
    a_signal_that_is_not_told_is_found:
        EndedKnowsNothing by ended_tells_the_signal;
    an_end_that_is_never_told_is_found:
        EndedNeverTells by destroy_ends_the_instance;
    a_list_without_the_capability_is_found:
        ListsWithoutTheCapability by list_shows_what_carries_the_label;
    a_secret_in_debug_is_found:
        DebugShowsTheParent by debug_shows_no_secret;
    an_instance_left_by_a_dropped_create_is_found:
        DroppedCreateIsForgotten by a_dropped_create_leaves_nothing_after_destroy;
}

impl Flawed {
    fn new(flaw: Flaw) -> Self {
        Self {
            inner: InProcess::new(),
            flaw,
            seen: Mutex::default(),
        }
    }

    fn has_seen(&self, name: &InstanceName) -> bool {
        let seen = self.seen.lock().unwrap();
        seen.iter().any(|request| request.name == *name)
    }
}

impl fmt::Debug for Flawed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flawed")?;
        if self.flaw == Flaw::DebugShowsTheParent {
            for request in self.seen.lock().unwrap().iter() {
                f.write_str(request.parent.expose())?;
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
        self.inner.capabilities()
    }

    async fn create(&self, request: &BootRequest) -> Result<Instance, BootError> {
        let again = self.has_seen(&request.name);
        self.seen.lock().unwrap().push(request.clone());
        if again && self.flaw == Flaw::SecondCreateMakesASecondInstance {
            let other = BootRequest {
                name: boot_request().name,
                ..request.clone()
            };
            return self.inner.create(&other).await;
        }
        if self.flaw == Flaw::DroppedCreateIsForgotten {
            let hidden = BootRequest {
                name: hidden(&request.name),
                ..request.clone()
            };
            self.inner.create(&hidden).await?;
            tokio::task::yield_now().await;
            self.inner.destroy(&hidden.name).await.unwrap();
        }
        let mut instance = self.inner.create(request).await?;
        if self.flaw == Flaw::IdWithoutText {
            instance.provider_id.clear();
        }
        Ok(instance)
    }

    async fn destroy(&self, name: &InstanceName) -> Result<(), DestroyError> {
        let known = self.has_seen(name);
        self.seen.lock().unwrap().retain(|seen| seen.name != *name);
        if !known && self.flaw == Flaw::DestroyFailsWhenThereIsNothing {
            return Err(DestroyError::new("not found"));
        }
        if self.flaw == Flaw::DestroyDoesNothing {
            return Ok(());
        }
        self.inner.destroy(name).await
    }

    async fn ended(&self, name: &InstanceName) -> ExitReport {
        let report = self.inner.ended(name).await;
        match self.flaw {
            Flaw::EndedNeverTells => std::future::pending().await,
            Flaw::EndedKnowsNothing => ExitReport::default(),
            Flaw::IdWithoutText
            | Flaw::SecondCreateMakesASecondInstance
            | Flaw::DestroyDoesNothing
            | Flaw::DestroyFailsWhenThereIsNothing
            | Flaw::ListsWithoutTheCapability
            | Flaw::DebugShowsTheParent
            | Flaw::DroppedCreateIsForgotten => report,
        }
    }

    async fn list(&self) -> Result<Vec<Listed>, DestroyError> {
        if self.flaw != Flaw::ListsWithoutTheCapability {
            return Ok(Vec::new());
        }
        let seen = self.seen.lock().unwrap();
        let listed = seen.iter().map(|request| Listed {
            name: request.name.clone(),
            labels: request.labels.clone(),
        });
        Ok(listed.collect())
    }
}

/// A name that nobody else asks for.
fn hidden(name: &InstanceName) -> InstanceName {
    let pool = "hidden".parse().unwrap();
    let digits: String = name
        .as_str()
        .chars()
        .rev()
        .take_while(char::is_ascii_digit)
        .collect();
    let number: String = digits.chars().rev().collect();
    InstanceName::new(&pool, 0, RunnerId(number.parse().unwrap()))
}
