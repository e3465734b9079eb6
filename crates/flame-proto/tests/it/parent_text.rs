//! What a runner is told about home.

use std::path::PathBuf;
use std::time::Duration;

use flame_core::RunnerId;
use flame_proto::parent_text::{Address, ParentInfo, ParentTextError};

use crate::dice::Dice;

#[test]
fn what_was_told_is_what_is_read() {
    for home in [local(), remote()] {
        assert_eq!(ParentInfo::from_text(&home.to_text()), Ok(home));
    }
}

#[test]
fn the_text_is_one_short_line_fit_for_an_environment() {
    let text = local().to_text();
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    assert!(text.chars().all(harmless), "{text}");
    assert!(text.len() < 300, "{} bytes", text.len());
}

#[test]
fn the_end_of_a_line_does_not_matter() {
    assert_eq!(
        ParentInfo::from_text(&format!(" {}\r\n", local().to_text())),
        Ok(local())
    );
}

#[test]
fn a_text_of_another_form_is_recognized() {
    let later = local().to_text().replacen("flame1.", "flame2.", 1);
    for text in ["", "1", "flame", later.as_str()] {
        assert_eq!(
            ParentInfo::from_text(text),
            Err(ParentTextError::UnknownForm),
            "{text}"
        );
    }
}

#[test]
fn an_endless_text_is_not_looked_at() {
    let text = format!("flame1.{}", "A".repeat(1 << 20));
    assert_eq!(
        ParentInfo::from_text(&text),
        Err(ParentTextError::TooLong { length: text.len() })
    );
}

#[test]
fn a_text_that_was_cut_short_is_never_taken_for_whole() {
    let text = local().to_text();
    for end in 0..text.len() {
        let Ok(cut) = ParentInfo::from_text(&text[..end]) else {
            continue;
        };
        panic!("cut at {end} it reads {cut:?}");
    }
}

#[test]
fn a_changed_or_random_text_never_panics() {
    let text = local().to_text();
    for seed in 0..20_000 {
        let mut dice = Dice::new(seed);
        let mut changed = text.clone().into_bytes();
        let at = dice.below(changed.len());
        changed[at] = b'-' + dice.below(77) as u8;
        // Not every change can be noticed; every noticed one is an error and not a panic.
        let _ = ParentInfo::from_text(&String::from_utf8(changed).unwrap());
        let noise: String = dice
            .bytes(60)
            .iter()
            .map(|&byte| char::from(byte))
            .collect();
        assert!(ParentInfo::from_text(&noise).is_err(), "{noise}");
    }
}

#[test]
fn an_address_that_cannot_be_dialed_is_refused() {
    let hopeless = [
        "",
        ":1",
        "host",
        "host:",
        "host:0",
        "host:65536",
        "host:+1",
        "a b:1",
        "user@host:1",
        "::1:80",
        "[::1:80",
        "[host]:80",
        "host/x:1",
        "http://host:1",
    ];
    for address in hopeless {
        let home = ParentInfo {
            attach: Address::Tcp(address.into()),
            ..remote()
        };
        let refused = Err(ParentTextError::Field { field: "attach" });
        assert_eq!(ParentInfo::from_text(&home.to_text()), refused, "{address}");
    }
    for path in ["", "relative.sock", "/run/with\0zero"] {
        let home = ParentInfo {
            bulk: Address::Unix(path.into()),
            ..local()
        };
        let refused = Err(ParentTextError::Field { field: "bulk" });
        assert_eq!(ParentInfo::from_text(&home.to_text()), refused, "{path}");
    }
}

#[test]
fn a_tcp_address_has_a_pin_and_a_path_has_none() {
    let without = ParentInfo {
        parent_pin: None,
        ..remote()
    };
    let half = ParentInfo {
        attach: Address::Tcp("10.0.0.1:1".into()),
        ..local()
    };
    let needless = ParentInfo {
        parent_pin: Some([90; 32]),
        ..local()
    };
    let refused = Err(ParentTextError::Field {
        field: "parent_pin",
    });
    for home in [without, half, needless] {
        assert_eq!(ParentInfo::from_text(&home.to_text()), refused, "{home:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_path_that_is_not_text_arrives() {
    use std::os::unix::ffi::OsStrExt as _;
    let path = PathBuf::from(std::ffi::OsStr::from_bytes(b"/tmp/\xff\xfe.sock"));
    let home = ParentInfo {
        attach: Address::Unix(path),
        ..local()
    };
    assert_eq!(ParentInfo::from_text(&home.to_text()), Ok(home));
}

#[test]
fn neither_the_value_nor_an_error_prints_the_token() {
    let printed = format!("{:?}", local());
    assert!(
        printed.contains("thumbnails") && !printed.contains("165"),
        "{printed}"
    );
    let error = ParentInfo::from_text(&local().to_text()[..80]).unwrap_err();
    assert_eq!(error.to_string(), "the text about the parent is garbled");
}

fn local() -> ParentInfo {
    ParentInfo {
        attach: Address::Unix(PathBuf::from("/run/user/0/flame-9c1f/attach.sock")),
        bulk: Address::Unix(PathBuf::from("/run/user/0/flame-9c1f/bulk.sock")),
        boot: "thumbnails-00f1-3".into(),
        token: [165; 32],
        pool: "thumbnails".parse().unwrap(),
        runner: RunnerId(3),
        build: "2f6c1d0a".into(),
        versions: (1, 1),
        depth: 1,
        boot_timeout: Duration::from_secs(30),
        parent_pin: None,
        has_secrets: false,
        keeps_core_files: false,
    }
}

fn remote() -> ParentInfo {
    ParentInfo {
        attach: Address::Tcp("[fdaa:0:1::3]:4369".into()),
        bulk: Address::Tcp("app-7.internal:4370".into()),
        depth: 2,
        parent_pin: Some([90; 32]),
        has_secrets: true,
        keeps_core_files: true,
        ..local()
    }
}
