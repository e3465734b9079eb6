use flame::{Pool, call, task};

use crate::tasks::{Video, VideoError, check, greet, largest, pool, process_id, twice};

#[tokio::test]
async fn a_block_of_code_runs_in_another_process_with_what_it_takes_along() {
    let pool = pool("blocks").start().await.unwrap();
    let (name, numbers) = (String::from("flame"), vec![1u32, 2, 3]);
    let (text, there) = call!(pool, |name, numbers| async move {
        (
            format!("{name}: {}", numbers.iter().sum::<u32>()),
            std::process::id(),
        )
    })
    .await
    .unwrap();
    assert_eq!(text, "flame: 6");
    assert_ne!(there, std::process::id());
    pool.shutdown().await;
}

#[tokio::test]
async fn a_blocking_block_runs_on_a_thread_of_its_own() {
    let pool = pool("blocking").start().await.unwrap();
    let n = 20u64;
    let sum = call!(pool, |n| (1..=n).sum::<u64>()).await.unwrap();
    assert_eq!(sum, 210);
    pool.shutdown().await;
}

#[tokio::test]
async fn a_remote_function_runs_here_when_awaited_and_there_on_a_pool() {
    let pool = pool("functions").start().await.unwrap();
    assert_eq!(process_id().await, std::process::id());
    assert_ne!(process_id().on(&pool).await.unwrap(), std::process::id());
    assert_eq!(greet("you").on(&pool).await.unwrap(), "hello you");
    assert_eq!(largest(&[3, 9, 4]).on(&pool).await.unwrap(), Some(9));
    assert_eq!(twice(7u8).on(&pool).await.unwrap(), (7, 7));
    assert_eq!(
        twice(String::from("x")).on(&pool).await.unwrap(),
        ("x".to_owned(), "x".to_owned())
    );
    pool.shutdown().await;
}

/// Two instantiations of one block must not be taken for each other.
async fn count<T: flame::Wire + std::fmt::Debug>(pool: &Pool, values: Vec<T>) -> String {
    pool.call(task!(|values| async move {
        format!(
            "{} of {}: {values:?}",
            values.len(),
            std::any::type_name::<T>()
        )
    }))
    .await
    .unwrap()
}

#[tokio::test]
async fn a_block_in_a_generic_function_runs_for_each_type() {
    let pool = pool("generic").start().await.unwrap();
    assert_eq!(count(&pool, vec![1u8, 2]).await, "2 of u8: [1, 2]");
    assert_eq!(count(&pool, vec!['a']).await, "1 of char: ['a']");
    pool.shutdown().await;
}

#[tokio::test]
async fn the_tasks_own_error_comes_back_as_itself() {
    let pool = pool("own_errors").start().await.unwrap();
    let good = Video {
        id: 1,
        title: Some("good".to_owned()),
    };
    let bad = Video { id: 2, title: None };
    assert_eq!(check(good.clone()).on(&pool).await.unwrap(), Ok(good));
    assert_eq!(
        check(bad).on(&pool).await.unwrap(),
        Err(VideoError::Broken { id: 2 })
    );
    pool.shutdown().await;
}

#[tokio::test]
async fn the_question_mark_works_with_anyhow_on_both_sides() {
    let pool = pool("question_mark").start().await.unwrap();
    let number = String::from("12x");
    let parsed = call!(pool, |number| async move {
        let n: i64 = number.parse()?;
        Ok(n + 1)
    })
    .await
    .unwrap();
    assert!(parsed.unwrap_err().to_string().contains("invalid digit"));
    pool.shutdown().await;
}

#[tokio::test]
async fn many_calls_share_one_runner_and_come_back_to_their_callers() {
    let pool = pool("many").max_concurrency(8).start().await.unwrap();
    let calls = (0..200u64).map(|n| tokio::spawn(call!(pool, |n| async move { n * n })));
    for (n, call) in calls.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(call.await.unwrap().unwrap(), (n * n) as u64);
    }
    let counts = pool.snapshot().counts;
    assert_eq!(counts.ready, 1);
    pool.shutdown().await;
}
