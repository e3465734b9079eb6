use std::fmt;

/// What Fly said: a status, some words, and the number under which its support finds the request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Said {
    /// The status of the answer.
    pub status: u16,
    /// Its words, on one line and not too many.
    pub text: String,
    /// The request's id.
    pub request_id: Option<String>,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}", self.status)?;
        if !self.text.is_empty() {
            write!(f, ", {:?}", self.text)?;
        }
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}
