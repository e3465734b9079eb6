use std::sync::Arc;

use thiserror::Error;

use super::variables::EnvError;

/// Why no backend can be made of what was said. Each text says what to do.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// `flame.toml` or a variable holds something else than it should.
    #[error("{0}")]
    Unreadable(Arc<figment::Error>),
    /// There is no token.
    #[error(
        "no token for Fly: make one with `fly tokens create deploy -a <app>` and set it as FLY_API_TOKEN, as with \
         `fly secrets set`"
    )]
    NoToken,
    /// The token cannot be sent: there is a line break or the like inside it.
    #[error("the token for Fly has characters in it that no token has: set FLY_API_TOKEN anew")]
    BadToken,
    /// Nobody says in which app runners are created.
    #[error(
        "no app on Fly to create runners in: set `app` in section [fly] of flame.toml, or FLY_APP_NAME"
    )]
    NoApp,
    /// No app can have this name.
    #[error("{app:?} is not the name of an app on Fly: lower-case letters, digits and dashes")]
    BadApp {
        /// The name.
        app: String,
    },
    /// Nobody says what runners are started from.
    #[error(
        "no image to start runners from: on Fly it is that of this process (FLY_IMAGE_REF); elsewhere set `image` \
         in section [fly] of flame.toml"
    )]
    NoImage,
    /// Nobody says where runners are to be.
    #[error(
        "no region for runners: set `region` in section [fly] of flame.toml, as in \"iad\" or \"iad,us,any\""
    )]
    NoRegion,
    /// A region has characters in it that no region has.
    #[error("{region:?} is not a region or a list of them: write \"iad\", or \"iad,us,any\"")]
    BadRegion {
        /// What was given.
        region: String,
    },
    /// The address of the API is none.
    #[error(
        "{host:?} is not the address of the API: write https://api.machines.dev, without a path"
    )]
    BadHost {
        /// What was given.
        host: String,
    },
    /// The token would travel in plain text.
    #[error(
        "{host:?} would send the token in plain text: use https, or http://_api.internal:4280 inside Fly's private \
         network"
    )]
    PlainHost {
        /// What was given.
        host: String,
    },
    /// Runners would not find this process.
    #[error(
        "no address under which runners find this process: on Fly it is FLY_PRIVATE_IP; elsewhere set `listen` in \
         section [fly] of flame.toml, and `advertise` if runners dial another address"
    )]
    NoAddress,
    /// A variable that runners cannot have.
    #[error(transparent)]
    Variable(#[from] EnvError),
    /// A key of metadata that Fly or this backend uses itself.
    #[error("the metadata {key:?} is set by Fly and by the backend itself: take another key")]
    ReservedMetadata {
        /// The key.
        key: String,
    },
    /// A key or a value of metadata that may not arrive as it is.
    #[error(
        "the metadata {key:?} may not arrive: keys have at most 40 lower-case letters, digits and underscores, \
         values 1 to 120 characters, none of them a control character"
    )]
    BadMetadata {
        /// The key.
        key: String,
    },
    /// There is room for one volume.
    #[error("{count} volumes for a runner: a machine can have one")]
    TooManyMounts {
        /// How many were given.
        count: usize,
    },
    /// A time that is too long or too short.
    #[error("`{option}` must be {bound}")]
    Time {
        /// The option.
        option: &'static str,
        /// What it has to keep.
        bound: &'static str,
    },
    /// The system gives no random numbers or the built-in certificates cannot be used.
    #[error("TLS cannot be set up: {cause}")]
    Tls {
        /// What went wrong.
        cause: String,
    },
}
