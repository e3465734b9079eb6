/// What a caller asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallerKind {
    /// A result, which somebody awaits.
    #[default]
    Call,
    /// Work whose result nobody has to await.
    Cast,
    /// A place for something that lives long.
    Child,
}

impl CallerKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Call, Self::Cast, Self::Child];
}

/// Something for each kind of caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ByKind<T> {
    calls: T,
    casts: T,
    children: T,
}

impl<T> ByKind<T> {
    pub(super) fn of(&self, kind: CallerKind) -> &T {
        match kind {
            CallerKind::Call => &self.calls,
            CallerKind::Cast => &self.casts,
            CallerKind::Child => &self.children,
        }
    }

    pub(super) fn of_mut(&mut self, kind: CallerKind) -> &mut T {
        match kind {
            CallerKind::Call => &mut self.calls,
            CallerKind::Cast => &mut self.casts,
            CallerKind::Child => &mut self.children,
        }
    }
}
