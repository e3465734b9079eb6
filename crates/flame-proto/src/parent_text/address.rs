use std::fmt;
use std::path::PathBuf;

use crate::v1;
use crate::v1::address::Kind;

/// Where a parent can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A socket in the file system of this host.
    Unix(PathBuf),
    /// `host:port`, the host a name or a number; an IPv6 number stands in brackets.
    Tcp(String),
}

impl Address {
    pub(super) fn to_wire(&self) -> v1::Address {
        let kind = match self {
            Self::Unix(path) => Kind::Unix(path.as_os_str().as_encoded_bytes().to_vec().into()),
            Self::Tcp(authority) => Kind::Tcp(authority.clone()),
        };
        v1::Address { kind: Some(kind) }
    }

    /// `None` when it cannot be an address.
    pub(super) fn from_wire(address: Option<v1::Address>) -> Option<Self> {
        match address?.kind? {
            Kind::Unix(path) => path_from_bytes(&path).map(Self::Unix),
            Kind::Tcp(authority) => is_authority(&authority).then_some(Self::Tcp(authority)),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp(authority) => f.write_str(authority),
        }
    }
}

/// A path to a socket: absolute, and without the zero byte that no path holds.
fn path_from_bytes(bytes: &[u8]) -> Option<PathBuf> {
    if bytes.contains(&0) {
        return None;
    }
    #[cfg(unix)]
    let path = {
        use std::os::unix::ffi::OsStrExt as _;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    };
    #[cfg(not(unix))]
    let path = PathBuf::from(std::str::from_utf8(bytes).ok()?);
    path.is_absolute().then_some(path)
}

/// Whether a text is `host:port`. Who the host is, the resolver will tell.
fn is_authority(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else {
        return false;
    };
    let host_fits = match host.strip_prefix('[') {
        Some(rest) => rest
            .strip_suffix(']')
            .is_some_and(|ip| ip.parse::<std::net::Ipv6Addr>().is_ok()),
        None => {
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            !host.is_empty() && host.chars().all(allowed)
        }
    };
    host_fits
        && port.bytes().all(|c| c.is_ascii_digit())
        && port.parse::<u16>().is_ok_and(|port| port != 0)
}
