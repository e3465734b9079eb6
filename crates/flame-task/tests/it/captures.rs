use flame_task::{Ctx, Provided, RunsTasks, Task, call, task};

use crate::runner::{Outbox, there};

#[tokio::test]
async fn a_block_takes_its_variables_along() {
    let (name, count) = (String::from("ann"), 3_usize);
    let echo = task!(|name, count| async move { name.repeat(count) });
    assert_eq!(there(echo).await.unwrap(), "annannann");
}

#[tokio::test]
async fn a_block_without_variables_runs() {
    assert_eq!(there(task!(|| async { 1 + 1 })).await.unwrap(), 2);
    assert_eq!(there(task!(|| 2 + 2)).await.unwrap(), 4);
    assert_eq!(there(task!(async || { 3 + 3 })).await.unwrap(), 6);
    assert_eq!(there(task!(move || 4 + 4)).await.unwrap(), 8);
}

#[tokio::test]
async fn a_variable_may_be_changed_where_it_runs() {
    let mut numbers = vec![3, 1, 2];
    numbers.push(0);
    let sorted = task!(|mut numbers| {
        numbers.sort_unstable();
        numbers
    });
    assert_eq!(there(sorted).await.unwrap(), [0, 1, 2, 3]);
}

#[tokio::test]
async fn an_async_closure_is_a_block_too() {
    let (a, b) = (2_u64, 3_u64);
    assert_eq!(there(task!(async |a, b| { a * b })).await.unwrap(), 6);
}

#[tokio::test]
async fn what_is_filled_in_may_stand_anywhere_in_the_list() {
    #[derive(Clone)]
    struct Offset(u32);
    flame_task::provide(Offset(100));
    let (a, b) = (1_u32, 2_u32);
    let sum = task!(
        |a, cx: Ctx, b, Provided(offset): Provided<Offset>| async move {
            (cx.runner().map(str::to_owned), a + b + offset.0)
        }
    );
    assert_eq!(there(sum).await.unwrap(), (Some("runner-1".into()), 103));
}

#[tokio::test]
async fn what_is_filled_in_may_be_changed_where_it_runs() {
    #[derive(Clone)]
    struct Counter(u32);
    flame_task::provide(Counter(1));
    let once = task!(|mut counter: Provided<Counter>| {
        counter.0.0 += 1;
        counter.0.0
    });
    let twice = task!(|cx: Ctx, Provided(mut counter): Provided<Counter>| {
        counter.0 += cx.attempt();
        counter.0
    });
    assert_eq!(there(once).await.unwrap(), 2);
    assert_eq!(there(twice).await.unwrap(), 3);
}

#[tokio::test]
async fn sixteen_variables_travel() {
    let (a, b, c, d, e, f, g, h) = (1, 2, 3, 4, 5, 6, 7, 8);
    let (i, j, k, l, m, n, o, p) = (9, 10, 11, 12, 13, 14, 15, 16);
    let sum = task!(|a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p| -> i32 {
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
            .iter()
            .sum()
    });
    assert_eq!(there(sum).await.unwrap(), 136);
}

#[tokio::test]
async fn call_gives_the_block_to_the_pool() {
    let (pool, name) = (Outbox, String::from("ann"));
    call!(pool, |name| async move { name.len() }).await.unwrap();
    call!(&pool, || 7).await.unwrap();
    task!(|| 7).on(&pool).await.unwrap();
}

#[tokio::test]
async fn tasks_of_one_output_have_one_type() {
    let k = 5_u32;
    let tasks: Vec<Task<u32>> = vec![task!(|k| k * 100), task!(|k| async move { k + 1 })];
    let mut outputs = Vec::new();
    for task in tasks {
        outputs.push(there(task).await.unwrap());
    }
    assert_eq!(outputs, [500, 6]);
}

#[tokio::test]
async fn trailing_commas_and_long_bodies_are_fine() {
    let words = vec![String::from("a"), String::from("b")];
    let joined = task!(|words| async move {
        let mut text = String::new();
        for word in &words {
            tokio::task::yield_now().await;
            text.push_str(word);
        }
        text
    },);
    assert_eq!(there(joined).await.unwrap(), "ab");
}
