//! Runners that are Fly Machines: the real backend and the real link, against the emulator, whose machines are
//! processes of this test binary.

use std::collections::BTreeMap;
use std::time::Duration;

use flame::{CallError, Ctx, ExitKind, Outcome, Pool, PoolBuilder, RunnerEnv, task};
use flame_fly::{FlyBackend, FlyConfig, Secret};
use flame_fly_emulator::{Emulator, EmulatorConfig, Program, Recipe, Route};

use crate::network::ARGUMENTS;
use crate::processes::eventually;
use crate::tasks::{self, exits, process_id, waits};

const APP: &str = "my-app";
const IMAGE: &str = "registry.example/my-app:1";
const TOKEN: &str = "fm2_canarytoken";

/// An emulator in which something goes wrong.
async fn emulator(recipes: &[Recipe]) -> Emulator {
    let mut program = Program::new(std::env::current_exe().unwrap());
    for argument in ARGUMENTS {
        program = program.arg(argument);
    }
    let config = EmulatorConfig::new(APP).token(TOKEN).image(IMAGE, program);
    let emulator = Emulator::start(config).await.unwrap();
    recipes
        .iter()
        .for_each(|recipe| emulator.apply(recipe.clone()));
    emulator
}

async fn pool(name: &str, emulator: &Emulator, boot_timeout: Duration) -> Pool {
    builder(name, emulator, boot_timeout).start().await.unwrap()
}

fn builder(name: &str, emulator: &Emulator, boot_timeout: Duration) -> PoolBuilder {
    let config = FlyConfig {
        token: Some(Secret::from(TOKEN)),
        app: Some(APP.into()),
        image: Some(IMAGE.into()),
        region: Some("iad".into()),
        host: Some(emulator.base_url()),
        cpus: Some(2),
        parent_app: Some(APP.into()),
        parent_machine: Some("4d89012c7e5d81".into()),
        parent_ip: Some([127, 0, 0, 1].into()),
        ..FlyConfig::default()
    };
    tasks::pool(name)
        .backend(FlyBackend::new(config).unwrap())
        .boot_timeout(boot_timeout)
}

/// The pool ends, nothing is left of it, nothing was asked for that Fly does not know, and no boot ever had two
/// machines.
async fn ends_clean(pool: Pool, emulator: &Emulator) {
    pool.shutdown().await;
    eventually("every machine is gone", || emulator.live().is_empty()).await;
    assert_eq!(emulator.violations(), [""; 0]);
    let mut machines = BTreeMap::<_, usize>::new();
    for machine in emulator.machines() {
        *machines.entry(machine.name).or_default() += 1;
    }
    assert!(machines.values().all(|&of_one| of_one == 1), "{machines:?}");
}

const PATIENT: Duration = Duration::from_secs(60);

// C19
#[tokio::test]
async fn calls_run_in_machines_and_none_is_left_when_the_pool_has_ended() {
    let emulator = emulator(&[]).await;
    let pool = pool("fly", &emulator, PATIENT).await;
    let there = process_id().on(&pool).await.unwrap();
    let pids: Vec<_> = emulator.live().iter().filter_map(|vm| vm.pid).collect();
    assert_eq!(pids, [there]);
    // It calls back when it is up, so nobody asks Fly for that.
    let waits = emulator.journal().into_iter();
    let mut waits = waits.filter(|exchange| exchange.route == Route::Wait);
    assert!(waits.all(|wait| wait.asked("state") == Some("destroyed")));
    let large = vec![7_u8; 3 << 20];
    let size = pool
        .call(task!(|large| async move { large.len() }))
        .await
        .unwrap();
    assert_eq!(size, 3 << 20);
    ends_clean(pool, &emulator).await;
}

#[tokio::test]
async fn a_secret_reaches_the_machine_and_fly_is_told_nothing_of_it() {
    const CANARY: &str = "canary-5c0e-do-not-show";
    let emulator = emulator(&[]).await;
    let pool = builder("fly_secret", &emulator, PATIENT)
        .env(RunnerEnv::new().secret("PAYMENT_KEY", CANARY))
        .start()
        .await
        .unwrap();
    let length = task!(|cx: Ctx| async move { cx.secret("PAYMENT_KEY").unwrap().expose().len() });
    assert_eq!(length.on(&pool).await.unwrap(), CANARY.len());
    let journal = format!("{:?} {:?}", emulator.journal(), emulator.machines());
    assert!(journal.contains("FLAME_PARENT"), "{journal}");
    assert!(!journal.contains(CANARY), "{journal}");
    assert!(!journal.contains("PAYMENT_KEY"), "{journal}");
    ends_clean(pool, &emulator).await;
}

#[tokio::test]
async fn a_machine_whose_creation_was_not_heard_of_is_taken_for_what_it_is() {
    for recipe in [Recipe::lost_create(), Recipe::lost_create_408()] {
        let emulator = emulator(&[recipe]).await;
        let pool = pool("fly_lost", &emulator, PATIENT).await;
        process_id().on(&pool).await.unwrap();
        assert_eq!(emulator.machines().len(), 1);
        ends_clean(pool, &emulator).await;
    }
}

#[tokio::test]
async fn a_call_waits_until_fly_takes_requests_again_and_has_room() {
    let emulator = emulator(&[Recipe::rate_storm(2), Recipe::capacity_then_ok(1)]).await;
    let pool = pool("fly_storm", &emulator, PATIENT).await;
    process_id().on(&pool).await.unwrap();
    assert_eq!(emulator.machines().len(), 1);
    ends_clean(pool, &emulator).await;
}

/// What the caller is told, all the way down.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// Under this recipe no machine becomes a runner, and the caller is told that, and why.
async fn fails_with(recipe: Recipe, boot_timeout: Duration, cause: &str) {
    let emulator = emulator(&[recipe]).await;
    let pool = pool("fly_causes", &emulator, boot_timeout).await;
    let call = pool.call(process_id()).timeout(Duration::from_secs(10));
    let error = call.await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotStarted, "{error}");
    assert!(told(&error).contains(cause), "{}", told(&error));
    assert!(!told(&error).contains(TOKEN), "{}", told(&error));
    ends_clean(pool, &emulator).await;
}

#[tokio::test]
async fn the_caller_is_told_how_machines_end_that_do_not_become_runners() {
    fails_with(Recipe::boots_then_exits(3), PATIENT, "exit code 3").await;
}

#[tokio::test]
async fn the_caller_is_told_of_an_image_that_cannot_be_pulled() {
    fails_with(Recipe::pull_fails(), PATIENT, "image").await;
}

#[tokio::test]
async fn the_caller_is_told_of_machines_that_are_not_started_in_time() {
    let stuck = Recipe::stuck_created(Duration::from_secs(600));
    fails_with(stuck, Duration::from_secs(8), "not started within the time").await;
}

/// What a call is told that runs in a machine when that ends so. Fly takes a moment to notice.
async fn told_of_an_end(name: &str, end: impl Fn(&Emulator, &str)) -> ExitKind {
    let emulator = emulator(&[]).await;
    emulator.set_exit_delay(Duration::from_millis(700));
    let pool = pool(name, &emulator, PATIENT).await;
    let pid = process_id().on(&pool).await.unwrap();
    let call = tokio::spawn(waits().on(&pool));
    eventually("the call runs", || pool.snapshot().counts.running == 1).await;
    end(&emulator, &emulator.live()[0].id);
    let lost = match call.await.unwrap() {
        Err(CallError::RunnerLost(lost)) => lost,
        other => panic!("{other:?}"),
    };
    assert_eq!(lost.task, "it::tasks::waits");
    assert_ne!(process_id().on(&pool).await.unwrap(), pid);
    ends_clean(pool, &emulator).await;
    lost.reason.exit().unwrap_or_else(|| panic!("{lost}"))
}

#[tokio::test]
async fn a_machine_that_is_killed_is_a_loss_that_says_so_and_is_replaced() {
    let kill = |emulator: &Emulator, id: &str| assert!(emulator.kill_process(id, 9));
    let how = told_of_an_end("fly_killed", kill).await;
    assert_eq!(how, ExitKind::Signal(9));
}

#[tokio::test]
async fn the_caller_is_told_that_a_machine_had_too_little_memory() {
    let kill = |emulator: &Emulator, id: &str| assert!(emulator.run_out_of_memory(id));
    let how = told_of_an_end("fly_memory", kill).await;
    assert_eq!(how, ExitKind::OutOfMemory);
}

#[tokio::test]
async fn the_caller_is_told_the_exit_code_of_a_program_that_ends_at_work() {
    let emulator = emulator(&[]).await;
    let pool = pool("fly_exits", &emulator, PATIENT).await;
    process_id().on(&pool).await.unwrap();
    // It has been seen to run, and its end is waited for.
    eventually("it is waited for", || {
        let journal = emulator.journal();
        journal.iter().any(|exchange| exchange.route == Route::Wait)
    })
    .await;
    let error = exits(7).on(&pool).await.unwrap_err();
    assert!(told(&error).contains("exit code 7"), "{}", told(&error));
    ends_clean(pool, &emulator).await;
}
