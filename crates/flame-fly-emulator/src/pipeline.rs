//! What a request goes through.

use std::sync::Arc;

use serde_json::Value;
use tokio::time::sleep;

use crate::exchange::Exchange;
use crate::fault::{Effect, Stage};
use crate::http::{Answer, Body, Request, Shape};
use crate::route::Route;
use crate::routes::act;
use crate::schema::Finding;
use crate::shared::Shared;
use crate::strictness::Strictness;
use crate::token::bare;

/// What no reader of JSON understands.
const GARBAGE: &str = "<html><body><h1>502 Bad Gateway</h1></body></html>";

/// What becomes of a request.
#[derive(Debug)]
pub(crate) enum Reply {
    Answer(Answer, Shape),
    Dropped,
}

/// Carries a request out, and writes down what became of it.
pub(crate) async fn reply(shared: &Arc<Shared>, request: Request) -> Reply {
    let parsed = serde_json::from_slice::<Value>(&request.body).ok();
    let findings = check(shared, &request, parsed.as_ref());
    let number = shared.change(|world| {
        let exchange = begin(world.now(), &request, parsed.clone(), &findings);
        world.journal.push(exchange);
        world.journal.len() - 1
    });
    let reply = through_faults(shared, &request, parsed.as_ref(), &findings, number).await;
    let line = shared.change(|world| {
        let exchange = &mut world.journal[number];
        if let Reply::Answer(answer, _) = &reply {
            end(exchange, answer);
        }
        exchange.to_json()
    });
    if let Some(file) = &shared.file {
        file.add("exchange", &line);
    }
    reply
}

fn begin(at: u64, request: &Request, body: Option<Value>, findings: &Findings) -> Exchange {
    Exchange {
        at,
        method: request.method.clone(),
        path: request.path.clone(),
        route: request.route,
        machine: request.target.machine.clone(),
        query: request.query.clone(),
        headers: request.headers_for_the_journal(),
        body,
        violations: findings.violations.clone(),
        status: None,
        answer: None,
    }
}

fn end(exchange: &mut Exchange, answer: &Answer) {
    exchange.status = Some(answer.status);
    exchange.answer = answer.as_json().cloned();
}

/// What was found wrong with a request.
#[derive(Debug, Default)]
struct Findings {
    by_table: Vec<Finding>,
    violations: Vec<String>,
}

fn check(shared: &Shared, request: &Request, body: Option<&Value>) -> Findings {
    let mut findings = Findings::default();
    let violations = &mut findings.violations;
    for (name, _) in &request.query {
        let known =
            |known: &str| known == name || (known.ends_with('.') && name.starts_with(known));
        if !request.route.query().iter().any(|it| known(it)) {
            violations.push(format!("unknown in the query: {name}"));
        }
    }
    if request.route == Route::Unknown {
        violations.push("no such route".to_owned());
    } else if is_not_modeled(request) {
        violations.push("not modeled".to_owned());
    }
    let Some(body) = body else { return findings };
    match request.route.body() {
        Some(of_type) => findings.by_table = shared.table.check(of_type, body),
        None => violations.push("a body where none belongs".to_owned()),
    }
    violations.extend(findings.by_table.iter().map(ToString::to_string));
    if request.route.body().is_some() {
        let document = &shared.document;
        violations.extend(document.check_request(&request.method, &request.path, body));
    }
    findings
}

/// What the document does not know of our own answers.
fn check_answer(shared: &Shared, request: &Request, answer: &Answer) -> Vec<String> {
    // It does not know the envelope that leases come in, nor what we cannot do.
    let is_exempt = matches!(
        request.route,
        Route::GetLease | Route::AcquireLease | Route::ReleaseLease | Route::NotModeled
    );
    match answer.as_json() {
        Some(body) if !is_exempt => {
            let document = &shared.document;
            document.check_answer(&request.method, &request.path, answer.status, body)
        }
        Some(_) | None => Vec::new(),
    }
}

async fn through_faults(
    shared: &Arc<Shared>,
    request: &Request,
    body: Option<&Value>,
    findings: &Findings,
    number: usize,
) -> Reply {
    let before = shared.change(|world| world.strike(Stage::Before, request, body));
    match before {
        Some(Effect::Answer(answer)) => return Reply::Answer(answer, Shape::Whole),
        Some(Effect::Drop) => return Reply::Dropped,
        Some(Effect::Delay(span)) => sleep(span).await,
        // These can only be built for the other stage.
        Some(Effect::Truncate(_) | Effect::Garbage | Effect::SlowBody(_)) | None => {}
    }
    let answer = carry_out(shared, request, body, findings).await;
    let found = check_answer(shared, request, &answer);
    shared.world().journal[number].violations.extend(found);
    let answer = with_ids(shared, answer);
    let latency = shared.world().config.latency;
    if !latency.is_zero() {
        sleep(latency).await;
    }
    let after = shared.change(|world| world.strike(Stage::AfterCommit, request, body));
    match after {
        None => Reply::Answer(answer, Shape::Whole),
        Some(Effect::Answer(other)) => Reply::Answer(other, Shape::Whole),
        Some(Effect::Drop) => Reply::Dropped,
        Some(Effect::Delay(span)) => {
            sleep(span).await;
            Reply::Answer(answer, Shape::Whole)
        }
        Some(Effect::Truncate(bytes)) => Reply::Answer(answer, Shape::Truncated(bytes)),
        Some(Effect::Garbage) => {
            let body = Body::Text(GARBAGE.to_owned());
            Reply::Answer(Answer { body, ..answer }, Shape::Whole)
        }
        Some(Effect::SlowBody(pause)) => Reply::Answer(answer, Shape::Slow(pause)),
    }
}

/// The headers by which support finds a request.
fn with_ids(shared: &Shared, answer: Answer) -> Answer {
    let mut world = shared.world();
    let now = world.now();
    let id = format!("{}-{}", world.ids.ulid(now), crate::config::DEFAULT_REGION);
    let span = world.ids.span();
    let trace = world.ids.span() + &world.ids.span();
    answer
        .header("fly-request-id", id)
        .header("fly-span-id", span)
        .header("fly-trace-id", trace)
        .header("server", "Fly/emulator")
}

async fn carry_out(
    shared: &Arc<Shared>,
    request: &Request,
    body: Option<&Value>,
    findings: &Findings,
) -> Answer {
    if request.route == Route::Unknown {
        return Answer::text(404, "404 page not found");
    }
    if is_not_modeled(request) {
        return Answer::not_modeled();
    }
    if let Err(refusal) = admit(shared, request) {
        return refusal;
    }
    if let Err(refusal) = decode(shared, request, body, findings) {
        return refusal;
    }
    act(shared, request, body.unwrap_or(&Value::Null)).await
}

/// What the real API can do and this one cannot.
fn is_not_modeled(request: &Request) -> bool {
    request.route == Route::NotModeled || request.asked("from_event_id").is_some()
}

/// Who may do what, and how often.
fn admit(shared: &Shared, request: &Request) -> Result<(), Answer> {
    shared.change(|world| {
        let token = request
            .token()
            .and_then(|token| world.config.tokens.get(bare(token)));
        let Some(token) = token.filter(|token| !token.revoked) else {
            return Err(Answer::error(401, "Authenticate: token validation error"));
        };
        let target = &request.target;
        let is_allowed = match &target.app {
            Some(app) => token.may_use(app),
            None => request.route != Route::OrgMachines || token.is_of_a_user(),
        };
        if !is_allowed {
            return Err(Answer::error(403, "unauthorized"));
        }
        if let Some(app) = &target.app
            && !world.config.apps.iter().any(|known| known.name == *app)
        {
            return Err(Answer::error(404, "app not found"));
        }
        let about = [&target.machine, &target.app, &target.org];
        let about = about
            .into_iter()
            .flatten()
            .next()
            .map_or("", String::as_str);
        if world.config.rate_limits && !world.buckets.take(request.route, about) {
            let answer = Answer::error(429, crate::fault::RATE_LIMITED);
            return Err(match world.config.retry_after {
                Some(seconds) => answer.header("retry-after", seconds.to_string()),
                None => answer,
            });
        }
        Ok(())
    })
}

/// What a decoder in Go says to a body that it cannot read.
fn decode(
    shared: &Shared,
    request: &Request,
    body: Option<&Value>,
    findings: &Findings,
) -> Result<(), Answer> {
    if request.body.is_empty() && request.route.needs_a_body() {
        return Err(Answer::error(400, "EOF"));
    }
    if body.is_none()
        && !request.body.is_empty()
        && let Err(error) = serde_json::from_slice::<Value>(&request.body)
    {
        return Err(Answer::error(400, format!("invalid JSON: {error}")));
    }
    for finding in &findings.by_table {
        match finding {
            Finding::Type { at, expected, got } if at.contains('.') => {
                let text = format!(
                    "json: cannot unmarshal {got} into Go struct field {at} of type {expected}"
                );
                return Err(Answer::error(400, text));
            }
            Finding::Type { at, got, .. } => {
                let of_type = first_small(at);
                let text =
                    format!("json: cannot unmarshal {got} into Go value of type main.{of_type}");
                return Err(Answer::error(400, text));
            }
            Finding::Word { at, .. } => {
                return Err(Answer::error(
                    400,
                    format!("invalid_argument: invalid {at}"),
                ));
            }
            Finding::Unknown { .. } => {}
        }
    }
    let is_strict = shared.world().config.strictness == Strictness::Reject;
    match findings.violations.first() {
        Some(violation) if is_strict => Err(Answer::error(400, format!("emulator: {violation}"))),
        Some(_) | None => Ok(()),
    }
}

/// The name of a type that is not public, as Go spells it.
fn first_small(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}
