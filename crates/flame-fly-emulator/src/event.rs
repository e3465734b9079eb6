use serde_json::{Map, Value};

/// What happened to a machine.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) at: u64,
    pub(crate) kind: &'static str,
    pub(crate) status: &'static str,
    pub(crate) source: &'static str,
    /// `None` where the API sends no such field, which is not the same as null.
    pub(crate) request: Option<Value>,
}

impl Event {
    pub(crate) fn to_json(&self) -> Value {
        let mut json = Map::new();
        json.insert("id".to_owned(), self.id.clone().into());
        json.insert("type".to_owned(), self.kind.into());
        json.insert("status".to_owned(), self.status.into());
        if let Some(request) = &self.request {
            json.insert("request".to_owned(), request.clone());
        }
        json.insert("source".to_owned(), self.source.into());
        json.insert("timestamp".to_owned(), self.at.into());
        Value::Object(json)
    }
}
