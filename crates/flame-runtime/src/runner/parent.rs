use flame_proto::parent_text::ParentInfo;

/// What a runner knows about the process that started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    pool: String,
    runner: String,
    depth: u32,
}

impl Parent {
    pub(super) fn new(info: &ParentInfo) -> Self {
        Self {
            pool: info.pool.to_string(),
            runner: info.boot.clone(),
            depth: info.depth,
        }
    }

    /// The pool that this runner belongs to.
    pub fn pool(&self) -> &str {
        &self.pool
    }

    /// The name under which the parent knows this runner, unique in the world.
    pub fn runner(&self) -> &str {
        &self.runner
    }

    /// How many runners deep this one is: 1 when the app itself started it.
    pub fn depth(&self) -> u32 {
        self.depth
    }
}
