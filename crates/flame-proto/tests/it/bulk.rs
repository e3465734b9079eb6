//! Headers of the bulk connection.

use flame_proto::bulk::{BulkError, CHUNK, FrameKind, HEADER_LEN, Header, Place};

use crate::dice::Dice;

#[test]
fn a_header_travels_as_the_contract_says() {
    let wire = Header::data(0x0102_0304_0506_0708, 0x0001_0203).encode();
    assert_eq!(wire, [2, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3]);
}

#[test]
fn headers_arrive_unchanged() {
    for header in [
        Header::data(0, 1),
        Header::data(u64::MAX, CHUNK),
        Header::reset(7),
    ] {
        assert_eq!(Header::decode(header.encode(), Place::Later), Ok(header));
    }
    let open = Header::open(32);
    assert_eq!(Header::decode(open.encode(), Place::First), Ok(open));
}

#[test]
fn a_runner_begins_with_open() {
    let kind = FrameKind::Data;
    let refused = Header::decode(Header::data(1, 1).encode(), Place::First);
    assert_eq!(refused, Err(BulkError::NotOpen { kind }));
}

#[test]
fn open_stands_nowhere_else() {
    let refused = Header::decode(Header::open(32).encode(), Place::Later);
    assert_eq!(refused, Err(BulkError::OpenAgain));
}

#[test]
fn open_names_no_segment() {
    let refused = Header::decode(
        Header {
            id: 3,
            ..Header::open(32)
        }
        .encode(),
        Place::First,
    );
    assert_eq!(refused, Err(BulkError::OpenWithId { id: 3 }));
}

#[test]
fn a_body_has_the_length_of_its_kind() {
    let cases = [
        (Header::data(1, 0), Place::Later),
        (Header::data(1, CHUNK + 1), Place::Later),
        (Header::data(1, u32::MAX), Place::Later),
        (
            Header {
                len: 1,
                ..Header::reset(1)
            },
            Place::Later,
        ),
        (Header::open(0), Place::First),
        (Header::open(65), Place::First),
    ];
    for (header, place) in cases {
        let refused = Err(BulkError::Length {
            kind: header.kind,
            len: header.len,
        });
        assert_eq!(Header::decode(header.encode(), place), refused);
    }
}

#[test]
fn an_unknown_kind_is_an_error() {
    for kind in (0..=u8::MAX).filter(|kind| !(1..=3).contains(kind)) {
        let mut wire = Header::reset(1).encode();
        wire[0] = kind;
        assert_eq!(
            Header::decode(wire, Place::Later),
            Err(BulkError::UnknownKind { kind })
        );
    }
}

#[test]
fn random_headers_are_either_errors_or_within_the_limits() {
    for seed in 0..20_000 {
        let mut dice = Dice::new(seed);
        let wire: [u8; HEADER_LEN] = std::array::from_fn(|_| dice.roll() as u8);
        for place in [Place::First, Place::Later] {
            if let Ok(header) = Header::decode(wire, place) {
                assert!(header.len <= CHUNK, "seed {seed}: {header:?}");
                assert_eq!(header.encode(), wire, "seed {seed}");
            }
        }
    }
}
