use std::time::Duration;

use clap::Parser;
use thumbnails::{Arguments, Backend};

use crate::shipped;

fn parse(line: &str) -> Result<Arguments, String> {
    Arguments::try_parse_from(std::iter::once("thumbnails").chain(line.split_whitespace()))
        .map_err(|error| error.to_string())
}

#[test]
fn without_arguments_the_shipped_pictures_are_taken() {
    let arguments = parse("").unwrap();
    assert_eq!(arguments.source, shipped());
    assert_eq!(arguments.out.to_str(), Some("thumbnails-out"));
    assert_eq!(arguments.sizes(), [64, 128, 256]);
    assert_eq!(arguments.backend, None);
}

#[test]
fn everything_can_be_chosen() {
    let line =
        "album --out o --sizes 300,20,300 --max 4 --concurrency 3 --backend in-process --idle 0.5";
    let arguments = parse(line).unwrap();
    assert_eq!(arguments.source.to_str(), Some("album"));
    assert_eq!(arguments.sizes(), [20, 300]);
    assert_eq!((arguments.max, arguments.concurrency), (4, 3));
    assert_eq!(arguments.backend, Some(Backend::InProcess));
    assert_eq!(arguments.idle, Duration::from_millis(500));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_name() {
    let nonsense = [
        ("--sizes 0", "--sizes"),
        ("--sizes 64,9999999", "--sizes"),
        ("--sizes x", "--sizes"),
        ("--max 0", "--max"),
        ("--concurrency 0", "--concurrency"),
        ("--idle -1", "-1"),
        ("--idle=-1", "--idle"),
        ("--idle nan", "--idle"),
        ("--every 0", "--every"),
        ("--backend cloud", "--backend"),
    ];
    for (line, name) in nonsense {
        let error = parse(line).unwrap_err();
        assert!(error.contains(name), "{line}: {error}");
    }
}
