use std::sync::Arc;

use flame_core::CallId;
use flame_proto::frame::{Failure, Refusal, RunnerFrame};
use flame_task::{Ctx, Payload};

use super::Executor;
use crate::link::{Channels, Receiving, SegmentLost};

impl Executor {
    /// Waits until all of the arguments are here, or gives what the parent is told if they will not be looked at.
    pub(super) async fn arrive(
        &self,
        call: CallId,
        arguments: Receiving,
        ctx: &Ctx,
    ) -> Result<Payload, RunnerFrame> {
        let mut whole = Box::pin(arguments.whole());
        tokio::select! {
            biased;
            () = ctx.cancelled() => {
                self.app.spawn(discard(self.channels.clone(), call, whole));
                let failure = Failure::Cancelled;
                Err(RunnerFrame::Failed { call, failure })
            }
            arrived = &mut whole => match arrived {
                Ok(arguments) => Ok(arguments),
                Err(SegmentLost) if self.bulk.is_closed() => {
                    // With that connection the session ends, and its end is what the caller is told.
                    ctx.cancelled().await;
                    let failure = Failure::Cancelled;
                    Err(RunnerFrame::Failed { call, failure })
                }
                Err(lost @ SegmentLost) => {
                    let message = lost.to_string();
                    let refusal = Refusal::DecodeArgs { message };
                    Err(RunnerFrame::Refused { call, refusal })
                }
            },
        }
    }
}

/// Looks at arguments that nobody wants any more: ends of channels in them must close.
async fn discard(
    channels: Arc<Channels<RunnerFrame>>,
    call: CallId,
    whole: impl Future<Output = Result<Payload, SegmentLost>>,
) {
    if let Ok(arguments) = whole.await {
        drop(channels.claim(call, arguments));
        channels.call_ended(call);
    }
}
