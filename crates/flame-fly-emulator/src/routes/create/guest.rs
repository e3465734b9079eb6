use serde_json::{Map, Value};

use crate::http::Answer;

/// What memory comes in.
const STEP: u64 = 256;

/// Refuses sizes that nobody can have.
///
/// The two texts about too much and too little memory are the recorded ones, the others are guesses.
pub(super) fn check(config: &Map<String, Value>) -> Result<(), Answer> {
    let Some(guest) = config.get("guest").filter(|guest| guest.is_object()) else {
        return Ok(());
    };
    let number = |field: &str| guest.get(field).and_then(Value::as_u64);
    let kind = guest.get("cpu_kind").and_then(Value::as_str);
    let (counts, least, most): (&[u64], u64, u64) = match kind.unwrap_or("shared") {
        "shared" => (&[1, 2, 4, 6, 8], 256, 2048),
        "performance" => (&[1, 2, 4, 6, 8, 10, 12, 14, 16], 2048, 8192),
        other => {
            let text = format!("invalid config.guest.cpu_kind, {other:?} is unknown");
            return Err(Answer::error(400, text));
        }
    };
    let cpus = number("cpus").unwrap_or(1);
    if !counts.contains(&cpus) {
        let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
        let text = format!(
            "invalid config.guest.cpus, must be one of [{}]",
            counts.join(" ")
        );
        return Err(Answer::error(400, text));
    }
    let (least, most) = (least * cpus, most * cpus);
    let memory = number("memory_mb").unwrap_or(least);
    let wrong = if memory < least {
        format!("minimum required {least} MiB")
    } else if memory > most {
        format!("cannot exceed {most} MiB")
    } else if memory % STEP != 0 {
        format!("must be a multiple of {STEP} MiB")
    } else {
        return Ok(());
    };
    Err(Answer::error(
        400,
        format!("invalid config.guest.memory_mb, {wrong}"),
    ))
}
