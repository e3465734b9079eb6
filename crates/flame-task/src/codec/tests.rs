//! Values come back as they were, and nothing that is read can hurt.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::{Error, Parts, decode, encode};
use crate::channel::Ends;

mod hostile;
mod nesting;
mod shapes;

use shapes::{Anything, Shapes, Tagged};

fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    encode(value).map(|parts| parts.message)
}

fn from_slice<T: DeserializeOwned>(message: &[u8]) -> Result<T, Error> {
    decode(Parts {
        message,
        blobs: vec![],
        ends: Ends::default(),
    })
}

#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "values are mostly written in place"
)]
fn returns<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) -> Vec<u8> {
    let bytes = to_vec(&value).unwrap();
    assert_eq!(from_slice::<T>(&bytes).unwrap(), value);
    from_slice::<IgnoredAny>(&bytes).unwrap();
    bytes
}

#[test]
fn numbers_come_back_at_every_border_of_their_encoding() {
    for bits in 0..64 {
        for near in -2..=2_i128 {
            let wide = (1_i128 << bits) + near;
            returns(wide);
            returns(-wide);
            returns(wide as u128);
            returns(wide as u64);
            returns(wide as i64);
            returns(wide as i64 as i8);
            returns(wide as u16);
            returns(wide as i32);
        }
    }
    returns((u128::MAX, i128::MIN, i128::MAX, u64::MAX, i64::MIN));
    returns((f64::MIN_POSITIVE, f32::INFINITY, -0.0_f64, 'ß', '\0', true));
}

#[test]
fn a_nan_keeps_its_bits() {
    let odd = f32::from_bits(0x7fc0_1234);
    let back: f32 = from_slice(&to_vec(&odd).unwrap()).unwrap();
    assert_eq!(back.to_bits(), odd.to_bits());
}

#[test]
fn options_of_options_and_of_nothing_are_kept_apart() {
    let all: [Option<Option<Option<u8>>>; 4] =
        [None, Some(None), Some(Some(None)), Some(Some(Some(7)))];
    for options in all {
        returns(options);
    }
    returns([None, Some(())]);
    returns([Some(Some(())), Some(None), None]);
    returns(vec![Some(vec![Some(None::<()>)]), None]);
    returns(BTreeMap::from([
        (1, Some(None)),
        (2, None),
        (3, Some(Some(4_u8))),
    ]));
}

#[test]
fn sequences_of_bytes_take_one_byte_each_and_no_other_type_is_mistaken_for_them() {
    for length in [0, 1, 5, 255, 256, 65_535, 65_536, 100_000] {
        let bytes: Vec<u8> = (0..length).map(|i| i as u8).collect();
        assert!(returns(bytes).len() <= length + 6);
        returns(vec![200_u16; length]);
        returns("x".repeat(length));
    }
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Byte(u8);
    assert_eq!(returns(vec![Byte(200), Byte(201), Byte(202)]).len(), 6);
    returns([7_u8; 32]);
    returns((1_u8, 200_u8, String::from("then a text")));
    returns((200_u8, vec![1_u8, 2], 3_u8, [vec![4_u8], vec![]]));
    returns(vec![Some(1_u8), None]);
    returns(vec![vec![vec![1_u8; 3]; 2]; 2]);
}

#[test]
fn a_sequence_or_map_that_does_not_know_its_length_comes_back() {
    struct Lazy(usize);
    impl Serialize for Lazy {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeSeq;
            let mut items = serializer.serialize_seq(None)?;
            for i in 0..self.0 {
                items.serialize_element(&(i as u8, ()))?;
            }
            items.end()
        }
    }
    for length in [0, 1, 15, 16, 70_000] {
        let back: Vec<(u8, ())> = from_slice(&to_vec(&Lazy(length)).unwrap()).unwrap();
        assert_eq!(back.len(), length);
    }
    returns(Shapes::with_extras(20));
    returns(Shapes::with_extras(0));
}

#[test]
fn every_shape_of_serde_comes_back_inside_of_every_other() {
    for anything in Anything::all() {
        returns(anything.clone());
        returns(vec![anything.clone(), anything.clone()]);
        // serde's own buffer, behind tags and `flatten`, refuses 128 bits in every format.
        if !matches!(anything, Anything::Wide(_)) {
            returns(Tagged::all(&anything));
            returns(Shapes::around(&anything));
        }
        returns(HashMap::from([(3_u8, anything.clone()), (200, anything)]));
    }
}

#[test]
fn a_field_may_be_new_or_gone_or_moved() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Old {
        id: u64,
        gone: Vec<u8>,
    }
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct New {
        #[serde(default)]
        new: Option<String>,
        id: u64,
    }
    let old = to_vec(&Old {
        id: 7,
        gone: vec![1],
    })
    .unwrap();
    assert_eq!(from_slice::<New>(&old).unwrap(), New { new: None, id: 7 });
}

#[test]
fn what_is_left_over_is_an_error() {
    let mut bytes = to_vec(&5_u8).unwrap();
    bytes.push(0);
    let error = from_slice::<u8>(&bytes).unwrap_err();
    assert_eq!(error, Error::new("1 bytes are left over"));
    let three = to_vec(&(1_u8, 2_u8, 3_u8)).unwrap();
    from_slice::<(u8, u8)>(&three).unwrap_err();
    let three = to_vec(&(1_u16, 2_u16, 3_u16)).unwrap();
    from_slice::<(u16, u16)>(&three).unwrap_err();
}
