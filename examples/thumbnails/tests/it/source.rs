use std::cmp::Ordering;
use std::fs;

use tempfile::tempdir;
use thumbnails::source::{self, Listing, Source, SourceError, natural_order};

use crate::{SOUND, picture, shipped};

fn names(listing: &Listing) -> Vec<&str> {
    listing
        .pictures
        .iter()
        .map(|picture| picture.name())
        .collect()
}

#[test]
fn the_shipped_folder_holds_pictures_and_one_file_that_is_none() {
    let listing = source::list(&shipped()).unwrap();
    // Whether a picture is sound shows only when it is decoded.
    let expected: Vec<_> = SOUND.into_iter().chain(["truncated.jpg"]).collect();
    assert_eq!(names(&listing), expected);
    let [(name, reason)] = listing.refused.as_slice() else {
        panic!("{:?}", listing.refused);
    };
    assert_eq!(name, "README.md");
    assert!(matches!(reason, SourceError::NotAPicture));
}

#[test]
fn the_content_decides_and_not_the_name() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("coffee"), picture("coffee.png")).unwrap();
    fs::write(folder.path().join("letter.png"), "Dear reader").unwrap();

    let listing = source::list(folder.path()).unwrap();

    assert_eq!(names(&listing), ["coffee"]);
    assert_eq!(listing.refused[0].0, "letter.png");
}

#[test]
fn each_bad_file_has_its_own_reason() {
    let folder = tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("1 empty.png"), "").unwrap();
    fs::write(path("2 film.tiff"), "II*\0\x08\0\0\0").unwrap();
    std::os::unix::fs::symlink("nowhere", path("3 dangling.png")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(path("4 socket.png")).unwrap();
    fs::File::create(path("5 huge.png"))
        .and_then(|file| {
            std::io::Write::write_all(&mut &file, &picture("coffee.png"))?;
            file.set_len(1 << 40)
        })
        .unwrap();

    let listing = source::list(folder.path()).unwrap();

    let reasons: Vec<_> = listing.refused.iter().map(|(_, reason)| reason).collect();
    assert!(
        matches!(
            reasons.as_slice(),
            [
                SourceError::NotAPicture,
                SourceError::Unsupported { format: "tiff" },
                SourceError::Unreadable(_),
                SourceError::NotAFile,
                SourceError::TooLarge { .. },
            ]
        ),
        "{reasons:?}"
    );
}

#[test]
fn folders_and_hidden_files_are_left_alone() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("more")).unwrap();
    fs::write(folder.path().join("more/coffee.png"), picture("coffee.png")).unwrap();
    fs::write(folder.path().join(".thumbnails"), "").unwrap();

    assert!(source::list(folder.path()).unwrap().is_empty());
}

#[test]
fn names_come_in_the_order_in_which_people_count() {
    let folder = tempdir().unwrap();
    for name in ["p10.png", "p9.png", "P1.png", "p010b.png", "a.png", "7.png"] {
        fs::write(folder.path().join(name), picture("cell.png")).unwrap();
    }

    let listing = source::list(folder.path()).unwrap();

    assert_eq!(
        names(&listing),
        ["7.png", "a.png", "P1.png", "p9.png", "p10.png", "p010b.png"]
    );
}

#[test]
fn the_order_of_names_is_total() {
    let names = [
        "", "0", "00", "1", "01", "a", "A", "a1", "a01", "a1b", "é2", "é10", "٣",
    ];
    for one in names {
        for other in names {
            let expected = if one == other {
                Ordering::Equal
            } else {
                natural_order(other, one).reverse()
            };
            assert_eq!(natural_order(one, other), expected, "{one:?} and {other:?}");
            assert_eq!(natural_order(one, other) == Ordering::Equal, one == other);
        }
    }
    let huge = "9".repeat(400);
    assert_eq!(natural_order("5", &huge), Ordering::Less);
}

#[test]
fn a_name_cannot_write_on_the_terminal() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("\u{1b}[2Jx.png"), picture("cell.png")).unwrap();

    let listing = source::list(folder.path()).unwrap();

    assert_eq!(names(&listing), ["\u{fffd}[2Jx.png"]);
}

#[test]
fn a_single_file_is_a_picture_or_else_a_video() {
    let one = source::open(&shipped().join("coffee.png")).unwrap();
    assert!(matches!(one, Source::Pictures(listing) if names(&listing) == ["coffee.png"]));
    let other = source::open(&shipped().join("README.md")).unwrap();
    assert!(matches!(other, Source::Video(path) if path.ends_with("README.md")));
    let none = source::open(&shipped().join("nothing"));
    assert!(matches!(none, Err(SourceError::Unreadable(_))));
}
