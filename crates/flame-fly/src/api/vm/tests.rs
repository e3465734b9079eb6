use flame_core::backend::ExitKind;
use serde_json::{Value, json};

use super::*;

fn read(answer: Value) -> Vm {
    serde_json::from_value(answer).unwrap()
}

fn exit(request: &Value, at: i64) -> Value {
    json!({"type": "exit", "status": "stopped", "source": "flyd", "timestamp": at, "request": request})
}

// C2
#[test]
fn an_answer_with_unknown_fields_and_null_requests_is_read() {
    let vm = read(json!({
        "id": "4d89012c7e5d81",
        "name": "thumbs-1",
        "state": "created",
        "region": "iad",
        "image_ref": {"registry": "registry.example", "labels": {"a": "b"}},
        "instance_id": "01K0EXAMPLE000000000000000",
        "private_ip": "fdaa:0:1:a7b:1:2:3:2",
        "created_at": "2026-01-02T03:04:05Z",
        "a_field_of_next_year": [1, {"x": null}],
        "config": {"init": {}, "dns": {}, "metadata": {"flame": "1", "empty": null}},
        "checks": null,
        "events": [
            {"type": "launch", "status": "created", "request": null, "source": "user", "timestamp": 1790000000300_i64},
            {"type": "launch", "status": "pending", "source": "flyd", "timestamp": 1790000000100_i64},
            "not an event"
        ]
    }));
    assert_eq!(vm.id.as_deref(), Some("4d89012c7e5d81"));
    assert_eq!(
        (vm.mark("flame"), vm.mark("empty"), vm.mark("none")),
        (Some("1"), None, None)
    );
    assert_eq!(vm.history(), "launch/pending, launch/created");
    assert_eq!(vm.created_at.as_deref(), Some("2026-01-02T03:04:05Z"));
    assert!(!vm.has_started() && vm.is_reachable());
}

#[test]
fn of_a_machine_whose_host_does_not_answer_the_incomplete_config_is_read() {
    let vm = read(json!({
        "id": "4d89", "state": "started", "host_status": "unreachable", "config": null,
        "incomplete_config": {"metadata": {"flame_boot": "n"}}, "events": null
    }));
    assert_eq!(vm.mark("flame_boot"), Some("n"));
    assert!(vm.has_marks() && !vm.is_reachable());
    assert!(!read(json!({"id": "4d89"})).has_marks());
}

// C34
#[test]
fn an_exit_is_found_in_both_of_its_forms_and_the_newest_counts() {
    let oldest = json!({"exit_event": {"exit_code": 127, "exited_at": 1653000000255_i64, "signal": -1,
        "guest_signal": -1, "oom_killed": false, "requested_stop": false}, "restart_count": 0});
    let newest = json!({"MonitorEvent": {"exit_event": {"requested_stop": true, "guest_signal": 9, "signal": -1,
        "exited_at": "2026-11-22T21:17:51.924Z"}}});
    // Neither the order nor the launch events are there to rely on.
    let vm = read(
        json!({"events": [exit(&oldest, 1), exit(&newest, 3), exit(&json!({}), 4), exit(&oldest, 2)]}),
    );
    assert_eq!(vm.last_exit().unwrap().how(), ExitKind::Signal(9));
}

#[test]
fn an_exit_tells_its_code_its_signal_or_that_memory_ran_out() {
    for (event, how) in [
        (json!({"exit_code": 3, "signal": -1}), ExitKind::Code(3)),
        (json!({"signal": -1}), ExitKind::Code(0)),
        (json!({"exit_code": 0, "signal": 6}), ExitKind::Signal(6)),
        (
            json!({"exit_code": 137, "signal": 9, "oom_killed": true}),
            ExitKind::OutOfMemory,
        ),
    ] {
        let vm = read(json!({"events": [exit(&json!({"exit_event": event}), 1)]}));
        assert_eq!(vm.last_exit().unwrap().how(), how);
    }
    assert_eq!(
        read(json!({"events": [exit(&Value::Null, 1)]})).last_exit(),
        None
    );
}

#[test]
fn what_no_terminal_should_be_told_is_not_read() {
    let vm = read(json!({
        "id": "4d89\u{1b}[2J", "name": "two\nlines", "state": "\u{7}", "region": "x".repeat(5000),
        "config": {"metadata": {"flame_pool": "a\rb", "flame": "1"}},
        "events": [{"type": "start\n", "status": "started", "request": {"exit_event": {"error": "a\u{1b}b"}}}]
    }));
    assert_eq!((&vm.id, &vm.name, &vm.region), (&None, &None, &None));
    assert_eq!(vm.state, VmState::Untold);
    assert_eq!((vm.mark("flame_pool"), vm.mark("flame")), (None, Some("1")));
    assert_eq!(vm.history(), "?/started");
    assert_eq!(vm.last_exit().unwrap().error().as_deref(), Some("a b"));
}

#[test]
fn of_many_events_the_newest_are_told_of() {
    let event = |at: usize| json!({"type": at.to_string(), "status": "s", "timestamp": at});
    let vm = read(json!({"events": (0..5000).rev().map(event).collect::<Vec<_>>()}));
    let history = vm.history();
    assert_eq!(history.split(", ").count(), MOST_EVENTS);
    assert!(history.ends_with("4998/s, 4999/s"), "{history}");
}
