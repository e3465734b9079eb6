//! Whether requests are what the published schema allows.

mod document;
mod finding;
mod table;

pub(crate) use document::Document;
pub(crate) use finding::Finding;
pub(crate) use table::Table;
