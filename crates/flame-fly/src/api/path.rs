use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands for itself in a path and in a query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The paths of one app.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    machines: String,
}

impl Paths {
    pub(crate) fn new(app: &str) -> Self {
        Self {
            machines: format!("/v1/apps/{}/machines", encode(app)),
        }
    }

    /// Where machines are created.
    pub(crate) fn all(&self) -> String {
        self.machines.clone()
    }

    /// Those that have all of these values in their metadata.
    pub(crate) fn marked(&self, marks: &[(&str, &str)]) -> String {
        let query: Vec<String> = marks
            .iter()
            .map(|(key, value)| format!("metadata.{}={}", encode(key), encode(value)))
            .collect();
        format!("{}?{}", self.machines, query.join("&"))
    }

    pub(crate) fn one(&self, id: &str) -> String {
        format!("{}/{}", self.machines, encode(id))
    }

    /// Without force, only what does not run can be destroyed.
    pub(crate) fn destroy(&self, id: &str) -> String {
        format!("{}?force=true", self.one(id))
    }

    /// Answers when it is gone, or after these seconds, which are at least one and at most sixty.
    pub(crate) fn wait_until_destroyed(&self, id: &str, seconds: u64) -> String {
        let seconds = seconds.clamp(1, 60);
        format!("{}/wait?state=destroyed&timeout={seconds}", self.one(id))
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    // C32
    #[test]
    fn values_of_marks_arrive_whatever_is_in_them() {
        let paths = Paths::new("my-app");
        assert_eq!(
            paths.marked(&[("flame_boot", "a:b%c&d+e f"), ("flame", "1")]),
            "/v1/apps/my-app/machines?metadata.flame_boot=a%3Ab%25c%26d%2Be%20f&metadata.flame=1"
        );
    }

    #[test]
    fn an_id_cannot_lead_to_another_path() {
        assert_eq!(
            Paths::new("my-app").destroy("../x?y"),
            "/v1/apps/my-app/machines/..%2Fx%3Fy?force=true"
        );
    }

    // C23
    #[test]
    fn no_wait_is_longer_than_fly_allows() {
        let paths = Paths::new("a");
        assert!(paths.wait_until_destroyed("m", 90).ends_with("timeout=60"));
        assert!(paths.wait_until_destroyed("m", 0).ends_with("timeout=1"));
    }
}
