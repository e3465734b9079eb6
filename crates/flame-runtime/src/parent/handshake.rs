use std::time::Duration;

use flame_proto::frame::{Hello, ParentFrame, Reject, RunnerFrame};
use flame_proto::hello::{self, OurSide};
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;

use super::admission::Admission;
use super::boots::Boots;
use super::session::{self, Session};
use crate::error::BootCause;
use crate::link::{Batches, LinkError, Outbox};
use crate::pool::{Refusal, Shared};
use crate::threads::Threads;

/// How long a connection may take to say who it is.
pub(super) const HELLO_TIMEOUT: Duration = Duration::from_secs(5);

/// Hears a runner's hello and, if it is one that a boot is waiting for, starts its session.
///
/// What is returned is the parent's half of the conversation, be it only a refusal. A runner in this process has
/// no connection, and needs no admission.
pub(crate) async fn attach(
    boots: &Boots,
    threads: &Threads,
    admission: Option<&Admission>,
    batches: impl Stream<Item = Result<Vec<RunnerFrame>, LinkError>> + Send + 'static,
) -> Batches<ParentFrame> {
    let mut batches = Box::pin(batches);
    let first = timeout(HELLO_TIMEOUT, batches.next()).await;
    let hello = match first {
        Ok(Some(Ok(frames))) => match <[RunnerFrame; 1]>::try_from(frames) {
            Ok([RunnerFrame::Hello(hello)]) => hello,
            _ => return refuse_stranger(boots, threads, admission),
        },
        Ok(Some(Err(LinkError::Protocol(_)))) | Err(_) => {
            return refuse_stranger(boots, threads, admission);
        }
        // A copy that was ended as it came: nobody is left to be refused.
        Ok(Some(Err(LinkError::Transport(_))) | None) => return refuse(Reject::Unauthenticated),
    };
    match admit(boots, &hello) {
        Ok((shared, session)) => {
            let answers = Batches(session.outbox().clone());
            match admission {
                Some(admission) => {
                    session.expect_bulk(boots, admission.peer());
                    admission.admit(session.bulk().end(), session.peer_loss_after());
                    let line = admission.line();
                    threads.spawn_control(session::run(shared, session, line, batches));
                }
                // Where the runner is: from there to the control thread would be one thread more on the way of
                // each answer.
                None => {
                    tokio::spawn(session::run(shared, session, None, batches));
                }
            }
            answers
        }
        Err((refusal, reject)) => {
            let from = admission.and_then(Admission::turn_away);
            boots.turned_away().runner(refusal, &hello, from, threads);
            refuse(reject)
        }
    }
}

fn admit(
    boots: &Boots,
    hello: &Hello,
) -> Result<(std::sync::Arc<Shared>, std::sync::Arc<Session>), (Refusal, Reject)> {
    let because = |reject: Reject| (Refusal::from(&reject), reject);
    let (shared, runner) = boots
        .redeem(&hello.boot, &hello.token)
        // Which of them it is, is nothing that a stranger may learn.
        .map_err(|refusal| (refusal, Reject::Unauthenticated))?;
    let shared = shared.upgrade().ok_or_else(|| because(Reject::Unwanted))?;
    let ours = OurSide::new(flame_task::build_id());
    if let Err(reject) = hello::check(hello, &ours) {
        shared.boot_failed(runner, cause_of(&reject));
        return Err(because(reject));
    }
    if hello.panic_aborts {
        tracing::warn!(
            boot = %hello.boot,
            "this build aborts on panic: a panicking task takes its runner and all calls on it along"
        );
    }
    let session = shared
        .admit(runner)
        .ok_or_else(|| because(Reject::Unwanted))?;
    Ok((shared, session))
}

fn cause_of(reject: &Reject) -> BootCause {
    match reject {
        Reject::Build { parent, runner } => BootCause::BuildMismatch {
            ours: parent.clone(),
            theirs: runner.clone(),
        },
        Reject::Version { .. } | Reject::Unauthenticated | Reject::Unwanted => {
            BootCause::VersionMismatch
        }
    }
}

/// Refuses whoever has not said who it is.
fn refuse_stranger(
    boots: &Boots,
    threads: &Threads,
    admission: Option<&Admission>,
) -> Batches<ParentFrame> {
    let from = admission.and_then(Admission::turn_away);
    let turned_away = boots.turned_away();
    turned_away.stranger(Refusal::NoHello, from, None, threads);
    refuse(Reject::Unauthenticated)
}

fn refuse(reject: Reject) -> Batches<ParentFrame> {
    let outbox = Outbox::new();
    // Nobody has closed it yet, so it takes the frame.
    let _ = outbox.push(ParentFrame::Reject(reject));
    outbox.finish();
    Batches(outbox)
}
