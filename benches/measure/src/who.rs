use crate::contestants::{
    BEAM, CHANNEL, FRAMED_TCP, FRAMED_UNIX, NODES, OURS, OURS_BEFORE, OURS_CORE, OURS_IN_PROCESS,
    OURS_TLS, OURS_VEC, PING_TCP, PING_UNIX, PROCSPAWN, RAY, STREAM_TCP, STREAM_UNIX, UNARY_TCP,
    UNARY_UNIX,
};

/// What a contestant is, for whoever knows only its name.
pub(crate) fn about(contestant: &str) -> &'static str {
    match contestant {
        OURS => {
            "This library as it comes: runners are child processes, joined by unix sockets; payloads are `Blob`s."
        }
        OURS_TLS => {
            "The same, but runners call back as from another host: TLS 1.3 over TCP, on the loopback interface."
        }
        OURS_VEC => "The first one, with payloads as `Vec<u8>` instead of `Blob`.",
        OURS_BEFORE => "The first one, with the library as it was at another commit.",
        OURS_IN_PROCESS => {
            "The backend for tests: parent and runners are one process, and values still become bytes and values again."
        }
        OURS_CORE => "The state machine that decides, without processes, threads or bytes.",
        PING_UNIX | PING_TCP => {
            "A limit: a thread at each end of a socket, one call at a time, buffers that are used again."
        }
        CHANNEL => "A limit for calls within one process: a channel to a task, and one back.",
        FRAMED_UNIX | FRAMED_TCP => {
            "Frames of our own over one socket, calls multiplexed, a task for each on the runner."
        }
        STREAM_UNIX | STREAM_TCP => {
            "gRPC by tonic: one stream each way for as long as the runner lives, calls multiplexed, a task for each."
        }
        UNARY_UNIX | UNARY_TCP => "gRPC by tonic as it is mostly used: a request for each call.",
        PROCSPAWN => {
            "A crate with much the same aim: a pool of processes, a closure to each, one at a time on each."
        }
        BEAM => {
            "The original. Runners are BEAM nodes on this host that call back over Erlang's distribution (TCP)."
        }
        NODES => {
            "What the original builds upon, and nothing else: BEAM nodes on this host and `:erpc.call` (TCP). It does \
             less for a call than the original, so it bounds it from below."
        }
        RAY => {
            "A process that stands ready, called from Python; Ray's own store and scheduler on this host."
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestants;

    #[test]
    fn of_everybody_it_is_said_what_they_are() {
        for contestant in contestants::all().unwrap() {
            assert!(!about(contestant.name).is_empty(), "{contestant:?}");
        }
    }
}
