//! The limits of HTTP/2, the same on both sides of a control connection.
//!
//! A peer may be broken, or may not be who it says it is. What it can make this side hold is bounded here, by number
//! and by size.

use hyper::server::conn::http2::Builder;
use hyper_util::rt::TokioExecutor;
use tonic::transport::Endpoint;

/// The window of a stream. Small windows stall a stream whose reader is busy, and one that is as small as that of the
/// connection stalls the connection.
const STREAM_WINDOW: u32 = 4 << 20;
/// The window of a connection. h2 closes a connection whose small frames take more than half of it unread, as those
/// do that come while a process is stopped.
const CONNECTION_WINDOW: u32 = 32 << 20;
/// One stream is all that a runner opens.
const STREAMS: u32 = 4;
/// The largest frame, which is also the least that HTTP/2 knows.
const FRAME: u32 = 16 << 10;
/// All headers of a request or an answer.
const HEADERS: u32 = 16 << 10;
/// Streams that the peer has reset before this side came to look at them.
const RESETS_UNSEEN: usize = 20;
/// Streams that this side has reset because the peer broke the rules, over the life of a connection.
const RESETS_FOR_ERRORS: usize = 256;
/// What waits to be written, for each stream.
const SEND_BUFFER: usize = 1 << 20;

/// How a parent serves.
pub(crate) fn server() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_concurrent_streams(STREAMS)
        .max_frame_size(FRAME)
        .max_header_list_size(HEADERS)
        .max_pending_accept_reset_streams(RESETS_UNSEEN)
        .max_local_error_reset_streams(RESETS_FOR_ERRORS)
        .max_send_buf_size(SEND_BUFFER)
        .auto_date_header(false);
    builder
}

/// How a runner asks.
pub(crate) fn client(endpoint: Endpoint) -> Endpoint {
    endpoint
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_frame_size(FRAME)
        .http2_max_header_list_size(HEADERS)
        .http2_max_local_error_reset_streams(RESETS_FOR_ERRORS)
}
