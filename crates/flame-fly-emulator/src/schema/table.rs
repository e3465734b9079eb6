use std::collections::BTreeMap;

use serde_json::Value;

use super::finding::Finding;

/// What requests may contain, from a table of our own: [`requests.txt`](../../requests.txt).
#[derive(Debug)]
pub(crate) struct Table {
    types: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
}

impl Table {
    /// Reads the table.
    pub(crate) fn new() -> Self {
        let mut types: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        let mut current = "";
        let lines = include_str!("requests.txt").lines();
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some((field, of_type)) = line.trim_start().split_once(' ') {
                let fields: &mut BTreeMap<_, _> = types.entry(current).or_default();
                fields.insert(field, of_type);
            } else {
                current = line;
            }
        }
        Self { types }
    }

    /// Everything in `value` that a body of type `name` may not contain.
    pub(crate) fn check(&self, name: &str, value: &Value) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.walk(name, value, name, &mut findings);
        findings
    }

    fn walk(&self, of_type: &str, value: &Value, at: &str, findings: &mut Vec<Finding>) {
        if value.is_null() || of_type == "any" {
            return;
        }
        if let Some(fields) = self.types.get(of_type) {
            self.walk_fields(fields, of_type, value, at, findings);
        } else if let Some(item) = between(of_type, '[', ']') {
            let Value::Array(items) = value else {
                return findings.push(wrong(at, "an array", value));
            };
            for (number, value) in items.iter().enumerate() {
                self.walk(item, value, &format!("{at}[{number}]"), findings);
            }
        } else if let Some(item) = between(of_type, '{', '}') {
            let Value::Object(map) = value else {
                return findings.push(wrong(at, "an object", value));
            };
            for (key, value) in map {
                self.walk(item, value, &format!("{at}.{key}"), findings);
            }
        } else {
            scalar(of_type, value, at, findings);
        }
    }

    fn walk_fields(
        &self,
        fields: &BTreeMap<&str, &str>,
        of_type: &str,
        value: &Value,
        at: &str,
        findings: &mut Vec<Finding>,
    ) {
        let Value::Object(map) = value else {
            findings.push(wrong(at, of_type, value));
            return;
        };
        for (key, value) in map {
            let at = format!("{at}.{key}");
            match fields.get(key.as_str()) {
                Some(of_type) => self.walk(of_type, value, &at, findings),
                None => findings.push(Finding::Unknown { at }),
            }
        }
    }
}

/// A type may be several, with bars between them; quoted ones are words.
fn scalar(of_type: &str, value: &Value, at: &str, findings: &mut Vec<Finding>) {
    let fits = |one: &str| match one {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        word => value.as_str() == between(word, '\'', '\''),
    };
    if of_type.split('|').any(fits) {
        return;
    }
    let is_of_words = of_type.starts_with('\'');
    match value.as_str() {
        Some(word) if is_of_words => findings.push(Finding::Word {
            at: at.to_owned(),
            got: word.to_owned(),
        }),
        _ => {
            let expected = if is_of_words { "string" } else { of_type };
            findings.push(wrong(at, expected, value));
        }
    }
}

fn between(text: &str, before: char, after: char) -> Option<&str> {
    text.strip_prefix(before)?.strip_suffix(after)
}

fn wrong(at: &str, expected: &str, value: &Value) -> Finding {
    Finding::Type {
        at: at.to_owned(),
        expected: expected.to_owned(),
        got: kind(value),
    }
}

/// What decoders in Go call it.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(value: &Value) -> Vec<String> {
        let findings = Table::new().check("CreateMachineRequest", value);
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_type_that_is_named_is_there() {
        let table = Table::new();
        let names = table.types.values().flat_map(BTreeMap::values);
        for name in names {
            let name = name.trim_matches(['[', ']', '{', '}']);
            let is_scalar = name.starts_with(|c: char| c == '\'' || c.is_lowercase());
            assert!(is_scalar || table.types.contains_key(name), "{name}");
        }
    }

    #[test]
    fn what_the_original_sends_is_allowed() {
        let body = json!({"name": "n", "region": "iad", "config": {
            "image": "i", "init": {}, "guest": {"cpu_kind": "performance", "gpu_kind": null},
            "restart": {"policy": "no"}, "env": {"A": "b"}, "services": [], "metadata": {"a": "b"},
        }});
        assert_eq!(found(&body), Vec::<String>::new());
    }

    #[test]
    fn what_nobody_knows_is_found_at_any_depth() {
        let body = json!({"nick": 1, "config": {"guest": {"cpu": 1}, "files": [{"path": ""}]}});
        assert_eq!(
            found(&body),
            [
                "unknown field CreateMachineRequest.config.files[0].path",
                "unknown field CreateMachineRequest.config.guest.cpu",
                "unknown field CreateMachineRequest.nick",
            ]
        );
    }

    #[test]
    fn values_of_other_types_are_found() {
        let body = json!({"name": 1, "config": {"env": {"A": 1}, "restart": {"policy": "never"},
            "services": [{"autostop": true}, {"autostop": 1}]}});
        assert_eq!(
            found(&body),
            [
                "CreateMachineRequest.config.env.A is number and not string",
                "CreateMachineRequest.config.restart.policy may not be \"never\"",
                "CreateMachineRequest.config.services[1].autostop is number and not string",
                "CreateMachineRequest.name is number and not string",
            ]
        );
    }
}
