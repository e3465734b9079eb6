//! Names and numbers. Each has a type of its own, so that none can stand where another belongs.

use std::fmt;
use std::str::FromStr;

/// The name of a pool: `[a-z][a-z0-9_]*`, at most 63 characters.
///
/// The form is that narrow because the name is also a key in `flame.toml`, a part of environment
/// variables (`FLAME_POOLS__THUMBNAILS__MAX`) and a label at cloud providers.
///
/// ```
/// use flame_core::PoolName;
///
/// assert!("thumbnails".parse::<PoolName>().is_ok());
/// assert!("Thumb-Nails".parse::<PoolName>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PoolName(String);

/// The longest pool name, in characters.
const LONGEST_POOL_NAME: usize = 63;

impl PoolName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PoolName {
    type Err = InvalidPoolName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
        let goes_on_well = name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if starts_well && goes_on_well && name.len() <= LONGEST_POOL_NAME {
            Ok(Self(name.to_owned()))
        } else {
            Err(InvalidPoolName(name.to_owned()))
        }
    }
}

impl fmt::Display for PoolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A pool name that does not match `[a-z][a-z0-9_]*` or is longer than 63 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPoolName(String);

impl fmt::Display for InvalidPoolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a pool name: use lower-case letters, digits and underscores, start with a \
             letter, at most {LONGEST_POOL_NAME} characters",
            self.0
        )
    }
}

impl std::error::Error for InvalidPoolName {}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "-{}"), self.0)
            }
        }
    };
}

number! {
    /// One boot and the runner that comes of it. Counted up by the pool, never used twice.
    RunnerId, "runner"
}
number! {
    /// One waiting or running call, cast or child, as the pool sees it. Never used twice.
    CallerId, "caller"
}
number! {
    /// One grant of a slot, as runner and parent name it on the wire. A caller that is granted a
    /// slot a second time (after *not started*) gets a new one.
    CallId, "call"
}

/// The name under which a backend creates an instance: unique in the world, chosen before the create
/// request is sent, so that an instance can be found and destroyed even when the answer to the
/// request was lost.
///
/// Lower-case letters, digits and dashes, at most 63 characters: fit for a host name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceName(String);

impl InstanceName {
    /// The instance for one boot of one incarnation of a pool.
    ///
    /// `incarnation` tells two parents, or two lives of one parent, apart.
    pub fn new(pool: &PoolName, incarnation: u64, runner: RunnerId) -> Self {
        // 12 + 16 + 20 digits and dashes stay below 63 characters.
        let pool: String = pool.as_str().replace('_', "-").chars().take(12).collect();
        Self(format!("{pool}-{incarnation:016x}-{}", runner.0))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstanceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a name back that a provider has kept, for [`Backend::list`](crate::backend::Backend::list).
///
/// ```
/// use flame_core::InstanceName;
///
/// assert!("thumbs-00000000000000ff-7".parse::<InstanceName>().is_ok());
/// assert!("Thumbs 7".parse::<InstanceName>().is_err());
/// ```
impl FromStr for InstanceName {
    type Err = InvalidInstanceName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let is_made_well = name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if is_made_well && !name.is_empty() && name.len() <= LONGEST_INSTANCE_NAME {
            Ok(Self(name.to_owned()))
        } else {
            Err(InvalidInstanceName(name.to_owned()))
        }
    }
}

/// The longest instance name, in characters.
const LONGEST_INSTANCE_NAME: usize = 63;

/// A text that is no [`InstanceName`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidInstanceName(String);

impl fmt::Display for InvalidInstanceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not an instance name: lower-case letters, digits and dashes, at most \
             {LONGEST_INSTANCE_NAME} characters",
            self.0
        )
    }
}

impl std::error::Error for InvalidInstanceName {}
