use std::net::IpAddr;

use hyper::Uri;

/// The public address of the API.
pub(super) const PUBLIC: &str = "https://api.machines.dev";

/// Why an address of the API will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HostProblem {
    /// It is no address.
    Unreadable,
    /// The token would travel in plain text.
    Plain,
}

/// The scheme and the host, without anything behind them.
pub(super) fn base(host: &str) -> Result<String, HostProblem> {
    if host.trim_end().ends_with("://") {
        return Err(HostProblem::Unreadable);
    }
    let host = host.trim().trim_end_matches('/');
    let host = host.strip_suffix("/v1").unwrap_or(host);
    // Some tools' variable is a bare name.
    let with_scheme = if host.contains("://") {
        host.to_owned()
    } else {
        format!("https://{host}")
    };
    let uri: Uri = with_scheme.parse().map_err(|_| HostProblem::Unreadable)?;
    let has_path = !matches!(uri.path(), "" | "/") || uri.query().is_some();
    let authority = uri.authority().ok_or(HostProblem::Unreadable)?;
    // A name and a password have no place there, and would be shown.
    if has_path || authority.as_str().contains('@') || authority.host().is_empty() {
        return Err(HostProblem::Unreadable);
    }
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_private(authority.host()) => {}
        Some("http") => return Err(HostProblem::Plain),
        Some(_) | None => return Err(HostProblem::Unreadable),
    }
    Ok(format!(
        "{}://{authority}",
        uri.scheme_str().unwrap_or("https")
    ))
}

/// Whether what is sent there stays on this host or in Fly's private network, which is encrypted.
fn is_private(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.segments()[0] == 0xfdaa,
        Ok(ip) => ip.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".internal"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_in_the_forms_that_tools_use() {
        for (given, taken) in [
            (PUBLIC, PUBLIC),
            ("https://api.machines.dev/v1", PUBLIC),
            ("api.machines.dev/v1/", PUBLIC),
            ("http://_api.internal:4280", "http://_api.internal:4280"),
            ("http://127.0.0.1:4280/", "http://127.0.0.1:4280"),
            ("http://[::1]:4280/v1", "http://[::1]:4280"),
            ("http://[fdaa::3]:4280", "http://[fdaa::3]:4280"),
        ] {
            assert_eq!(base(given).as_deref(), Ok(taken), "{given}");
        }
    }

    #[test]
    fn the_token_does_not_travel_in_plain_text() {
        for plain in [
            "http://api.machines.dev",
            "http://10.0.0.1:4280",
            "http://internal.example",
        ] {
            assert_eq!(base(plain), Err(HostProblem::Plain), "{plain}");
        }
        for nonsense in [
            "",
            "https://",
            "ftp://a",
            "https://a/b",
            "https://u:p@a",
            "https://a b",
        ] {
            assert_eq!(base(nonsense), Err(HostProblem::Unreadable), "{nonsense}");
        }
    }
}
