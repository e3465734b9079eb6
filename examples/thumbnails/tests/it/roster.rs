use thumbnails::Roster;

#[test]
fn runners_come_and_go_in_one_line() {
    let mut roster = Roster::default();
    assert_eq!(roster.to_string(), "no runners");
    roster.booting("runner-1");
    roster.booting("runner-2");
    roster.up("runner-1", "pid 123");
    assert_eq!(roster.to_string(), "runner-1 pid 123 ●  runner-2 booting ○");
    roster.down("runner-1");
    roster.up("runner-2", "machine 4d89");
    assert_eq!(roster.to_string(), "runner-2 machine 4d89 ●");
}

#[test]
fn news_of_strangers_and_repeated_news_do_no_harm() {
    let mut roster = Roster::default();
    roster.down("runner-9");
    roster.up("runner-1", "pid 5");
    roster.up("runner-1", "pid 5");
    assert_eq!(roster.to_string(), "runner-1 pid 5 ●");
}
