use std::thread;

use flame_oracle::{Ending, Entry, Journal, Meeting, Told, judge};

#[test]
fn what_is_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::at(folder.path().join("journal"));
    assert!(journal.lines().unwrap().is_empty());
    journal.called(1, "several\nlines").unwrap();
    journal.started(1).unwrap();
    journal.ended(1).unwrap();
    journal.endangered(7, "SIGKILL").unwrap();
    let lost = Told::Lost { pid: Some(7) };
    journal.told(1, lost, "it ended with\n  signal 9").unwrap();
    let lines = journal.lines().unwrap();
    assert_eq!(lines[0], "C 1 1 several lines");
    assert_eq!(lines[4], "O 1 lost:7 it ended with signal 9");
    for line in &lines {
        assert_eq!(Entry::parse(line).unwrap().to_string(), *line);
    }
    let verdict = judge(lines.iter().map(String::as_str), Ending::InOrder);
    assert_eq!(verdict.lies, []);
}

#[test]
fn lines_of_many_writers_stay_whole() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::at(folder.path().join("journal"));
    thread::scope(|scope| {
        for writer in 0..4 {
            let journal = &journal;
            scope.spawn(move || {
                for id in 0..250 {
                    journal.started(writer * 250 + id).unwrap();
                }
            });
        }
    });
    let lines = journal.lines().unwrap();
    let mut ids: Vec<_> = lines
        .iter()
        .map(|line| Entry::parse(line).unwrap().id().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (0..1000).collect::<Vec<_>>());
}

#[test]
fn a_meeting_takes_place_with_the_last_arrival_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let meeting = Meeting::at(folder.path().join("meeting"), 2);
    assert!(!meeting.takes_place());
    meeting.arrive().unwrap();
    assert!(!meeting.takes_place());
    meeting.arrive().unwrap();
    assert!(meeting.takes_place());
    let arrivals = meeting.arrivals().unwrap();
    assert_eq!(
        arrivals.into_iter().collect::<Vec<_>>(),
        [(std::process::id(), 2)]
    );
}
