use super::*;

fn answer(status: u16, error: &str) -> Refusal {
    with_code(status, error, "")
}

fn with_code(status: u16, error: &str, code: &str) -> Refusal {
    let body = serde_json::json!({ "error": error, "status": code }).to_string();
    classify(status, &Problem::from_body(body.as_bytes(), str::to_owned))
}

const ROWS: &[(u16, &str, Refusal)] = &[
    (
        400,
        "invalid config.guest.memory_mb, minimum required 16384 MiB",
        Refusal::Mistake,
    ),
    (
        400,
        "invalid config.guest.memory_mb, cannot exceed 2048 MiB",
        Refusal::Mistake,
    ),
    (
        400,
        "json: cannot unmarshal array into Go value of type main.stopRequest",
        Refusal::Mistake,
    ),
    (400, "no capacity", Refusal::Capacity),
    (
        401,
        "Authenticate: token validation error",
        Refusal::Credentials,
    ),
    (403, "unauthorized", Refusal::Credentials),
    (
        403,
        "organization \"acme\" is using 4096 MB of memory in dfw which is over the allowed quota. please \
             consider other regions",
        Refusal::Capacity,
    ),
    (404, "not_found: machine not found", Refusal::NotFound),
    (
        408,
        "deadline_exceeded: machine failed to reach desired state, started, currently created",
        Refusal::Slow,
    ),
    (
        409,
        "aborted: could not reserve resource for machine: insufficient CPUs available to fulfill request on \
             the current host",
        Refusal::Capacity,
    ),
    (
        409,
        "aborted: insufficient resources available to fulfill request: insufficient memory available to \
             fulfill request",
        Refusal::Capacity,
    ),
    (409, "aborted: no capacity", Refusal::Capacity),
    (
        409,
        "aborted: machine update failed due to concurrent update",
        Refusal::Busy,
    ),
    (
        409,
        "machine ID 4d89 lease currently held by 9af6@tokens.fly.io, expires at 2026-05-14T10:41:08Z",
        Refusal::Busy,
    ),
    (
        412,
        "insufficient resources to create new machine with existing volume id 'vol_1'",
        Refusal::Capacity,
    ),
    (
        412,
        "failed_precondition: unable to start machine from current state: 'created'",
        Refusal::Busy,
    ),
    (
        412,
        "failed_precondition: unable to destroy machine, not currently stopped, suspended, failed or created",
        Refusal::Busy,
    ),
    (
        422,
        "Validation failed: Name has already been taken",
        Refusal::Mistake,
    ),
    (
        422,
        "To create more than 1 machine per app please add a payment method.",
        Refusal::Mistake,
    ),
    (422, "could not find a candidate host", Refusal::Capacity),
    (
        429,
        "resource_exhausted: rate limit exceeded",
        Refusal::RateLimited,
    ),
    (500, "", Refusal::Server),
    (502, "bad gateway", Refusal::Server),
    (503, "insufficient CPUs", Refusal::Server),
    (504, "", Refusal::Server),
    (301, "", Refusal::Redirect),
    (307, "", Refusal::Redirect),
    (418, "", Refusal::Mistake),
];

#[test]
fn every_refusal_on_record_is_told_from_the_others() {
    for (status, error, meaning) in ROWS {
        assert_eq!(&answer(*status, error), meaning, "{status} {error}");
    }
}

// C14
#[test]
fn a_code_outranks_the_status_and_the_words() {
    let capacity = "insufficient_capacity";
    assert_eq!(
        with_code(422, "could not find a candidate host", capacity),
        Refusal::Capacity
    );
    assert_eq!(
        with_code(503, "out of capacity", capacity),
        Refusal::Capacity
    );
    assert_eq!(
        with_code(412, "insufficient resources", "volume_placement_capacity"),
        Refusal::Capacity
    );
    assert_eq!(
        with_code(409, "insufficient CPUs available", "unknown"),
        Refusal::Busy
    );
    assert_eq!(
        with_code(422, "Validation failed", "name_taken"),
        Refusal::Mistake
    );
}

#[test]
fn whoever_holds_the_name_is_told() {
    let error = "already_exists: unique machine name violation, machine ID 2857aa6b52 already exists with name \"x-1\"";
    assert_eq!(
        answer(409, error),
        Refusal::NameTaken(Some("2857aa6b52".into()))
    );
    assert_eq!(
        answer(409, "already_exists: unique machine name violation"),
        Refusal::NameTaken(None)
    );
    // Whose it is, is looked up in any case; so the code does not matter.
    assert_eq!(
        with_code(409, error, "unknown"),
        Refusal::NameTaken(Some("2857aa6b52".into()))
    );
}
