/// A promise that was broken.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) seed: u64,
    pub(crate) step: usize,
    pub(crate) promise: String,
    pub(crate) detail: String,
    pub(crate) transcript: Option<String>,
}

impl Broken {
    /// The pool panicked; what it said is above.
    pub(crate) fn panicked(seed: u64) -> Self {
        Self {
            seed,
            step: 0,
            promise: "nothing panics (8)".to_owned(),
            detail: "see above".to_owned(),
            transcript: None,
        }
    }
}
