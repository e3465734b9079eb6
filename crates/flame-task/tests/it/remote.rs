use std::path::Path;

use flame_macros::remote;
use flame_task::{Ctx, Provided, Task, provide};
use serde::{Deserialize, Serialize};

use crate::runner::there;

/// One thumbnail every `interval` seconds.
#[remote(crate = crate::flame)]
pub(crate) async fn thumbnails(id: u64, url: &str, interval: u32) -> Result<Vec<String>, String> {
    if interval == 0 {
        return Err("zero".to_owned());
    }
    tokio::task::yield_now().await;
    Ok((0..interval).map(|i| format!("{url}#{id}.{i}")).collect())
}

#[remote(crate = crate::flame)]
pub(crate) fn crunch(n: u64) -> u64 {
    (0..n).sum()
}

#[tokio::test]
async fn a_function_runs_here_and_there() {
    let expected = Ok(vec!["v#7.0".to_owned(), "v#7.1".to_owned()]);
    assert_eq!(thumbnails(7, "v", 2).await, expected);
    assert_eq!(there(thumbnails(7, "v", 2)).await.unwrap(), expected);
    assert_eq!(
        there(thumbnails(7, "v", 0)).await.unwrap(),
        Err("zero".into())
    );
    assert_eq!((crunch(5).await, there(crunch(5)).await.unwrap()), (10, 10));
}

#[derive(Clone)]
struct Store(&'static str);

#[derive(Clone, Serialize, Deserialize)]
struct Exact(String);

#[remote(crate = crate::flame)]
async fn everything(
    cx: Ctx,
    (a, b): (u8, u8),
    Provided(store): Provided<Store>,
    mut words: Vec<String>,
    path: &Path,
    numbers: &[u32],
    exact: &Exact,
) -> String {
    words.push(store.0.to_owned());
    let runner = cx.runner().unwrap_or("here");
    let sum: u32 = numbers.iter().sum();
    format!(
        "{runner} {a}{b} {words:?} {} {sum} {}",
        path.display(),
        exact.0
    )
}

#[tokio::test]
async fn parameters_may_be_patterns_references_and_filled_in_anywhere() {
    provide(Store("s"));
    let exact = Exact("/e".into());
    let call = || everything((1, 2), vec!["w".into()], Path::new("/p"), &[1, 2], &exact);
    assert_eq!(
        there(call()).await.unwrap(),
        r#"runner-1 12 ["w", "s"] /p 3 /e"#
    );
    assert_eq!(call().await, r#"here 12 ["w", "s"] /p 3 /e"#);
}

#[remote(crate = crate::flame)]
fn nothing() {}

#[tokio::test]
async fn a_function_may_take_and_return_nothing() {
    there(nothing()).await.unwrap();
    nothing().await;
}

#[remote(crate = crate::flame)]
async fn opened(path: String) -> anyhow::Result<u64> {
    Ok(std::fs::metadata(&path)?.len())
}

#[tokio::test]
async fn a_function_may_return_an_anyhow_result() {
    let error = there(opened("/no/such".into())).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("No such file"));
}

#[remote(crate = crate::flame)]
async fn countdown(n: u32) -> u32 {
    // Inside, the name means the task, so recursion needs no box.
    if n == 0 {
        0
    } else {
        1 + countdown(n - 1).await
    }
}

#[tokio::test]
async fn a_function_may_call_itself() {
    assert_eq!(there(countdown(5)).await.unwrap(), 5);
}

mod inner {
    use flame_macros::remote;

    /// Keeps its documentation and visibility.
    #[allow(
        clippy::unused_async,
        reason = "shows that lints hold for what is inside"
    )]
    #[doc(alias = "visible")]
    #[remote(crate = crate::flame)]
    pub(in crate::remote) async fn seen(n: u8) -> u8 {
        n
    }
}

#[tokio::test]
async fn tasks_are_values_with_a_name_and_a_place() {
    let task: Task<u8> = inner::seen(3);
    assert_eq!(task.name(), "it::remote::inner::seen");
    assert!(task.at().contains("tests/it/remote.rs:"));
    assert_eq!(there(task).await.unwrap(), 3);
}
