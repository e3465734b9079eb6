#![expect(clippy::result_large_err, reason = "the signature is figment's")]

use std::time::Duration;

use figment::Jail;

use super::*;
use crate::config::CpuKind;

fn load_with(file: &str, variables: &[(&str, &str)]) -> Result<FlyConfig, ConfigError> {
    let mut loaded = None;
    Jail::expect_with(|jail| {
        jail.clear_env();
        jail.create_file(FILE, file)?;
        for (name, value) in variables {
            jail.set_env(name, value);
        }
        loaded = Some(load());
        Ok(())
    });
    loaded.unwrap()
}

#[test]
fn variables_of_ours_go_over_the_file_and_the_file_over_what_fly_says() {
    let config = load_with(
        "[fly]\nregion = ['iad', 'us']\ncpus = 2\ncpu_kind = 'shared'\nstop_timeout = '5s'\nenv = { A = 'file', B = 'file' }\n",
        &[
            ("FLY_API_TOKEN", "FlyV1 fm2_a,fm2_b"),
            ("FLY_APP_NAME", "my-app"),
            ("FLY_IMAGE_REF", "registry.example/my-app:1"),
            ("FLY_REGION", "fra"),
            ("FLY_PRIVATE_IP", "fdaa:0:1:a7b:1:2:3:2"),
            ("FLY_MACHINE_ID", "4d89012c7e5d81"),
            ("FLAME_FLY__CPUS", "6"),
            ("FLAME_FLY__ENV__B", "007"),
            ("FLAME_FLY__ENV__Rust_Log", "[info]"),
            ("FLAME_FLY__METADATA__TEAM", "1.10"),
        ],
    )
    .unwrap();
    assert_eq!(config.app.as_deref(), Some("my-app"));
    assert_eq!(config.parent_app.as_deref(), Some("my-app"));
    assert_eq!(config.image.as_deref(), Some("registry.example/my-app:1"));
    assert_eq!(config.region.as_deref(), Some("iad,us"));
    assert_eq!((config.cpus, config.cpu_kind), (Some(6), CpuKind::Shared));
    assert_eq!(config.stop_timeout, Duration::from_secs(5));
    assert_eq!(config.parent_machine.as_deref(), Some("4d89012c7e5d81"));
    assert_eq!(
        config.parent_ip,
        Some("fdaa:0:1:a7b:1:2:3:2".parse().unwrap())
    );
    assert_eq!(config.token.unwrap().expose(), "FlyV1 fm2_a,fm2_b");
    let env: Vec<_> = config
        .env
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(env, [("A", "file"), ("B", "007"), ("Rust_Log", "[info]")]);
    assert_eq!(config.metadata["team"], "1.10");
}

#[test]
fn a_token_that_looks_like_a_number_is_a_text() {
    let config = load_with(
        "",
        &[("FLAME_FLY__TOKEN", "4711"), ("FLY_API_TOKEN", "other")],
    )
    .unwrap();
    assert_eq!(config.token.unwrap().expose(), "4711");
}

#[test]
fn the_address_of_the_api_is_taken_from_the_names_that_other_tools_know() {
    let host = |variables: &[(&str, &str)]| load_with("", variables).unwrap().host;
    assert_eq!(
        host(&[("FLY_API_HOSTNAME", "http://b")]).as_deref(),
        Some("http://b")
    );
    let both = [
        ("FLY_API_HOSTNAME", "http://b"),
        ("FLY_FLAPS_BASE_URL", "http://a"),
    ];
    assert_eq!(host(&both).as_deref(), Some("http://a"));
    assert_eq!(host(&[]), None);
}

#[test]
fn a_misspelt_key_is_an_error_that_names_it() {
    let error = load_with("[fly]\nzone = 'iad'\n", &[]).unwrap_err();
    assert!(error.to_string().contains("zone"), "{error}");
    let error = load_with("", &[("FLAME_FLY__ZONE", "iad")]).unwrap_err();
    assert!(error.to_string().contains("zone"), "{error}");
}

// C38
#[test]
fn a_value_that_is_no_text_is_refused_and_not_shown() {
    for file in ["[fly.env]\nPIN = 4711\n", "[fly]\ntoken = 4711\n"] {
        let error = load_with(file, &[]).unwrap_err().to_string();
        assert!(error.contains("put it in quotes"), "{error}");
        assert!(!error.contains("4711"), "{error}");
    }
}
