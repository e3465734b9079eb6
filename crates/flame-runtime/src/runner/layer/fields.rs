use std::fmt;

use flame_core::CallId;
use tracing::field::{Field, Visit};

/// The fields of an event or a span, as text.
#[derive(Default)]
pub(super) struct Fields {
    message: String,
    call: Option<CallId>,
    others: Vec<(String, String)>,
}

impl Fields {
    pub(super) fn of(record: impl FnOnce(&mut Self)) -> Self {
        let mut fields = Self::default();
        record(&mut fields);
        fields
    }

    /// What the field `call` of a call's span says.
    pub(super) fn call(&self) -> Option<CallId> {
        self.call
    }

    /// The message, and the others.
    pub(super) fn into_parts(self) -> (String, Vec<(String, String)>) {
        (self.message, self.others)
    }

    fn add(&mut self, field: &Field, value: String) {
        if field.name() == "message" {
            self.message = value;
        } else {
            self.others.push((field.name().to_owned(), value));
        }
    }
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "call" {
            self.call = Some(CallId(value));
        }
        self.add(field, value.to_string());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }
}
