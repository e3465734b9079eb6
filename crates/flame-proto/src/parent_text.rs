//! What a runner is told about home, as one line of text.
//!
//! The text is `flame1.` and the message `ParentInfo` of the contract in unpadded base64url. It stands on
//! the descriptor that a child process inherits, or in the variable `FLAME_PARENT`.

mod address;
mod error;

pub use address::Address;
pub use error::ParentTextError;

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use flame_core::{PoolName, RunnerId};
use prost::Message as _;

use crate::v1;

/// The form of the text, so that a later form is recognized as such.
const PREFIX: &str = "flame1.";
/// The longest text that is looked at, in bytes. An environment variable of this size is still accepted
/// by every provider.
const LONGEST_TEXT: usize = 16 * 1024;

/// What a runner is told about home before it can dial.
#[derive(Clone, PartialEq, Eq)]
pub struct ParentInfo {
    /// Where control connections are accepted.
    pub attach: Address,
    /// Where bulk connections are accepted.
    pub bulk: Address,
    /// The boot this runner belongs to: the name of its instance.
    pub boot: String,
    /// Proves once that the runner is the one that was booted.
    pub token: [u8; 32],
    /// The pool that wants the runner.
    pub pool: PoolName,
    /// The pool's number for the runner.
    pub runner: RunnerId,
    /// The parent's build of the app.
    pub build: String,
    /// The range of protocol versions that the parent speaks.
    pub versions: (u32, u32),
    /// How many runners stand between this one and the app: 1 for a runner of the app itself.
    pub depth: u32,
    /// How long the runner may take until it is welcome.
    pub boot_timeout: Duration,
    /// The SHA-256 of the certificate that the parent shows on a TCP address. Given exactly where one of the
    /// addresses is a TCP one.
    pub parent_pin: Option<[u8; 32]>,
    /// Whether there are secrets to ask the parent for.
    pub has_secrets: bool,
    /// Whether the runner may leave a core file, which holds all that is in its memory.
    pub keeps_core_files: bool,
}

impl ParentInfo {
    /// The one line of text that tells it. It holds the token: never log it.
    pub fn to_text(&self) -> String {
        let message = v1::ParentInfo {
            attach: Some(self.attach.to_wire()),
            bulk: Some(self.bulk.to_wire()),
            boot: self.boot.clone(),
            token: self.token.to_vec().into(),
            pool: self.pool.to_string(),
            runner: self.runner.0,
            build: self.build.clone(),
            version_min: self.versions.0,
            version_max: self.versions.1,
            depth: self.depth,
            boot_timeout_us: u64::try_from(self.boot_timeout.as_micros()).unwrap_or(u64::MAX),
            parent_pin: self
                .parent_pin
                .map_or_else(Bytes::new, |pin| Bytes::copy_from_slice(&pin)),
            has_secrets: self.has_secrets,
            keeps_core_files: self.keeps_core_files,
        };
        format!(
            "{PREFIX}{}",
            URL_SAFE_NO_PAD.encode(message.encode_to_vec())
        )
    }

    /// Reads the text; white space around it (a line's end) does not matter.
    ///
    /// # Errors
    ///
    /// The text is not whole, or was not written by a parent.
    pub fn from_text(text: &str) -> Result<Self, ParentTextError> {
        let text = text.trim_ascii();
        if text.len() > LONGEST_TEXT {
            return Err(ParentTextError::TooLong { length: text.len() });
        }
        let encoded = text
            .strip_prefix(PREFIX)
            .ok_or(ParentTextError::UnknownForm)?;
        let bytes = URL_SAFE_NO_PAD
            .decode(encoded)
            .map_err(|_| ParentTextError::Garbled)?;
        let message =
            v1::ParentInfo::decode(bytes.as_slice()).map_err(|_| ParentTextError::Garbled)?;
        Self::from_wire(message)
    }

    /// Every field is required, so that a text that was cut short is never taken for a whole one.
    fn from_wire(message: v1::ParentInfo) -> Result<Self, ParentTextError> {
        let invalid = |field| ParentTextError::Field { field };
        let given = |field, is_given: bool| is_given.then_some(()).ok_or(invalid(field));
        given("boot", !message.boot.is_empty())?;
        given("build", !message.build.is_empty())?;
        given("version_min", message.version_min > 0)?;
        given("version_max", message.version_max >= message.version_min)?;
        given("depth", message.depth > 0)?;
        given("boot_timeout_us", message.boot_timeout_us > 0)?;
        let attach = Address::from_wire(message.attach).ok_or(invalid("attach"))?;
        let bulk = Address::from_wire(message.bulk).ok_or(invalid("bulk"))?;
        let parent_pin = pin(&message.parent_pin).map_err(|()| invalid("parent_pin"))?;
        let wants_pin = [&attach, &bulk]
            .iter()
            .any(|address| matches!(address, Address::Tcp(_)));
        given("parent_pin", parent_pin.is_some() == wants_pin)?;
        Ok(Self {
            attach,
            bulk,
            boot: message.boot,
            token: message
                .token
                .as_ref()
                .try_into()
                .map_err(|_| invalid("token"))?,
            pool: message
                .pool
                .parse::<PoolName>()
                .map_err(|_| invalid("pool"))?,
            runner: RunnerId(message.runner),
            build: message.build,
            versions: (message.version_min, message.version_max),
            depth: message.depth,
            boot_timeout: Duration::from_micros(message.boot_timeout_us),
            parent_pin,
            has_secrets: message.has_secrets,
            keeps_core_files: message.keeps_core_files,
        })
    }
}

/// `None` when there is none; an error when there is something else.
fn pin(bytes: &[u8]) -> Result<Option<[u8; 32]>, ()> {
    if bytes.is_empty() {
        return Ok(None);
    }
    bytes.try_into().map(Some).map_err(|_| ())
}

/// The token is a secret until it is spent.
impl fmt::Debug for ParentInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParentInfo")
            .field("attach", &self.attach)
            .field("bulk", &self.bulk)
            .field("boot", &self.boot)
            .field("pool", &self.pool)
            .field("runner", &self.runner)
            .field("build", &self.build)
            .field("versions", &self.versions)
            .field("depth", &self.depth)
            .field("boot_timeout", &self.boot_timeout)
            .finish_non_exhaustive()
    }
}
