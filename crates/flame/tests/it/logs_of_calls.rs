//! What runners tell of the calls that they run, in the log of their parent.

use flame::{EVENTS_QUEUED, call};
use tracing::{Instrument as _, Level, debug, error, info, info_span, trace, warn};

use crate::log;
use crate::logs::told;
use crate::processes::eventually;
use crate::tasks::pool;

/// Tells something of every level.
#[flame::remote]
async fn tells(shown: u32) {
    error!(shown, "of no use");
    warn!(%shown, unit = "px", "too large");
    info!("made");
    debug!("looked at");
    trace!("thought of");
}

/// Starts something that tells when the call has ended.
#[flame::remote]
async fn leaves_somebody_telling() {
    let telling = async {
        tokio::task::yield_now().await;
        info!("afterwards");
    };
    tokio::spawn(telling.in_current_span());
}

/// Tells from another thread.
#[flame::remote]
fn tells_from_a_thread() {
    info!("from a thread that may block");
}

/// Tells more than may wait.
#[flame::remote]
async fn tells_all(events: u64) {
    for event in 0..events {
        info!(event, "one of many");
    }
}

#[tokio::test]
async fn what_a_runner_tells_of_a_call_is_in_the_log_within_the_callers_span_with_its_level() {
    log::write();
    let pool = pool("tells").start().await.unwrap();

    let work = tells(7).on(&pool).instrument(info_span!("request"));
    work.await.unwrap();

    // It was told before the call had its answer.
    let told = log::of("tells");
    let told: Vec<_> = told
        .iter()
        .filter(|told| told.field("call") == "1")
        .collect();
    let seen: Vec<_> = told
        .iter()
        .map(|told| (told.level, told.message(), told.field("fields")))
        .collect();
    assert_eq!(
        seen,
        [
            (Level::ERROR, "of no use", "shown=7"),
            (Level::WARN, "too large", "shown=7 unit=px"),
            (Level::INFO, "made", ""),
            (Level::DEBUG, "looked at", ""),
            (Level::TRACE, "thought of", ""),
        ]
    );
    for told in told {
        assert_eq!(told.spans, ["request"]);
        assert_eq!(told.field("origin"), "it::logs_of_calls");
        assert_eq!(
            told.field("runner"),
            pool.snapshot().runners[0].id.to_string()
        );
    }
    pool.shutdown().await;
}

#[tokio::test]
async fn two_calls_at_once_tell_each_within_its_own_span() {
    log::write();
    let pool = pool("tells_twice")
        .max_concurrency(2)
        .start()
        .await
        .unwrap();
    let one = tells_from_a_thread()
        .on(&pool)
        .instrument(info_span!("one"));
    let other = tells(1).on(&pool).instrument(info_span!("other"));

    let (one, other) = tokio::join!(one, other);

    one.unwrap();
    other.unwrap();
    let of_one = told("tells_twice", "from a thread that may block").await;
    let of_other = told("tells_twice", "made").await;
    assert_eq!((of_one.spans, of_other.spans), (vec!["one"], vec!["other"]));
    pool.shutdown().await;
}

#[tokio::test]
async fn what_a_call_has_started_may_tell_of_it_when_the_call_has_ended() {
    log::write();
    let pool = pool("tells_late").start().await.unwrap();
    leaves_somebody_telling().on(&pool).await.unwrap();
    let told = told("tells_late", "afterwards").await;
    assert_eq!(told.field("call"), "1");
    pool.shutdown().await;
}

#[tokio::test]
async fn too_many_events_are_dropped_and_counted_and_the_call_ends() {
    const EVENTS: u64 = 100 * EVENTS_QUEUED as u64;
    log::write();
    let pool = pool("tells_all").start().await.unwrap();

    tells_all(EVENTS).on(&pool).await.unwrap();

    // What is dropped on the runner is told with the next event of it that comes through.
    let told = || {
        let told = log::of("tells_all").into_iter();
        told.filter(|told| told.message() == "one of many").count() as u64
    };
    let accounted = || told() + pool.snapshot().output_dropped;
    while accounted() < EVENTS {
        call!(pool, || info!("and one more")).await.unwrap();
    }
    assert!(pool.snapshot().output_dropped > 0);
    pool.shutdown().await;
}

#[tokio::test]
async fn in_the_app_itself_the_layer_does_nothing() {
    use tracing_subscriber::layer::SubscriberExt as _;

    log::write();
    let pool = pool("untold").start().await.unwrap();
    let subscriber = tracing_subscriber::registry().with(flame::tracing_layer());
    tracing::subscriber::with_default(subscriber, || info!("of the app"));
    call!(pool, || info!("of the runner")).await.unwrap();
    eventually("the runner is heard", || !log::of("untold").is_empty()).await;
    assert!(
        log::of("untold")
            .iter()
            .all(|told| told.message() != "of the app")
    );
    pool.shutdown().await;
}
