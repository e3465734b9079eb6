//! Types with every attribute of serde that is known to break formats.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One value of each kind.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
pub(super) enum Anything {
    Unit,
    Nothing(()),
    Text(String),
    Letter(char),
    Signed(i64),
    Unsigned(u64),
    Fraction(f32),
    Wide(i128),
    Bytes(Vec<u8>),
    Tuple(u8, u8, Option<Option<u8>>),
    Named { some: Option<()>, bytes: Vec<u8> },
    Map(BTreeMap<i32, Vec<u8>>),
    Many(Vec<Self>),
}

impl Anything {
    pub(super) fn all() -> Vec<Self> {
        let flat = vec![
            Self::Unit,
            Self::Nothing(()),
            Self::Text("ü\u{1F525}".into()),
            Self::Letter('\u{10FFFF}'),
            Self::Signed(i64::MIN),
            Self::Unsigned(u64::MAX),
            Self::Fraction(f32::MIN_POSITIVE),
            Self::Wide(-5),
            Self::Wide(i128::from(u64::MAX)),
            Self::Bytes(vec![0, 128, 255]),
            Self::Bytes(vec![]),
            Self::Tuple(1, 255, Some(None)),
            Self::Tuple(1, 255, Some(Some(2))),
            Self::Named {
                some: Some(()),
                bytes: vec![1],
            },
            Self::Named {
                some: None,
                bytes: vec![],
            },
            Self::Map(BTreeMap::from([(-1, vec![1]), (300, vec![])])),
        ];
        let narrow = |anything: &&Self| !matches!(anything, Self::Wide(_));
        let nested = Self::Many(flat.iter().filter(narrow).cloned().collect());
        flat.into_iter().chain([nested]).collect()
    }
}

/// The four ways in which serde tags enums.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
pub(super) struct Tagged {
    internal: Vec<Internal>,
    adjacent: Vec<Adjacent>,
    untagged: Vec<Untagged>,
}

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
#[serde(tag = "kind")]
enum Internal {
    Unit,
    Struct {
        inner: Anything,
        some: Option<Option<u8>>,
    },
    Newtype(Holder),
}

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
#[serde(tag = "kind", content = "content")]
enum Adjacent {
    Unit,
    Bytes(Vec<u8>),
    Tuple(Anything, Option<()>),
    Struct { inner: Anything },
}

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
#[serde(untagged)]
enum Untagged {
    Number(i64),
    Letter(char),
    Text(String),
    Bytes(Vec<u8>),
    Pair(u8, String),
    Struct {
        inner: Anything,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        some: Option<u8>,
    },
}

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
struct Holder {
    held: Anything,
}

impl Tagged {
    pub(super) fn all(inner: &Anything) -> Self {
        let inner = || inner.clone();
        Self {
            internal: vec![
                Internal::Unit,
                Internal::Struct {
                    inner: inner(),
                    some: Some(None),
                },
                Internal::Newtype(Holder { held: inner() }),
            ],
            adjacent: vec![
                Adjacent::Unit,
                Adjacent::Bytes(vec![9, 200]),
                Adjacent::Tuple(inner(), Some(())),
                Adjacent::Struct { inner: inner() },
            ],
            untagged: vec![
                Untagged::Number(-7),
                Untagged::Letter('x'),
                Untagged::Text("more than one".into()),
                Untagged::Bytes(vec![1, 200]),
                Untagged::Pair(200, "two".into()),
                Untagged::Struct {
                    inner: inner(),
                    some: None,
                },
                Untagged::Struct {
                    inner: inner(),
                    some: Some(3),
                },
            ],
        }
    }
}

/// Flattened, renamed, skipped, with fields of every kind behind.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Shapes {
    first_field: u8,
    #[serde(flatten)]
    holder: FlatHolder,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    skipped: Vec<u8>,
    #[serde(flatten)]
    extras: BTreeMap<String, Vec<u8>>,
}

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
struct FlatHolder {
    held: Option<Anything>,
    nested: Option<Option<u8>>,
}

impl Shapes {
    pub(super) fn around(anything: &Anything) -> Self {
        Self {
            first_field: 255,
            holder: FlatHolder {
                held: Some(anything.clone()),
                nested: Some(None),
            },
            skipped: vec![],
            extras: BTreeMap::from([("bytes".into(), vec![1, 2, 250])]),
        }
    }

    pub(super) fn with_extras(count: u8) -> Self {
        Self {
            first_field: 0,
            holder: FlatHolder {
                held: None,
                nested: None,
            },
            skipped: vec![count],
            extras: (0..count).map(|i| (i.to_string(), vec![i])).collect(),
        }
    }
}
