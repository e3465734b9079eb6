//! Bytes that nobody encoded.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use super::shapes::{Anything, Shapes, Tagged};
use super::{from_slice, to_vec};

/// How many inputs are tried. `FLAME_CODEC_INPUTS` asks for another number.
const INPUTS: u64 = 20_000;

/// A generator of our own, so that no update of a library changes the inputs.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn read_as_everything(bytes: &[u8]) -> bool {
    let read = [
        from_slice::<IgnoredAny>(bytes).is_ok(),
        from_slice::<Anything>(bytes).is_ok(),
        from_slice::<Tagged>(bytes).is_ok(),
        from_slice::<Shapes>(bytes).is_ok(),
        from_slice::<(String, Vec<u8>, Option<Option<u64>>)>(bytes).is_ok(),
        from_slice::<Vec<BTreeMap<i8, char>>>(bytes).is_ok(),
        from_slice::<Option<crate::Blob>>(bytes).is_ok(),
    ];
    read.contains(&true)
}

#[test]
fn random_and_damaged_bytes_decode_or_are_refused() {
    let inputs = std::env::var("FLAME_CODEC_INPUTS").ok();
    let inputs = inputs.map_or(INPUTS, |inputs| inputs.parse().unwrap());
    let everything = Anything::all();
    let good = [
        to_vec(&everything).unwrap(),
        to_vec(&Tagged::all(&everything[16])).unwrap(),
        to_vec(&Shapes::around(&everything[9])).unwrap(),
        to_vec(&("text", vec![1_u8, 2], Some(Some(3_u64)))).unwrap(),
    ];
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut accepted = 0;
    for input in 0..inputs {
        let bytes = if input % 2 == 0 {
            (0..dice.roll(40)).map(|_| dice.roll(256) as u8).collect()
        } else {
            let mut bytes = good[dice.roll(good.len() as u64) as usize].clone();
            for _ in 0..=dice.roll(3) {
                let place = dice.roll(bytes.len() as u64) as usize;
                bytes[place] = dice.roll(256) as u8;
            }
            bytes
        };
        accepted += u64::from(read_as_everything(&bytes));
    }
    // Neither everything nor nothing was readable, or the inputs tested nothing.
    assert!(
        accepted > inputs / 100 && accepted < inputs,
        "{accepted} of {inputs}"
    );
}

#[test]
fn a_length_that_is_a_lie_allocates_nothing() {
    for marker in [0xc6, 0xc9, 0xdb, 0xdd, 0xdf] {
        let bytes = [marker, 0xff, 0xff, 0xff, 0xff, b'u'];
        from_slice::<Vec<u64>>(&bytes).unwrap_err();
        from_slice::<String>(&bytes).unwrap_err();
        from_slice::<BTreeMap<u64, u64>>(&bytes).unwrap_err();
    }
}

#[test]
fn cutting_a_value_short_anywhere_is_an_error() {
    let bytes = to_vec(&Tagged::all(&Anything::all()[16])).unwrap();
    for length in 0..bytes.len() {
        from_slice::<Tagged>(&bytes[..length]).unwrap_err();
    }
}
