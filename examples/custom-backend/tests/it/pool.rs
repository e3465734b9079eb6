//! The program itself, and what a pool sees when things go wrong.

use std::process::{Command, Output};

use crate::sshd::config;

#[test]
fn a_block_of_the_program_runs_in_another_process() {
    let Some(config) = config() else { return };
    let output = run(&["--ssh-config", &config.display().to_string(), "localhost"]);

    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let numbers = said.split(|c: char| !c.is_ascii_digit());
    let numbers: Vec<u32> = numbers.filter_map(|number| number.parse().ok()).collect();
    assert_eq!(numbers.len(), 2, "{said}");
    assert_ne!(numbers[0], numbers[1], "{said}");
}

#[test]
fn a_program_that_is_not_there_is_told_with_the_words_of_the_shell() {
    let Some(config) = config() else { return };
    let config = config.display().to_string();
    let output = run(&[
        "--ssh-config",
        &config,
        "--command",
        "/no/such/app",
        "localhost",
    ]);

    assert!(!output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("exit code 127"), "{said}");
    assert!(said.contains("/no/such/app"), "{said}");
}

#[test]
fn a_host_that_does_not_let_us_in_is_told_with_the_words_of_ssh() {
    if config().is_none() {
        return;
    }
    // Nobody listens on this port.
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("ssh_config");
    std::fs::write(&config, "Port 1\n").unwrap();
    let output = run(&["--ssh-config", &config.display().to_string(), "127.0.0.1"]);

    assert!(!output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("Connection refused"), "{said}");
}

fn run(args: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_custom-backend"));
    // So that a boot that cannot succeed fails as soon as that is known.
    program.args(args).env("FLAME_POOLS__SSH__TIMEOUT", "10s");
    program.output().unwrap()
}
