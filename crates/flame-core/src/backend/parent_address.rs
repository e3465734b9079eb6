//! Where a parent can be found from elsewhere.

use std::net::SocketAddr;

/// Where this process listens for instances on other hosts, and where they find it.
///
/// The runtime listens there while a pool uses the backend, with TLS and keys of its own making, and puts the
/// address into [`BootRequest::parent`](super::BootRequest::parent). All pools of a process that name the same
/// [`listen`](Self::listen) share one socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParentAddress {
    /// Where this process listens. Port 0 takes any that is free.
    pub listen: SocketAddr,
    /// `host`, or `host:port` where something in between maps ports, as instances dial it; an IPv6 number
    /// stands in brackets. Without it they dial what this process listens on.
    pub advertise: Option<String>,
}

impl ParentAddress {
    /// Listens there, and is dialed there.
    pub fn new(listen: SocketAddr) -> Self {
        Self {
            listen,
            advertise: None,
        }
    }

    /// What instances dial, once the port that this process listens on is known.
    ///
    /// ```
    /// use flame_core::backend::ParentAddress;
    ///
    /// let address = ParentAddress::new("10.0.0.7:0".parse().unwrap());
    /// assert_eq!(address.dialed(7001), "10.0.0.7:7001");
    ///
    /// let named = ParentAddress { advertise: Some("app.internal".into()), ..address.clone() };
    /// assert_eq!(named.dialed(7001), "app.internal:7001");
    ///
    /// let mapped = ParentAddress { advertise: Some("app.internal:443".into()), ..address };
    /// assert_eq!(mapped.dialed(7001), "app.internal:443");
    /// ```
    pub fn dialed(&self, port: u16) -> String {
        match &self.advertise {
            Some(host) if has_port(host) => host.clone(),
            Some(host) => format!("{host}:{port}"),
            None => SocketAddr::new(self.listen.ip(), port).to_string(),
        }
    }
}

/// Whether a port follows the host. In an IPv6 number in brackets there are colons, too.
fn has_port(advertised: &str) -> bool {
    match advertised.rsplit_once(':') {
        Some((host, _)) => !advertised.ends_with(']') && !host.is_empty(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_number_keeps_its_brackets_and_gets_the_port() {
        let listen = "[fdaa:0:1::2]:0".parse().unwrap();
        let plain = ParentAddress::new(listen);
        assert_eq!(plain.dialed(9), "[fdaa:0:1::2]:9");
        for (advertised, dialed) in [
            ("[fdaa::9]", "[fdaa::9]:9"),
            ("[fdaa::9]:443", "[fdaa::9]:443"),
        ] {
            let address = ParentAddress {
                advertise: Some(advertised.into()),
                ..plain.clone()
            };
            assert_eq!(address.dialed(9), dialed);
        }
    }
}
