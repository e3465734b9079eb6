use std::io;
use std::sync::{Arc, Mutex};

use super::*;
use crate::secret::Secret;

/// Something that is possible.
fn good() -> FlyConfig {
    FlyConfig {
        token: Some(Secret::from("fm2_canary")),
        app: Some("my-app".into()),
        image: Some("registry.example/my-app:1".into()),
        region: Some("iad".into()),
        parent_ip: Some("fdaa:0:1:a7b:1:2:3:2".parse().unwrap()),
        ..FlyConfig::default()
    }
}

fn refused(config: FlyConfig) -> String {
    match Checked::new(config) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_missing_is_named_together_with_what_to_do() {
    let without = |change: fn(&mut FlyConfig)| {
        let mut config = good();
        change(&mut config);
        refused(config)
    };
    for (error, advice) in [
        (without(|c| c.token = None), "fly tokens create deploy"),
        (without(|c| c.app = None), "FLY_APP_NAME"),
        (without(|c| c.image = None), "FLY_IMAGE_REF"),
        (without(|c| c.region = None), "iad,us,any"),
        (without(|c| c.parent_ip = None), "FLY_PRIVATE_IP"),
        (without(|c| c.app = Some("My App".into())), "lower-case"),
        (without(|c| c.region = Some("iad;us".into())), "iad,us,any"),
        (
            without(|c| c.host = Some("http://api.example".into())),
            "https",
        ),
        (
            without(|c| c.token = Some("a\u{1}b".into())),
            "set FLY_API_TOKEN anew",
        ),
        (
            without(|c| c.stop_timeout = Duration::from_secs(301)),
            "five minutes",
        ),
        (without(|c| c.reap_every = Duration::ZERO), "a second"),
    ] {
        assert!(error.contains(advice), "{error}");
        assert!(!error.contains("fm2_canary"), "{error}");
    }
}

// C38
#[test]
fn variables_and_metadata_that_are_not_the_users_are_refused() {
    for name in ["FLAME_PARENT", "FLY_APP_NAME"] {
        let env = BTreeMap::from([(name.to_owned(), "canary-value".to_owned())]);
        let error = refused(FlyConfig { env, ..good() });
        assert!(error.contains(name) && !error.contains("canary"), "{error}");
    }
    // With the first of these, `fly deploy` would take runners for its own.
    for key in ["fly_platform_version", "flame_boot", "flame", "Team", ""] {
        let metadata = BTreeMap::from([(key.to_owned(), "v2".to_owned())]);
        let error = refused(FlyConfig { metadata, ..good() });
        assert!(error.contains("metadata"), "{error}");
    }
}

#[test]
fn runners_find_this_process_at_its_private_address_unless_another_is_given() {
    let found_at = |config: FlyConfig| Checked::new(config).unwrap().parent.dialed(9);
    assert_eq!(found_at(good()), "[fdaa:0:1:a7b:1:2:3:2]:9");
    let listen = Some("[::]:0".parse().unwrap());
    assert_eq!(
        found_at(FlyConfig { listen, ..good() }),
        "[fdaa:0:1:a7b:1:2:3:2]:9"
    );
    let advertise = Some("app.example:443".to_owned());
    assert_eq!(
        found_at(FlyConfig {
            listen,
            advertise,
            parent_ip: None,
            ..good()
        }),
        "app.example:443"
    );
    assert!(
        Checked::new(FlyConfig {
            listen,
            parent_ip: None,
            ..good()
        })
        .is_err()
    );
}

#[test]
fn debug_shows_no_secret() {
    let env = BTreeMap::from([("KEY".to_owned(), "canary-value".to_owned())]);
    let init = crate::Init {
        cmd: vec!["--password=canary".into()],
        ..Default::default()
    };
    let shown = format!(
        "{:?}",
        FlyConfig {
            env,
            init,
            ..good()
        }
    );
    assert!(shown.contains("KEY") && shown.contains("my-app"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}

/// What is logged, as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The warnings that a configuration is worth.
fn warnings(config: FlyConfig) -> Vec<String> {
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || written.clone())
        .with_ansi(false)
        .finish();
    tracing::subscriber::with_default(subscriber, || Checked::new(config).map(drop)).unwrap();
    let bytes = log.0.lock().unwrap().clone();
    let text = String::from_utf8(bytes).unwrap();
    text.lines().map(str::to_owned).collect()
}

// C7, C39
#[test]
fn what_is_changed_or_may_be_refused_is_warned_of_once() {
    assert_eq!(warnings(good()), [""; 0]);
    let cpus = |cpus| FlyConfig {
        cpus: Some(cpus),
        ..good()
    };
    assert_eq!(warnings(cpus(4)), [""; 0]);
    let [odd] = &warnings(cpus(5))[..] else {
        panic!("not one warning")
    };
    assert!(
        odd.contains("WARN") && odd.contains("asked=5 taken=4"),
        "{odd}"
    );
    let gpu_kind = Some("a10".to_owned());
    let [gpu] = &warnings(FlyConfig { gpu_kind, ..good() })[..] else {
        panic!("not one warning")
    };
    assert!(gpu.contains("WARN") && gpu.contains("2026-08-01"), "{gpu}");
}
