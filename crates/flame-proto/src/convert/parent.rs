//! Frames from the parent.

use flame_core::CallId;
use flame_core::terminator::Link;

use super::Decoded;
use super::field::{features, from_us, key, name, not_announced, positive, required, to_us};
use super::header::{decode_trace, encode_trace};
use super::payload::{decode_payload, encode_payload};
use super::port::{Wire, decode_close, decode_credit, decode_item, encode_port};
use crate::ProtocolError;
use crate::frame::{Announce, Call, ParentFrame, Reject, RunnerLimits, TaskRef, Welcome};
use crate::protocol_error::Violation;
use crate::v1;
use crate::v1::parent_frame::Kind;

/// Puts frames of a parent into a batch.
pub fn encode_parent(frames: Vec<ParentFrame>) -> v1::ParentBatch {
    let frames = frames.into_iter().map(|frame| v1::ParentFrame {
        kind: Some(encode_frame(frame)),
    });
    v1::ParentBatch {
        frames: frames.collect(),
    }
}

/// Takes the frames of a parent out of a batch.
///
/// # Errors
///
/// Fails at the first field that breaks the contract.
pub fn decode_parent(batch: v1::ParentBatch) -> Result<Vec<ParentFrame>, ProtocolError> {
    let frames = batch.frames.into_iter();
    frames
        .map(|frame| decode_frame(required("ParentFrame.kind", frame.kind)?))
        .collect()
}

fn encode_frame(frame: ParentFrame) -> Kind {
    match frame {
        ParentFrame::Welcome(welcome) => Kind::Welcome(encode_welcome(welcome)),
        ParentFrame::Reject(reject) => Kind::Reject(encode_reject(reject)),
        ParentFrame::Call(call) => Kind::Call(encode_call(call)),
        ParentFrame::Cancel { call } => Kind::Cancel(v1::Cancel { call: call.0 }),
        ParentFrame::ProposeIdle => Kind::ProposeIdle(v1::ProposeIdle {}),
        ParentFrame::Drain { timeout } => Kind::Drain(v1::Drain {
            timeout_us: to_us(timeout),
        }),
        ParentFrame::Limits(limits) => Kind::Limits(encode_limits(limits)),
        ParentFrame::Port(port) => match encode_port(port) {
            Wire::Item(item) => Kind::PortItem(item),
            Wire::Credit(credit) => Kind::PortCredit(credit),
            Wire::Close(close) => Kind::PortClose(close),
        },
        ParentFrame::Release { resident } => Kind::Release(v1::Release { resident }),
        ParentFrame::Heartbeat => Kind::Heartbeat(v1::Heartbeat {}),
    }
}

fn decode_frame(kind: Kind) -> Decoded<ParentFrame> {
    Ok(match kind {
        Kind::Welcome(welcome) => ParentFrame::Welcome(decode_welcome(welcome)?),
        Kind::Reject(reject) => ParentFrame::Reject(decode_reject(reject)?),
        Kind::Call(call) => ParentFrame::Call(decode_call(call)?),
        Kind::Cancel(cancel) => ParentFrame::Cancel {
            call: CallId(cancel.call),
        },
        Kind::ProposeIdle(v1::ProposeIdle {}) => ParentFrame::ProposeIdle,
        Kind::Drain(drain) => ParentFrame::Drain {
            timeout: from_us(drain.timeout_us),
        },
        Kind::Limits(limits) => ParentFrame::Limits(decode_limits(limits)?),
        Kind::Heartbeat(v1::Heartbeat {}) => ParentFrame::Heartbeat,
        Kind::PortItem(item) => ParentFrame::Port(decode_item(item)?),
        Kind::PortCredit(credit) => ParentFrame::Port(decode_credit(&credit)),
        Kind::PortClose(close) => ParentFrame::Port(decode_close(&close)?),
        Kind::Release(release) => ParentFrame::Release {
            resident: release.resident,
        },
        Kind::Secret(_) => not_announced("ParentFrame.secret")?,
    })
}

fn encode_welcome(welcome: Welcome) -> v1::Welcome {
    v1::Welcome {
        version: welcome.version,
        session_key: welcome.session_key,
        inline_limit_bytes: welcome.inline_limit,
        max_payload_bytes: welcome.max_payload,
        max_concurrency: welcome.limits.max_concurrency,
        heartbeat_every_us: to_us(welcome.heartbeat_every),
        peer_loss_after_us: to_us(welcome.peer_loss_after),
        shutdown_timeout_us: to_us(welcome.limits.shutdown_timeout),
        cancel_grace_us: to_us(welcome.limits.cancel_grace),
        features: welcome
            .features
            .iter()
            .map(|feature| feature.name().into())
            .collect(),
    }
}

fn decode_welcome(welcome: v1::Welcome) -> Decoded<Welcome> {
    let heartbeat_every_us = positive("Welcome.heartbeat_every_us", welcome.heartbeat_every_us)?;
    let peer_loss_after_us = positive("Welcome.peer_loss_after_us", welcome.peer_loss_after_us)?;
    Ok(Welcome {
        version: positive("Welcome.version", welcome.version)?,
        session_key: key("Welcome.session_key", welcome.session_key)?,
        inline_limit: welcome.inline_limit_bytes,
        max_payload: welcome.max_payload_bytes,
        limits: RunnerLimits {
            max_concurrency: positive("Welcome.max_concurrency", welcome.max_concurrency)?,
            shutdown_timeout: from_us(welcome.shutdown_timeout_us),
            cancel_grace: from_us(welcome.cancel_grace_us),
        },
        heartbeat_every: from_us(heartbeat_every_us),
        peer_loss_after: from_us(peer_loss_after_us),
        features: features("Welcome.features", &welcome.features)?,
    })
}

fn encode_limits(limits: RunnerLimits) -> v1::Limits {
    v1::Limits {
        max_concurrency: limits.max_concurrency,
        shutdown_timeout_us: to_us(limits.shutdown_timeout),
        cancel_grace_us: to_us(limits.cancel_grace),
    }
}

fn decode_limits(limits: v1::Limits) -> Decoded<RunnerLimits> {
    Ok(RunnerLimits {
        max_concurrency: positive("Limits.max_concurrency", limits.max_concurrency)?,
        shutdown_timeout: from_us(limits.shutdown_timeout_us),
        cancel_grace: from_us(limits.cancel_grace_us),
    })
}

fn encode_reject(reject: Reject) -> v1::Reject {
    use v1::reject;
    let reason = match reject {
        Reject::Unauthenticated => reject::Reason::Unauthenticated(reject::Unauthenticated {}),
        Reject::Version { parent } => reject::Reason::Version(reject::Version {
            parent_min: parent.0,
            parent_max: parent.1,
        }),
        Reject::Build { parent, runner } => reject::Reason::Build(reject::Build { parent, runner }),
        Reject::Unwanted => reject::Reason::Unwanted(reject::Unwanted {}),
    };
    v1::Reject {
        reason: Some(reason),
    }
}

fn decode_reject(reject: v1::Reject) -> Decoded<Reject> {
    use v1::reject::Reason;
    Ok(match required("Reject.reason", reject.reason)? {
        Reason::Unauthenticated(_) => Reject::Unauthenticated,
        Reason::Version(version) => Reject::Version {
            parent: (version.parent_min, version.parent_max),
        },
        Reason::Build(build) => Reject::Build {
            parent: name("Reject.Build.parent", build.parent)?,
            runner: name("Reject.Build.runner", build.runner)?,
        },
        Reason::Unwanted(_) => Reject::Unwanted,
    })
}

fn encode_call(call: Call) -> v1::Call {
    use v1::call::Task;
    let task = match call.task {
        TaskRef::Exact(hash) => Task::Exact(hash),
        TaskRef::Named { name, fingerprint } => Task::Named(v1::NamedTask { name, fingerprint }),
    };
    let link = match call.link {
        Link::Linked => v1::Link::Linked,
        Link::Detached => v1::Link::Detached,
    };
    v1::Call {
        id: call.id.0,
        caller: call.caller,
        task: Some(task),
        arguments: Some(encode_payload(call.arguments)),
        budget_us: call.budget.map(to_us),
        link: link.into(),
        attempt: call.attempt,
        trace: encode_trace(call.trace),
        announce: encode_announce(call.announce).into(),
    }
}

fn decode_call(call: v1::Call) -> Decoded<Call> {
    use v1::call::Task;
    let task = match required("Call.task", call.task)? {
        Task::Exact(hash) => TaskRef::Exact(hash),
        Task::Named(task) => TaskRef::Named {
            name: name("NamedTask.name", task.name)?,
            fingerprint: task.fingerprint,
        },
    };
    Ok(Call {
        id: CallId(call.id),
        caller: call.caller,
        task,
        arguments: decode_payload("Call.arguments", call.arguments)?,
        budget: call.budget_us.map(from_us),
        link: decode_link(call.link)?,
        attempt: positive("Call.attempt", call.attempt)?,
        trace: decode_trace(call.trace)?,
        announce: decode_announce(call.announce)?,
    })
}

fn encode_announce(announce: Announce) -> v1::Announce {
    match announce {
        Announce::Never => v1::Announce::Unspecified,
        Announce::AtStart => v1::Announce::AtStart,
        Announce::WhenReady => v1::Announce::WhenReady,
    }
}

fn decode_announce(announce: i32) -> Decoded<Announce> {
    match v1::Announce::try_from(announce) {
        Ok(v1::Announce::Unspecified) => Ok(Announce::Never),
        Ok(v1::Announce::AtStart) => Ok(Announce::AtStart),
        Ok(v1::Announce::WhenReady) => Ok(Announce::WhenReady),
        Err(_) => Err(ProtocolError::new(
            "Call.announce",
            Violation::UnknownValue(announce),
        )),
    }
}

fn decode_link(link: i32) -> Decoded<Link> {
    match v1::Link::try_from(link) {
        Ok(v1::Link::Linked) => Ok(Link::Linked),
        Ok(v1::Link::Detached) => Ok(Link::Detached),
        Ok(v1::Link::Unspecified) | Err(_) => Err(ProtocolError::new(
            "Call.link",
            Violation::UnknownValue(link),
        )),
    }
}
