use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many connections may be open that have not said who they are, besides those that are awaited.
const STRANGERS: usize = 16;
/// How many of them may come from one place.
const STRANGERS_OF_ONE_SOURCE: usize = 8;

/// The connections that have not said who they are.
///
/// Who is awaited has room beyond that of strangers, and whoever has said who it is does not count: so strangers
/// keep nobody from going on, and those of one place cannot keep those of others from coming.
#[derive(Clone, Debug, Default)]
pub(super) struct Crowd(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One place in the crowd, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    crowd: Crowd,
    source: IpAddr,
}

impl Crowd {
    /// A place for a connection from there, while this many copies are awaited. Each opens one connection at a time
    /// before it is known.
    pub(super) fn enter(&self, from: IpAddr, awaited: usize) -> Option<Place> {
        let source = network(from);
        let mut sources = self.lock();
        let all: usize = sources.values().sum();
        let same = sources.get(&source).copied().unwrap_or_default();
        if all >= STRANGERS + 2 * awaited || same >= STRANGERS_OF_ONE_SOURCE + awaited {
            return None;
        }
        sources.insert(source, same + 1);
        drop(sources);
        Some(Place {
            crowd: self.clone(),
            source,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut sources = self.crowd.lock();
        if let Some(count) = sources.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                sources.remove(&self.source);
            }
        }
    }
}

/// What one host usually has for itself: an address of version 4, and a 64-bit network of version 6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(
            address.to_bits() & !u128::from(u64::MAX),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter_all(crowd: &Crowd, from: &str, awaited: usize) -> Vec<Place> {
        let from = from.parse().unwrap();
        std::iter::from_fn(|| crowd.enter(from, awaited)).collect()
    }

    #[test]
    fn one_source_leaves_room_for_others_and_all_together_are_bounded() {
        let crowd = Crowd::default();
        let first = enter_all(&crowd, "10.0.0.1", 0);
        let second = enter_all(&crowd, "fdaa::1", 0);
        assert_eq!((first.len(), second.len()), (8, 8));
        assert!(crowd.enter("10.0.0.2".parse().unwrap(), 0).is_none());
        assert!(crowd.enter("10.0.0.2".parse().unwrap(), 1).is_some());
        drop(first);
        assert_eq!(enter_all(&crowd, "10.0.0.2", 0).len(), 8);
    }

    #[test]
    fn addresses_of_one_network_are_one_source() {
        let crowd = Crowd::default();
        let first = enter_all(&crowd, "fdaa::1", 0);
        assert!(crowd.enter("fdaa::2:3".parse().unwrap(), 0).is_none());
        assert!(crowd.enter("fdaa:1::1".parse().unwrap(), 0).is_some());
        let mapped = enter_all(&crowd, "::ffff:10.0.0.1", 0);
        assert!(crowd.enter("10.0.0.1".parse().unwrap(), 0).is_none());
        drop((first, mapped));
        assert!(crowd.lock().is_empty());
    }
}
