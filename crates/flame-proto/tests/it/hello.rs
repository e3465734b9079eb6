//! Who fits together.

use flame_proto::frame::{Hello, Reject};
use flame_proto::hello::{OurSide, PROTOCOL_VERSIONS, check};

use crate::samples;

#[test]
fn equal_builds_speak_the_highest_common_version() {
    assert_eq!(check(&runner((1, 1)), &parent((1, 1))), Ok(1));
    assert_eq!(check(&runner((1, 4)), &parent((2, 3))), Ok(3));
    assert_eq!(check(&runner((3, 9)), &parent((1, 3))), Ok(3));
}

#[test]
fn without_a_common_version_the_parent_names_its_own() {
    let refused = Err(Reject::Version { parent: (3, 4) });
    assert_eq!(check(&runner((1, 2)), &parent((3, 4))), refused);
    assert_eq!(check(&runner((5, 9)), &parent((3, 4))), refused);
}

#[test]
fn a_range_that_is_none_has_no_common_version() {
    for range in [(0, 0), (4, 3), (u32::MAX, 0)] {
        let refused = Err(Reject::Version { parent: (1, 4) });
        assert_eq!(check(&runner(range), &parent((1, 4))), refused, "{range:?}");
    }
}

#[test]
fn another_build_is_refused_and_both_are_named() {
    let refused = Err(Reject::Build {
        parent: "b2".into(),
        runner: "b1".into(),
    });
    let ours = OurSide::new("b2");
    assert_eq!(ours.versions, PROTOCOL_VERSIONS);
    assert_eq!(check(&runner((1, 1)), &ours), refused);
}

#[test]
fn the_version_is_judged_before_the_build() {
    let ours = OurSide {
        versions: (2, 2),
        build: "b2".into(),
    };
    assert_eq!(
        check(&runner((1, 1)), &ours),
        Err(Reject::Version { parent: (2, 2) })
    );
}

fn runner(versions: (u32, u32)) -> Hello {
    Hello {
        versions,
        ..samples::hello()
    }
}

fn parent(versions: (u32, u32)) -> OurSide {
    OurSide {
        versions,
        build: "b1".into(),
    }
}
