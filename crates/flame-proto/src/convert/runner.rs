//! Frames from a runner.

use flame_core::CallId;

use super::Decoded;
use super::event::{decode_event, encode_event};
use super::field::{clip, features, from_us, key, name, not_announced, required, text, to_us};
use super::payload::{decode_payload, encode_payload};
use super::port::{Wire, decode_close, decode_credit, decode_item, encode_port};
use crate::ProtocolError;
use crate::frame::{Failure, Hello, PanicReport, Refusal, RunnerFrame};
use crate::v1;
use crate::v1::runner_frame::Kind;

/// Puts frames of a runner into a batch.
pub fn encode_runner(frames: Vec<RunnerFrame>) -> v1::RunnerBatch {
    let frames = frames.into_iter().map(|frame| v1::RunnerFrame {
        kind: Some(encode_frame(frame)),
    });
    v1::RunnerBatch {
        frames: frames.collect(),
    }
}

/// Takes the frames of a runner out of a batch.
///
/// # Errors
///
/// Fails at the first field that breaks the contract.
pub fn decode_runner(batch: v1::RunnerBatch) -> Result<Vec<RunnerFrame>, ProtocolError> {
    let frames = batch.frames.into_iter();
    frames
        .map(|frame| decode_frame(required("RunnerFrame.kind", frame.kind)?))
        .collect()
}

fn encode_frame(frame: RunnerFrame) -> Kind {
    match frame {
        RunnerFrame::Hello(hello) => Kind::Hello(encode_hello(hello)),
        RunnerFrame::Done {
            call,
            output,
            ran_for,
            residents,
        } => Kind::Done(v1::Done {
            call: call.0,
            output: Some(encode_payload(output)),
            ran_for_us: to_us(ran_for),
            residents,
        }),
        RunnerFrame::Failed { call, failure } => Kind::Failed(v1::Failed {
            call: call.0,
            failure: Some(encode_failure(failure)),
        }),
        RunnerFrame::Refused { call, refusal } => Kind::Refused(v1::Refused {
            call: call.0,
            refusal: Some(encode_refusal(refusal)),
        }),
        RunnerFrame::Accepted { call } => Kind::Accepted(v1::Accepted { call: call.0 }),
        RunnerFrame::Port(port) => match encode_port(port) {
            Wire::Item(item) => Kind::PortItem(item),
            Wire::Credit(credit) => Kind::PortCredit(credit),
            Wire::Close(close) => Kind::PortClose(close),
        },
        RunnerFrame::Event(event) => Kind::Event(encode_event(event)),
        RunnerFrame::IdleAnswer { idle: true } => Kind::IdleOk(v1::IdleOk {}),
        RunnerFrame::IdleAnswer { idle: false } => Kind::Busy(v1::Busy {}),
        RunnerFrame::Draining => Kind::Draining(v1::Draining {}),
        RunnerFrame::Goodbye { code, reason } => Kind::Goodbye(v1::Goodbye {
            code,
            reason: clip(reason),
        }),
        RunnerFrame::Heartbeat => Kind::Heartbeat(v1::Heartbeat {}),
    }
}

fn decode_frame(kind: Kind) -> Decoded<RunnerFrame> {
    Ok(match kind {
        Kind::Hello(hello) => RunnerFrame::Hello(decode_hello(hello)?),
        Kind::Done(done) => RunnerFrame::Done {
            call: CallId(done.call),
            output: decode_payload("Done.output", done.output)?,
            ran_for: from_us(done.ran_for_us),
            residents: done.residents,
        },
        Kind::Failed(failed) => RunnerFrame::Failed {
            call: CallId(failed.call),
            failure: decode_failure(required("Failed.failure", failed.failure)?)?,
        },
        Kind::Refused(refused) => RunnerFrame::Refused {
            call: CallId(refused.call),
            refusal: decode_refusal(required("Refused.refusal", refused.refusal)?)?,
        },
        Kind::IdleOk(v1::IdleOk {}) => RunnerFrame::IdleAnswer { idle: true },
        Kind::Busy(v1::Busy {}) => RunnerFrame::IdleAnswer { idle: false },
        Kind::Draining(v1::Draining {}) => RunnerFrame::Draining,
        Kind::Goodbye(goodbye) => RunnerFrame::Goodbye {
            code: goodbye.code,
            reason: text("Goodbye.reason", goodbye.reason)?,
        },
        Kind::Heartbeat(v1::Heartbeat {}) => RunnerFrame::Heartbeat,
        Kind::PortItem(item) => RunnerFrame::Port(decode_item(item)?),
        Kind::PortCredit(credit) => RunnerFrame::Port(decode_credit(&credit)),
        Kind::PortClose(close) => RunnerFrame::Port(decode_close(&close)?),
        Kind::Accepted(accepted) => RunnerFrame::Accepted {
            call: CallId(accepted.call),
        },
        Kind::Log(_) => not_announced("RunnerFrame.log")?,
        Kind::Event(event) => RunnerFrame::Event(decode_event(event)?),
    })
}

fn encode_hello(hello: Hello) -> v1::Hello {
    v1::Hello {
        version_min: hello.versions.0,
        version_max: hello.versions.1,
        boot: hello.boot,
        token: hello.token,
        build: hello.build,
        tasks: hello.tasks,
        pid: hello.pid,
        host: hello.host,
        panic_aborts: hello.panic_aborts,
        features: hello
            .features
            .iter()
            .map(|feature| feature.name().into())
            .collect(),
    }
}

/// Versions are not judged here: [`hello::check`](crate::hello::check) answers them with a `Reject`.
fn decode_hello(hello: v1::Hello) -> Decoded<Hello> {
    Ok(Hello {
        versions: (hello.version_min, hello.version_max),
        boot: name("Hello.boot", hello.boot)?,
        token: key("Hello.token", hello.token)?,
        build: name("Hello.build", hello.build)?,
        tasks: hello.tasks,
        pid: hello.pid,
        host: name("Hello.host", hello.host)?,
        panic_aborts: hello.panic_aborts,
        features: features("Hello.features", &hello.features)?,
    })
}

fn encode_failure(failure: Failure) -> v1::failed::Failure {
    use v1::failed;
    match failure {
        Failure::Panicked(panic) => failed::Failure::Panicked(failed::Panicked {
            message: clip(panic.message),
            location: panic.location.map(clip),
            backtrace: panic.backtrace.map(clip),
        }),
        Failure::Cancelled => failed::Failure::Cancelled(failed::Cancelled {}),
        Failure::EncodeResult { message } => failed::Failure::EncodeResult(failed::EncodeResult {
            message: clip(message),
        }),
        Failure::ResultTooLarge { size, limit } => {
            failed::Failure::ResultTooLarge(failed::ResultTooLarge {
                size_bytes: size,
                limit_bytes: limit,
            })
        }
    }
}

fn decode_failure(failure: v1::failed::Failure) -> Decoded<Failure> {
    use v1::failed::Failure as Wire;
    let optional = |field, value: Option<String>| value.map(|value| text(field, value)).transpose();
    Ok(match failure {
        Wire::Panicked(panic) => Failure::Panicked(PanicReport {
            message: text("Failed.Panicked.message", panic.message)?,
            location: optional("Failed.Panicked.location", panic.location)?,
            backtrace: optional("Failed.Panicked.backtrace", panic.backtrace)?,
        }),
        Wire::Cancelled(_) => Failure::Cancelled,
        Wire::EncodeResult(encode) => Failure::EncodeResult {
            message: text("Failed.EncodeResult.message", encode.message)?,
        },
        Wire::ResultTooLarge(large) => Failure::ResultTooLarge {
            size: large.size_bytes,
            limit: large.limit_bytes,
        },
    })
}

fn encode_refusal(refusal: Refusal) -> v1::refused::Refusal {
    use v1::refused;
    use v1::refused::Refusal as Wire;
    match refusal {
        Refusal::Draining => Wire::Draining(refused::Draining {}),
        Refusal::Busy => Wire::Busy(refused::Busy {}),
        Refusal::UnknownTask { message } => Wire::UnknownTask(refused::UnknownTask {
            message: clip(message),
        }),
        Refusal::DecodeArgs { message } => Wire::DecodeArguments(refused::DecodeArguments {
            message: clip(message),
        }),
        Refusal::NotProvided { type_name } => Wire::NotProvided(refused::NotProvided {
            type_name: clip(type_name),
        }),
        Refusal::TooLarge { size, limit } => Wire::TooLarge(refused::TooLarge {
            size_bytes: size,
            limit_bytes: limit,
        }),
    }
}

fn decode_refusal(refusal: v1::refused::Refusal) -> Decoded<Refusal> {
    use v1::refused::Refusal as Wire;
    Ok(match refusal {
        Wire::Draining(_) => Refusal::Draining,
        Wire::Busy(_) => Refusal::Busy,
        Wire::UnknownTask(unknown) => Refusal::UnknownTask {
            message: text("Refused.UnknownTask.message", unknown.message)?,
        },
        Wire::DecodeArguments(decode) => Refusal::DecodeArgs {
            message: text("Refused.DecodeArguments.message", decode.message)?,
        },
        Wire::NotProvided(missing) => Refusal::NotProvided {
            type_name: text("Refused.NotProvided.type_name", missing.type_name)?,
        },
        Wire::TooLarge(large) => Refusal::TooLarge {
            size: large.size_bytes,
            limit: large.limit_bytes,
        },
    })
}
