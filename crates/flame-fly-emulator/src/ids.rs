//! Names that look like the real ones.

/// The digits of a ULID.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ADJECTIVES: &[&str] = &[
    "aged", "brisk", "calm", "dry", "early", "faint", "green", "wild",
];
const NOUNS: &[&str] = &[
    "brook", "cloud", "dawn", "field", "leaf", "moon", "river", "wind",
];

/// Makes ids. The same seed makes the same ones, apart from the time in a ULID.
#[derive(Debug)]
pub(crate) struct Ids {
    state: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// SplitMix64.
    pub(crate) fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 14 hexadecimal digits.
    pub(crate) fn machine(&mut self) -> String {
        format!("{:014x}", self.number() >> 8)
    }

    /// 12 hexadecimal digits.
    pub(crate) fn nonce(&mut self) -> String {
        format!("{:012x}", self.number() >> 16)
    }

    /// 16 hexadecimal digits.
    pub(crate) fn span(&mut self) -> String {
        format!("{:016x}", self.number())
    }

    /// 26 characters that sort by time.
    pub(crate) fn ulid(&mut self, millis: u64) -> String {
        let low = u128::from(self.number()) | (u128::from(self.number() & 0xffff) << 64);
        let all = (u128::from(millis) << 80) | low;
        let digit = |at: u32| CROCKFORD[usize::try_from((all >> (5 * at)) & 31).unwrap_or(0)];
        (0..26).rev().map(|at| char::from(digit(at))).collect()
    }

    /// As the API names what nobody named.
    pub(crate) fn name(&mut self) -> String {
        let number = self.number();
        let adjective = pick(ADJECTIVES, number);
        let noun = pick(NOUNS, number >> 8);
        format!("{adjective}-{noun}-{:04}", (number >> 16) % 10_000)
    }

    /// An address in the private network of the app with that number.
    pub(crate) fn private_ip(&mut self, app: usize) -> String {
        let number = self.number();
        let part = |at: u32| 1 + (number >> (16 * at)) % 0xfffe;
        let (a, b, c) = (part(0), part(1), part(2));
        format!("fdaa:0:{:x}:a7b:{a:x}:{b:x}:{c:x}:2", app + 1)
    }
}

fn pick<'a>(words: &[&'a str], number: u64) -> &'a str {
    let at = usize::try_from(number & 7).unwrap_or(0);
    words[at % words.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_lengths_of_the_real_ones() {
        let mut ids = Ids::new(1);
        assert_eq!(ids.machine().len(), 14);
        assert_eq!(ids.ulid(1_786_846_890_764).len(), 26);
        assert!(ids.private_ip(0).parse::<std::net::Ipv6Addr>().is_ok());
    }

    #[test]
    fn the_time_in_a_ulid_is_where_others_find_it() {
        // The first ten digits of an id that the real API gave to an event of this instant.
        let ulid = Ids::new(7).ulid(1_786_846_890_764);
        assert_eq!(&ulid[..10], "01M045ZJRC");
    }
}
