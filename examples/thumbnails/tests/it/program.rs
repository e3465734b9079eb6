use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::tempdir;

use crate::{SOUND, picture, shipped};

fn run(source: &Path, out: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_thumbnails"))
        .arg(source)
        .arg("--out")
        .arg(out)
        .args(["--sizes", "32,96"])
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn the_shipped_pictures_become_thumbnails_and_a_sheet_and_the_bad_ones_are_named() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("not/there/yet");

    let output = run(&shipped(), &out);

    assert!(output.status.success(), "{output:?}");
    for (size, name) in ["32", "96"]
        .iter()
        .flat_map(|size| SOUND.map(|name| (size, name)))
    {
        let thumbnail = image::open(out.join(size).join(name)).unwrap();
        assert_eq!(thumbnail.width().max(thumbnail.height()).to_string(), *size);
    }
    let sheet = image::open(out.join("contact-sheet.png")).unwrap();
    assert_eq!((sheet.width(), sheet.height()), (368, 440));

    let report = text(&output.stdout);
    for name in SOUND {
        assert!(report.contains(name), "{name} is missing: {report}");
    }
    assert!(report.contains("18 thumbnails"), "{report}");
    assert!(report.contains("README.md      not a picture"), "{report}");
    assert!(
        report.contains("truncated.jpg  damaged picture: "),
        "{report}"
    );
}

#[test]
fn the_log_has_what_a_runner_says_within_the_span_of_its_call() {
    let folder = tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_thumbnails"))
        .arg(shipped().join("rocket.jpg"))
        .args(["--log", "info", "--out"])
        .arg(folder.path())
        .output()
        .unwrap();

    assert!(output.status.success(), "{output:?}");
    let log = text(&output.stderr);
    let said: Vec<_> = log
        .lines()
        .filter(|line| line.contains("decoded"))
        .collect();
    let [said] = said[..] else {
        panic!("not once: {log}");
    };
    // The span is the app's, the event is the runner's.
    let (_, said) = said.split_once(" INFO ").unwrap();
    let within = r#"picture{name="rocket.jpg"}: flame::runner: decoded pool=thumbnails runner=runner-0 call=1"#;
    assert!(said.starts_with(within), "{said}");
    assert!(said.contains("width=640 height=427"), "{said}");
}

#[test]
fn progress_is_plain_lines_where_there_is_no_terminal() {
    let folder = tempdir().unwrap();
    let output = run(&shipped(), folder.path());
    let lines = text(&output.stderr);
    let count = SOUND.len() + 2;
    assert!(lines.contains(&format!("[{count}/{count}] ")), "{lines}");
    assert!(!lines.contains('\u{1b}'), "{lines}");
}

#[test]
fn a_folder_of_nothing_but_bad_pictures_is_a_failure() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("cut.jpg"), picture("truncated.jpg")).unwrap();

    let output = run(folder.path(), &folder.path().join("out"));

    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("cut.jpg  damaged picture"));
    assert!(!folder.path().join("out/contact-sheet.png").exists());
}

#[test]
fn an_empty_folder_and_a_missing_one_are_told_apart() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");

    let empty = run(folder.path(), &out);
    assert_eq!(empty.status.code(), Some(1));
    assert!(
        text(&empty.stderr).contains("no pictures here"),
        "{empty:?}"
    );

    let missing = run(&folder.path().join("nothing"), &out);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        text(&missing.stderr).contains("No such file"),
        "{missing:?}"
    );
}
