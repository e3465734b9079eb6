//! Values inside of values inside of values.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::{from_slice, returns, to_vec};
use crate::codec::{Error, MAX_DEPTH};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct List(Vec<Self>);

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Field {
    next: Option<Box<Self>>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum Variant {
    Last,
    Newtype(Box<Self>),
    Tuple(u8, Box<Self>),
    Struct { next: Box<Self> },
}

/// Whatever the encoder accepts comes back, up to the depth at which it accepts nothing.
#[track_caller]
fn nests<T>(innermost: impl Fn() -> T, around: impl Fn(T) -> T)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let mut value = innermost();
    for levels in 1..=MAX_DEPTH + 1 {
        value = around(value);
        match to_vec(&value) {
            Ok(bytes) => {
                assert_eq!(from_slice::<T>(&bytes).unwrap(), value);
                from_slice::<IgnoredAny>(&bytes).unwrap();
            }
            Err(error) => {
                assert_eq!(error, Error::too_deep());
                assert!(levels >= MAX_DEPTH / 2, "it ends at {levels} levels");
                return;
            }
        }
    }
    panic!("the encoder has no limit");
}

#[test]
fn nesting_has_the_same_limit_on_both_sides_for_every_kind_of_nest() {
    nests(|| List(vec![]), |inner| List(vec![inner]));
    nests(
        || Field { next: None },
        |inner| Field {
            next: Some(Box::new(inner)),
        },
    );
    nests(|| Variant::Last, |inner| Variant::Newtype(Box::new(inner)));
    nests(|| Variant::Last, |inner| Variant::Tuple(1, Box::new(inner)));
    nests(
        || Variant::Last,
        |inner| Variant::Struct {
            next: Box::new(inner),
        },
    );
}

#[test]
fn deep_bytes_are_refused() {
    let mut deep = vec![0x91; 1_000_000];
    deep.push(0x90);
    let error = from_slice::<IgnoredAny>(&deep).unwrap_err();
    assert_eq!(error, Error::too_deep());
}

#[test]
fn a_type_that_is_only_an_option_of_itself_cannot_be_made_to_recurse_for_ever() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Doll(Option<Box<Self>>);
    let nest = |dolls| (0..dolls).fold(Doll(None), |inner, _| Doll(Some(Box::new(inner))));
    returns(nest(1));
    returns(nest(100));
    // No doll is a number, yet each option could hold one.
    let error = from_slice::<Doll>(&[5]).unwrap_err();
    assert_eq!(error, Error::too_deep());
    let error = from_slice::<Vec<Doll>>(&[0xc7, 1, b'u', 5]).unwrap_err();
    assert_eq!(error, Error::too_deep());
}
