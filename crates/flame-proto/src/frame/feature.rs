//! What a side understands beyond the first version.

use std::collections::BTreeSet;

/// A part of the contract that is spoken only to a peer that announced it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Channels: [`PortFrame`](super::PortFrame).
    Ports,
    /// Values that stay on a runner: a runner that has it understands
    /// [`ParentFrame::Release`](super::ParentFrame::Release), a parent the `residents` of [`RunnerFrame::Done`](super::RunnerFrame::Done).
    Residents,
    /// [`RunnerFrame::Accepted`](super::RunnerFrame::Accepted), when a call asks for it.
    Accepted,
    /// [`RunnerFrame::Event`](super::RunnerFrame::Event).
    Events,
}

impl Feature {
    const ALL: [Self; 4] = [Self::Ports, Self::Residents, Self::Accepted, Self::Events];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ports => "ports",
            Self::Residents => "residents",
            Self::Accepted => "accepted",
            Self::Events => "events",
        }
    }

    /// The feature of this name; `None` for one of a later version.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feature| feature.name() == name)
    }
}

/// All that a side announced and we know of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features(BTreeSet<Feature>);

impl Features {
    /// Whether `feature` was announced.
    pub fn have(&self, feature: Feature) -> bool {
        self.0.contains(&feature)
    }

    /// All of them, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = Feature> {
        self.0.iter().copied()
    }
}

impl FromIterator<Feature> for Features {
    fn from_iter<I: IntoIterator<Item = Feature>>(features: I) -> Self {
        Self(features.into_iter().collect())
    }
}
