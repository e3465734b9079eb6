use flame_task::{EncodeError, Provided, StartError, provide, registry, task};

use crate::runner::{Failure, there};

#[derive(Clone, Debug, PartialEq)]
struct Database(&'static str);

#[derive(Clone)]
struct Absent;

#[derive(Clone)]
struct Twice;

#[tokio::test]
async fn a_task_gets_what_main_has_provided() {
    provide(Database("real"));
    let query = || task!(|db: Provided<Database>| async move { (*db).clone().0.to_owned() });
    assert_eq!(there(query()).await.unwrap(), "real");
    assert_eq!(query().await, "real");
    // One task may be given a value of its own.
    assert_eq!(query().with(Database("fake")).await, "fake");
}

#[tokio::test]
async fn a_value_of_its_own_keeps_a_task_at_home() {
    let task = task!(|_db: Provided<Absent>| 1).with(Absent);
    let error = task.into_parts().unwrap_err();
    let type_name = std::any::type_name::<Absent>();
    let name = module_path!();
    assert_eq!(error, EncodeError::OwnProvided { name, type_name });
    assert!(error.to_string().contains("Absent"), "{error}");
    assert_eq!(task!(|_db: Provided<Absent>| 1).with(Absent).await, 1);
}

#[tokio::test]
async fn a_task_whose_value_nobody_provided_does_not_start() {
    let type_name = std::any::type_name::<Absent>();
    let error = there(task!(|_db: Provided<Absent>| async { 1 }))
        .await
        .unwrap_err();
    assert_eq!(error, Failure::Start(StartError::NotProvided(type_name)));
    assert!(is_missing("Absent"));
}

#[tokio::test]
async fn what_was_provided_is_not_missing() {
    #[derive(Clone)]
    struct Late;
    let task = task!(|_late: Provided<Late>| 1);
    assert!(is_missing("Late"));
    provide(Late);
    assert!(!is_missing("Late"));
    assert_eq!(there(task).await.unwrap(), 1);
}

/// Whether the table says that a task of this file wants it.
fn is_missing(name: &str) -> bool {
    registry::missing().iter().any(|missing| {
        missing.type_name.ends_with(&format!("::{name}")) && missing.at.contains("provided.rs")
    })
}

#[tokio::test]
#[should_panic(expected = "call `flame::provide(..)`")]
async fn a_task_that_runs_here_says_what_is_missing() {
    task!(|_db: Provided<Absent>| async { 1 }).await;
}

#[tokio::test]
async fn a_value_may_provide_another_while_it_is_cloned() {
    struct Parent;
    #[derive(Clone)]
    struct Child;
    impl Clone for Parent {
        fn clone(&self) -> Self {
            provide(Child);
            Self
        }
    }
    provide(Parent);
    there(task!(|_parent: Provided<Parent>| ())).await.unwrap();
    there(task!(|_child: Provided<Child>| ())).await.unwrap();
}

#[test]
#[should_panic(expected = "wrap it in a newtype")]
fn a_type_is_provided_once() {
    provide(Twice);
    provide(Twice);
}
