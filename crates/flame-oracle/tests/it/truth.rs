use flame_oracle::{Ending, Lie, judge};

fn lies(journal: &str, ending: Ending) -> Vec<Lie> {
    judge(journal.lines(), ending).lies
}

#[test]
fn every_outcome_that_is_true_is_believed() {
    let journal = "\
C 1 1 returns
S 1 10
E 1
O 1 ok
C 2 1 is refused
O 2 not-started the queue is full
C 3 1 panics
S 3 10
O 3 panicked
C 4 1 returns too much
S 4 10
E 4
O 4 done
C 5 1 is late
O 5 unknown
S 5 10
E 5
C 6 1 is killed
S 6 10
K 10 SIGKILL
O 6 lost:10
C 7 1 is lost by nobody knows whom
O 7 lost
C 8 1 leaves
S 8 11
O 8 left
C 9 1 leaves early
O 9 left-the-queue
";
    assert_eq!(lies(journal, Ending::InOrder), []);
}

#[test]
fn an_idempotent_task_may_run_as_often_as_it_was_allowed_to() {
    let journal = "C 1 3 x\nS 1 10\nS 1 11\nS 1 12\nE 1\nO 1 ok\n";
    assert_eq!(lies(journal, Ending::InOrder), []);
}

#[test]
fn the_callers_of_a_killed_process_need_not_have_been_told() {
    let journal = "C 1 1 x\nS 1 10\n";
    assert_eq!(lies(journal, Ending::Killed), []);
    assert_eq!(lies(journal, Ending::InOrder).len(), 1);
}

#[test]
fn the_tally_counts_what_happened() {
    let journal = "C 1 1 x\nS 1 10\nE 1\nO 1 ok\nC 2 1 y\nK 10 SIGKILL\nO 2 lost:10\n";
    let tally = judge(journal.lines(), Ending::InOrder).tally;
    assert_eq!(
        tally.to_string(),
        "2 calls, 1 began, 1 ended; told: 1 lost, 1 ok, while runners were endangered 1 times"
    );
    assert_eq!((tally.told("ok"), tally.told("left")), (1, 0));
}
