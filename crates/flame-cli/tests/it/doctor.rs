use crate::command::{app, flame, outcome, steps};

#[test]
fn a_program_that_is_well_passes_every_step_and_says_so_in_two_forms() {
    let (report, said, code) = outcome(flame().args(["doctor", "--json", "--"]).arg(app()));
    assert_eq!(code, Some(0), "{report}{said}");
    let steps = steps(&report);
    let expected = [
        ("configuration", "passed"),
        ("backend", "passed"),
        ("tasks", "passed"),
        ("build id", "passed"),
        ("parent's address", "passed"),
        ("what would be sent", "passed"),
        ("permission", "skipped"),
        ("boot", "passed"),
        ("round trip", "passed"),
        ("shutdown", "passed"),
    ];
    let expected = expected.map(|(step, verdict)| (step.to_owned(), verdict.to_owned()));
    assert_eq!(steps, expected);

    let (text, said, code) = outcome(flame().args(["doctor", "--"]).arg(app()));
    assert_eq!(code, Some(0), "{text}{said}");
    assert!(text.contains("ok      round trip"), "{text}");
    assert!(text.contains("answered a call of process"), "{text}");
}

#[test]
fn a_boot_that_fails_is_named_with_its_cause() {
    let mut doctor = flame();
    doctor
        .args(["doctor", "--"])
        .arg(app())
        .env("APP_BREAKS", "1");
    let (text, _, code) = outcome(&mut doctor);
    assert_eq!(code, Some(1), "{text}");
    let failed: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("FAILED"))
        .collect();
    assert!(failed.len() == 1 && failed[0].contains("boot"), "{text}");
    assert!(text.contains("no database in a runner"), "{text}");
    assert!(!text.contains("round trip"), "{text}");
    assert!(text.contains("ok      shutdown"), "{text}");
}

#[test]
fn a_dry_run_boots_nothing_and_prints_what_would_be_started() {
    let mut doctor = flame();
    doctor
        .args(["doctor", "--dry-run", "--"])
        .arg(app())
        .arg("--some-flag");
    let (text, _, code) = outcome(&mut doctor);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("examples/app --some-flag"), "{text}");
    assert!(!text.contains("boot "), "{text}");
}

#[test]
fn a_backend_that_is_not_there_fails_the_step_that_looks_for_it() {
    let mut doctor = flame();
    doctor
        .args(["doctor", "--backend", "moon", "--json", "--"])
        .arg(app());
    let (report, _, code) = outcome(&mut doctor);
    assert_eq!(code, Some(1));
    let last = steps(&report).pop();
    assert_eq!(last, Some(("backend".into(), "failed".into())), "{report}");
    assert!(report.contains("child_process"), "{report}");
}

#[test]
fn a_program_that_knows_nothing_of_flame_is_told_apart_from_one_that_fails() {
    let (_, said, code) = outcome(flame().args(["doctor", "--", "true"]));
    assert_eq!(code, Some(4), "{said}");
    assert!(
        said.contains("before it called `flame::runner()`"),
        "{said}"
    );

    let (_, said, code) = outcome(flame().args(["doctor", "--patience", "1", "--", "sleep", "60"]));
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("the first line"), "{said}");

    let (_, said, code) = outcome(flame().args(["doctor", "--", "/no/such/program"]));
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("cannot be started"), "{said}");

    let (_, _, code) = outcome(flame().arg("doctor"));
    assert_eq!(code, Some(2), "no program was named");
}
