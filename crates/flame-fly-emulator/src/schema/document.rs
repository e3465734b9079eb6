use serde_json::Value;

use super::table::kind;

/// What Fly has published; see `openapi/README.md`.
const PUBLISHED: &str = include_str!("../../openapi/machines.json");

/// The published OpenAPI document itself: a second opinion on requests, and the only one on answers.
///
/// It knows the few keywords that the document uses. Unknown fields are findings, and null is allowed, because
/// the document marks nothing as nullable and the API does send it.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
}

impl Document {
    /// The document that this crate carries.
    #[expect(clippy::expect_used, reason = "it is compiled in, and a test reads it")]
    pub(crate) fn published() -> Self {
        let root = serde_json::from_str(PUBLISHED).expect("the document is JSON");
        Self { root }
    }

    /// What it does not allow in the body of a request, or what it does not know of the request.
    pub(crate) fn check_request(&self, method: &str, path: &str, body: &Value) -> Vec<String> {
        let Some(operation) = self.operation(method, path) else {
            return vec![format!("the document has no {method} {path}")];
        };
        let mut findings = Vec::new();
        if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
            self.walk(schema, body, "request", &mut findings);
        }
        findings
    }

    /// What it does not allow in the body of an answer.
    pub(crate) fn check_answer(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: &Value,
    ) -> Vec<String> {
        let mut findings = Vec::new();
        let declared = self.operation(method, path).and_then(|operation| {
            operation.pointer(&format!(
                "/responses/{status}/content/application~1json/schema"
            ))
        });
        // It declares hardly any error, and one form for all.
        let error = self.root.pointer("/components/schemas/ErrorResponse");
        let schema = if status < 400 { declared } else { error };
        if let Some(schema) = schema {
            self.walk(schema, body, "answer", &mut findings);
        }
        findings
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let paths = self.root.get("paths")?.as_object()?;
        let (_, item) = paths.iter().find(|(template, _)| fits(template, path))?;
        item.get(method.to_lowercase())
    }

    fn walk(&self, schema: &Value, value: &Value, at: &str, findings: &mut Vec<String>) {
        if value.is_null() {
            return;
        }
        let parts = schema.get("allOf").and_then(Value::as_array);
        if let Some(part) = parts.and_then(|parts| parts.first()) {
            return self.walk(part, value, at, findings);
        }
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(name.trim_start_matches('#'));
            return match target {
                Some(target) => self.walk(target, value, at, findings),
                None => findings.push(format!("{name} leads nowhere")),
            };
        }
        let of_type = schema.get("type").and_then(Value::as_str);
        let expected = of_type.unwrap_or("object");
        match (expected, value) {
            ("object", Value::Object(_)) => self.walk_object(schema, value, at, findings),
            ("array", Value::Array(items)) => {
                let schema = schema.get("items").unwrap_or(&Value::Null);
                for (number, item) in items.iter().enumerate() {
                    self.walk(schema, item, &format!("{at}[{number}]"), findings);
                }
            }
            ("string", Value::String(_)) => {
                let words = schema.get("enum").and_then(Value::as_array);
                if words.is_some_and(|words| !words.contains(value)) {
                    findings.push(format!("{at} may not be {value}"));
                }
            }
            ("integer", Value::Number(number)) if !number.is_f64() => {}
            ("number", Value::Number(_)) | ("boolean", Value::Bool(_)) => {}
            // The document's own text says that answers have booleans here.
            ("string", Value::Bool(_)) if at.ends_with(".autostop") => {}
            _ if of_type.is_none() => {}
            _ => findings.push(format!("{at} is {} and not {expected}", kind(value))),
        }
    }

    fn walk_object(&self, schema: &Value, value: &Value, at: &str, findings: &mut Vec<String>) {
        let fields = schema.get("properties").and_then(Value::as_object);
        let others = schema
            .get("additionalProperties")
            .filter(|it| it.is_object());
        for (key, value) in value.as_object().into_iter().flatten() {
            let at = format!("{at}.{key}");
            let field = fields.and_then(|fields| fields.get(key));
            match field.or(others) {
                Some(schema) => self.walk(schema, value, &at, findings),
                // An object of which nothing is said may contain anything.
                None if fields.is_none() => {}
                None => findings.push(format!("{at} is not in the document")),
            }
        }
    }
}

/// Whether a path is one of those that a template stands for.
fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(part, other)| part.starts_with('{') || part == other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_document_knows_a_misspelt_field() {
        let document = Document::published();
        let findings = document.check_request(
            "POST",
            "/v1/apps/a/machines",
            &json!({"config": {"image": "i", "auto_destruct": true, "restart": {"policy": "never"}}}),
        );
        assert_eq!(
            findings,
            [
                "request.config.auto_destruct is not in the document",
                "request.config.restart.policy may not be \"never\"",
            ]
        );
    }

    #[test]
    fn the_document_knows_what_a_machine_is() {
        let document = Document::published();
        let answer = json!({"id": "m", "state": "created", "privateIp": "fdaa::1"});
        let path = "/v1/apps/a/machines";
        let findings = document.check_answer("POST", path, 200, &answer);
        assert_eq!(findings, ["answer.privateIp is not in the document"]);
    }

    #[test]
    fn our_own_table_and_the_document_have_the_same_fields() {
        let document = Document::published();
        let text = include_str!("requests.txt");
        for line in text.lines().filter(|line| line.starts_with(' ')) {
            let field = line.trim_start().split(' ').next().unwrap_or_default();
            let schemas = document.root.pointer("/components/schemas").unwrap();
            let mut schemas = schemas.as_object().unwrap().values();
            let is_there =
                schemas.any(|schema| schema.pointer(&format!("/properties/{field}")).is_some());
            assert!(is_there, "{field}");
        }
    }
}
