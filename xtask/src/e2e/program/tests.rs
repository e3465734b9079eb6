use super::*;

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[test]
fn a_process_that_is_left_behind_is_found_wherever_it_went_and_ended() {
    let mut program = Program::start(shell("setsid sleep 1000 & echo $!; sleep 1000")).unwrap();
    program.wait_for_line("").unwrap();
    program
        .wait_until("had both", PATIENCE, |program| {
            (program.processes().len() == 3).then_some(())
        })
        .unwrap();
    program.kill_parent().unwrap();
    let left = program.processes();
    assert_eq!(left.len(), 2, "{left:?}");

    let waited = program.wait_until_gone(Duration::from_millis(20), &[]);
    let seen = waited.unwrap_err().to_string();
    assert!(seen.contains("sleep (pid "), "{seen}");

    let mark = format!("{MARK}={}", program.mark);
    drop(program);
    let folders = left.iter().map(|process| format!("/proc/{}", process.pid));
    let mut still = folders.filter_map(|folder| Process::at(folder.as_ref()));
    assert!(!still.any(|process| process.has(&mark)), "{left:?}");
}

#[test]
fn a_program_that_ends_before_one_of_its_processes_is_an_error_that_names_it() {
    // A shell that has forked is called `sh` until it has become what it runs.
    let script = r#"sleep 1000 & while [ "$(cat /proc/$!/comm)" != sleep ]; do :; done; echo here"#;
    let ended = Program::run(shell(script));
    let seen = format!("{:#}", ended.err().unwrap());
    assert!(
        seen.starts_with("it ended with exit status: 0 and is not alone: "),
        "{seen}"
    );
    assert!(seen.contains("there are [sleep (pid "), "{seen}");
    assert!(seen.contains("it printed:\nhere\n"), "{seen}");
}

#[test]
fn a_program_that_fails_may_leave_its_processes_a_moment() {
    let lingers = "(while kill -0 $$; do :; done) 2>&- & exit 3";
    let ended = Program::run(shell(lingers)).unwrap();
    assert_eq!(ended.status.code(), Some(3));
}

#[test]
fn a_child_that_nobody_has_waited_for_is_one_of_the_processes() {
    let program = Program::start(shell("true & exec sleep 1000")).unwrap();
    let parent = program.pid();
    program
        .wait_until("had a zombie", PATIENCE, |program| {
            let zombie = |process: &Process| process.is_zombie_of(parent);
            program.processes().iter().any(zombie).then_some(())
        })
        .unwrap();
}

#[test]
fn a_program_that_ends_with_another_code_or_text_is_an_error_that_shows_both() {
    let fails = Program::run(shell("echo one; echo two >&2; exit 3")).unwrap();
    let seen = fails.succeeded().err().unwrap().to_string();
    assert!(seen.starts_with("it ended with exit status: 3\n"), "{seen}");
    assert!(seen.contains("one\n") && seen.contains("two\n"), "{seen}");

    let other = Program::run(shell("echo one")).unwrap();
    let seen = other.printed("two\n").err().unwrap().to_string();
    assert!(
        seen.contains("printed\ntwo\n") && seen.contains("one\n"),
        "{seen}"
    );
}
