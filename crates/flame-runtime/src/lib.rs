//! The driver of flame: pools, sessions, runners, on tokio and tonic
