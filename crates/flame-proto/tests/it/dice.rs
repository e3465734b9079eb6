//! Random frames that are a function of their seed.

use std::time::Duration;

use bytes::Bytes;
use flame_core::CallId;
use flame_core::terminator::Link;
use flame_proto::frame::{
    Announce, Call, Failure, Feature, Features, Hello, Level, PanicReport, ParentFrame, Payload,
    PortCloseReason, PortFrame, PortNews, Refusal, Reject, RunnerEvent, RunnerFrame, RunnerLimits,
    Segment, TaskRef, Welcome,
};

/// A xorshift generator. Its own, so that an update of a library does not renumber the seeds.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // A small number as often as a large one: edges are where mistakes live.
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> (self.0 % 64)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.roll() as usize) % limit
    }

    pub(crate) fn bytes(&mut self, longest: usize) -> Bytes {
        let length = self.below(longest + 1);
        (0..length).map(|_| self.roll() as u8).collect()
    }

    fn flag(&mut self) -> bool {
        self.roll() & 1 == 0
    }

    fn positive(&mut self) -> u32 {
        (self.roll() as u32).max(1)
    }

    fn text(&mut self) -> String {
        let length = self.below(20);
        let letters = ['a', 'Z', '0', ' ', '"', '\n', '\0', 'ß', '炎', '🔥'];
        (0..length)
            .map(|_| letters[self.below(letters.len())])
            .collect()
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| value(self))
    }

    fn duration(&mut self) -> Duration {
        Duration::from_micros(self.roll())
    }

    fn payload(&mut self) -> Payload {
        let head = self.segment();
        let blobs = (0..self.below(4)).map(|_| self.segment()).collect();
        Payload { head, blobs }
    }

    fn segment(&mut self) -> Segment {
        if self.flag() {
            Segment::Inline(self.bytes(100))
        } else {
            Segment::Bulk {
                id: self.roll(),
                size: self.roll(),
            }
        }
    }

    pub(crate) fn parent_frame(&mut self) -> ParentFrame {
        match self.below(10) {
            0 => ParentFrame::Welcome(self.welcome()),
            1 => ParentFrame::Reject(self.reject()),
            2 => ParentFrame::Call(self.call()),
            3 => ParentFrame::Cancel {
                call: CallId(self.roll()),
            },
            4 => ParentFrame::ProposeIdle,
            5 => ParentFrame::Drain {
                timeout: self.duration(),
            },
            6 => ParentFrame::Limits(self.limits()),
            7 => ParentFrame::Port(self.port()),
            8 => ParentFrame::Release {
                resident: self.roll(),
            },
            _ => ParentFrame::Heartbeat,
        }
    }

    fn welcome(&mut self) -> Welcome {
        Welcome {
            version: self.positive(),
            session_key: self.bytes(64),
            inline_limit: self.roll() as u32,
            max_payload: self.roll(),
            limits: self.limits(),
            heartbeat_every: self.duration() + Duration::from_micros(1),
            peer_loss_after: self.duration() + Duration::from_micros(1),
            features: self.features(),
        }
    }

    fn features(&mut self) -> Features {
        let all = [
            Feature::Ports,
            Feature::Residents,
            Feature::Accepted,
            Feature::Events,
        ];
        all.into_iter().filter(|_| self.flag()).collect()
    }

    fn port(&mut self) -> PortFrame {
        let news = match self.below(6) {
            0 => PortNews::Item(self.payload()),
            1 => PortNews::Credit { bytes: self.roll() },
            2 => PortNews::Close(PortCloseReason::Finished),
            3 => PortNews::Close(PortCloseReason::Unwanted),
            4 => PortNews::Close(PortCloseReason::Codec),
            _ => PortNews::Close(PortCloseReason::Lost),
        };
        PortFrame {
            call: CallId(self.roll()),
            port: self.roll() as u32,
            news,
        }
    }

    fn event(&mut self) -> RunnerEvent {
        let levels = [
            Level::Trace,
            Level::Debug,
            Level::Info,
            Level::Warn,
            Level::Error,
        ];
        RunnerEvent {
            call: self.maybe(|dice| CallId(dice.roll())),
            happened_at: self.duration(),
            level: levels[self.below(levels.len())],
            target: self.text(),
            message: self.text(),
            fields: self.texts(),
            dropped: self.roll(),
        }
    }

    fn texts(&mut self) -> Vec<(String, String)> {
        (0..self.below(4))
            .map(|_| (self.text(), self.text()))
            .collect()
    }

    fn limits(&mut self) -> RunnerLimits {
        RunnerLimits {
            max_concurrency: self.positive(),
            shutdown_timeout: self.duration(),
            cancel_grace: self.duration(),
        }
    }

    fn reject(&mut self) -> Reject {
        match self.below(4) {
            0 => Reject::Unauthenticated,
            1 => Reject::Version {
                parent: (self.roll() as u32, self.roll() as u32),
            },
            2 => Reject::Build {
                parent: self.text(),
                runner: self.text(),
            },
            _ => Reject::Unwanted,
        }
    }

    fn call(&mut self) -> Call {
        let task = if self.flag() {
            TaskRef::Exact(self.roll())
        } else {
            TaskRef::Named {
                name: self.text(),
                fingerprint: self.roll(),
            }
        };
        Call {
            id: CallId(self.roll()),
            caller: self.roll(),
            task,
            arguments: self.payload(),
            budget: self.maybe(Self::duration),
            link: if self.flag() {
                Link::Linked
            } else {
                Link::Detached
            },
            attempt: self.positive(),
            trace: self.texts(),
            announce: [Announce::Never, Announce::AtStart, Announce::WhenReady][self.below(3)],
        }
    }

    pub(crate) fn runner_frame(&mut self) -> RunnerFrame {
        let call = CallId(self.roll());
        match self.below(11) {
            0 => RunnerFrame::Hello(self.hello()),
            1 => RunnerFrame::Done {
                call,
                output: self.payload(),
                ran_for: self.duration(),
                residents: vec![self.roll(), self.roll()],
            },
            2 => RunnerFrame::Failed {
                call,
                failure: self.failure(),
            },
            3 => RunnerFrame::Refused {
                call,
                refusal: self.refusal(),
            },
            4 => RunnerFrame::IdleAnswer { idle: self.flag() },
            5 => RunnerFrame::Draining,
            6 => RunnerFrame::Goodbye {
                code: self.roll() as i32,
                reason: self.text(),
            },
            7 => RunnerFrame::Accepted { call },
            8 => RunnerFrame::Port(self.port()),
            9 => RunnerFrame::Event(self.event()),
            _ => RunnerFrame::Heartbeat,
        }
    }

    fn hello(&mut self) -> Hello {
        Hello {
            versions: (self.roll() as u32, self.roll() as u32),
            boot: self.text(),
            token: self.bytes(64),
            build: self.text(),
            tasks: self.roll() as u32,
            pid: self.roll() as u32,
            host: self.text(),
            panic_aborts: self.flag(),
            features: self.features(),
        }
    }

    fn failure(&mut self) -> Failure {
        match self.below(4) {
            0 => Failure::Panicked(PanicReport {
                message: self.text(),
                location: self.maybe(Self::text),
                backtrace: self.maybe(Self::text),
            }),
            1 => Failure::Cancelled,
            2 => Failure::EncodeResult {
                message: self.text(),
            },
            _ => Failure::ResultTooLarge {
                size: self.roll(),
                limit: self.roll(),
            },
        }
    }

    fn refusal(&mut self) -> Refusal {
        match self.below(6) {
            0 => Refusal::Draining,
            1 => Refusal::Busy,
            2 => Refusal::UnknownTask {
                message: self.text(),
            },
            3 => Refusal::DecodeArgs {
                message: self.text(),
            },
            4 => Refusal::NotProvided {
                type_name: self.text(),
            },
            _ => Refusal::TooLarge {
                size: self.roll(),
                limit: self.roll(),
            },
        }
    }
}
