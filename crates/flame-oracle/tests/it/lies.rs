use flame_oracle::{Ending, Falsehood, judge};

/// The lies in a journal, with the calls that they were told to.
fn lies(journal: &str) -> Vec<(Option<u64>, Falsehood)> {
    let verdict = judge(journal.lines(), Ending::InOrder);
    let lies = verdict.lies.into_iter();
    lies.map(|lie| (lie.id, lie.falsehood)).collect()
}

#[test]
fn a_task_that_runs_twice_is_found_even_on_one_runner() {
    let journal = "C 1 1 x\nS 1 10\nS 1 11\nE 1\nO 1 ok\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::RanTooOften)]);
    let journal = "C 1 1 x\nS 1 10\nS 1 10\nE 1\nO 1 ok\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::RanTooOften)]);
}

#[test]
fn an_idempotent_task_that_runs_more_often_than_it_may_is_found() {
    let journal = "C 1 2 x\nS 1 10\nS 1 11\nS 1 12\nE 1\nO 1 ok\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::RanTooOften)]);
}

#[test]
fn a_task_that_nobody_called_is_found() {
    assert_eq!(
        lies("S 1 10\nE 1\nO 1 ok\n"),
        [(Some(1), Falsehood::NeverCalled)]
    );
    let journal = "S 1 10\nC 1 1 x\nE 1\nO 1 ok\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::NeverCalled)]);
}

#[test]
fn an_id_that_is_used_twice_is_found() {
    let journal = "C 1 1 x\nC 1 1 y\nO 1 unknown\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::CalledTwice)]);
}

#[test]
fn an_end_without_a_beginning_is_found() {
    let journal = "C 1 1 x\nE 1\nO 1 unknown\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::EndedUnstarted)]);
    let journal = "C 1 1 x\nS 1 10\nE 1\nE 1\nO 1 ok\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::EndedUnstarted)]);
}

#[test]
fn a_caller_that_is_told_nothing_is_found() {
    let journal = "C 1 1 x\nS 1 10\nE 1\nC 2 1 x\nO 2 not-started\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::NoOutcome)]);
}

#[test]
fn a_caller_that_is_told_twice_is_found() {
    let journal = "C 1 1 x\nS 1 10\nE 1\nO 1 ok\nO 1 unknown\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::TwoOutcomes)]);
}

#[test]
fn a_result_of_a_task_that_has_not_ended_is_found() {
    assert_eq!(
        lies("C 1 1 x\nO 1 ok\n"),
        [(Some(1), Falsehood::ResultOfNothing)]
    );
    let journal = "C 1 1 x\nS 1 10\nO 1 ok\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::ResultOfNothing)]);
    let journal = "C 1 1 x\nS 1 10\nO 1 ok\nE 1\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::ResultOfNothing)]);
}

#[test]
fn a_task_that_was_said_not_to_start_and_did_is_found_before_and_after() {
    for journal in [
        "C 1 1 x\nS 1 10\nO 1 not-started the queue is full\n",
        "C 1 1 x\nO 1 not-started\nS 1 10\n",
        "C 1 1 x\nO 1 left-the-queue\nS 1 10\n",
    ] {
        assert_eq!(lies(journal), [(Some(1), Falsehood::StartedAllTheSame)]);
    }
}

#[test]
fn a_task_that_was_said_to_be_done_and_was_not_is_found() {
    let journal = "C 1 1 x\nS 1 10\nO 1 done the result is too large\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::NotDone)]);
}

#[test]
fn a_panic_of_a_task_that_had_not_begun_is_found() {
    let journal = "C 1 1 x\nO 1 panicked\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::PanickedUnstarted)]);
}

#[test]
fn the_loss_of_a_runner_that_was_well_is_found() {
    let journal = "C 1 1 x\nS 1 10\nK 11 SIGKILL\nO 1 lost:10\nK 10 SIGKILL\n";
    assert_eq!(lies(journal), [(Some(1), Falsehood::LostWithoutCause)]);
}

#[test]
fn a_line_that_nobody_writes_is_found() {
    for line in [
        "",
        "S",
        "S 1",
        "S one 10",
        "C 1 x",
        "O 1 nothing",
        "O 1 lost:x",
        "X 1 2",
    ] {
        assert_eq!(
            lies(&format!("{line}\n")),
            [(None, Falsehood::Unreadable)],
            "{line:?}"
        );
    }
}

#[test]
fn a_lie_comes_with_the_whole_story_of_its_call_and_of_its_runners() {
    let journal = "C 1 1 panics\nC 2 1 works\nS 2 10\nS 1 11\nK 10 SIGKILL\nK 12 SIGKILL\nO 2 ok\nO 1 unknown\n";
    let verdict = judge(journal.lines(), Ending::InOrder);
    let lies: Vec<String> = verdict.lies.iter().map(ToString::to_string).collect();
    assert_eq!(
        lies,
        [
            "call 2: its caller got a result before it had ended\n  line 2: C 2 1 works\n  line 3: S 2 10\n  \
          line 5: K 10 SIGKILL\n  line 7: O 2 ok"
        ]
    );
}
