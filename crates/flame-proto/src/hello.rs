//! Whether a runner fits its parent, as a pure function.

use crate::frame::{Feature, Features, Hello, Reject};

/// The lowest and the highest protocol version that this code speaks.
pub const PROTOCOL_VERSIONS: (u32, u32) = (1, 1);

/// What a parent of this code announces in its welcome.
const PARENT_FEATURES: &[Feature] = &[
    Feature::Ports,
    Feature::Residents,
    Feature::Accepted,
    Feature::Events,
];

/// What a runner of this code announces in its hello.
const RUNNER_FEATURES: &[Feature] = &[Feature::Ports, Feature::Residents];

/// What a parent of this code understands beyond the first version.
pub fn parent_features() -> Features {
    PARENT_FEATURES.iter().copied().collect()
}

/// What a runner of this code understands beyond the first version.
pub fn runner_features() -> Features {
    RUNNER_FEATURES.iter().copied().collect()
}

/// What a parent compares a runner with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OurSide {
    /// The range of protocol versions that the parent speaks.
    pub versions: (u32, u32),
    /// The parent's build of the app.
    pub build: String,
}

impl OurSide {
    /// A parent of this build that speaks [`PROTOCOL_VERSIONS`].
    pub fn new(build: impl Into<String>) -> Self {
        Self {
            versions: PROTOCOL_VERSIONS,
            build: build.into(),
        }
    }
}

/// Negotiates the protocol version of a session: the highest that both sides speak.
///
/// Who the runner is has been checked before: a stranger learns nothing about versions and builds.
///
/// # Errors
///
/// The two sides share no version, or the runner is a copy of another build. The version is judged
/// first, since without a common version nothing else in the hello means anything.
pub fn check(hello: &Hello, ours: &OurSide) -> Result<u32, Reject> {
    let lowest = hello.versions.0.max(ours.versions.0);
    let highest = hello.versions.1.min(ours.versions.1);
    if lowest == 0 || lowest > highest {
        return Err(Reject::Version {
            parent: ours.versions,
        });
    }
    if hello.build != ours.build {
        return Err(Reject::Build {
            parent: ours.build.clone(),
            runner: hello.build.clone(),
        });
    }
    Ok(highest)
}
