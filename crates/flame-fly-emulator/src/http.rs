//! Requests and answers, and the socket that they pass through.

mod answer;
mod request;
mod server;
mod shaped;

pub(crate) use answer::{Answer, Body};
pub(crate) use request::Request;
pub(crate) use server::serve;
pub(crate) use shaped::Shape;
