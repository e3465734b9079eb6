use std::sync::Arc;
use std::time::Duration;

use flame_core::backend::{BootRequest, Instance};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use super::Fly;
use crate::api::{CreateBody, Vm, VmTemplate};
use crate::chance;
use crate::client::Request;
use crate::config::variables;
use crate::error::FlyError;
use crate::local::{Boot, Known, margin};
use crate::marks;

/// The pause after the first failed request, at most; twice as long each time, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// See [`FIRST_PAUSE`].
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// No pause is shorter, whatever chance says.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
/// The shortest pause after Fly asked for one.
const RATE_LIMIT_PAUSE: Duration = Duration::from_secs(1);

/// Whoever asked for a machine.
type Asker = oneshot::Sender<Result<Instance, FlyError>>;

/// The creation of one machine, with as many requests as it takes. All of them are the same, name included, so that
/// it is never made twice.
pub(super) struct Creation {
    fly: Arc<Fly>,
    boot: Arc<Boot>,
    name: String,
    request: Request,
    give_up_at: Instant,
}

impl Creation {
    pub(super) fn new(
        fly: Arc<Fly>,
        boot: Arc<Boot>,
        request: &BootRequest,
    ) -> Result<Self, FlyError> {
        let common = &fly.config.template;
        let env = variables(&common.env, &request.env, &request.parent)?;
        fly.local.hidden.add(request.name.as_str(), &env);
        let metadata = marks::write(&fly.config, &fly.local, request, boot.nonce())
            .map_err(|key| FlyError::Label { key })?;
        let body = CreateBody {
            name: request.name.to_string(),
            region: fly.config.region.clone(),
            config: VmTemplate {
                env,
                metadata,
                ..common.clone()
            },
            skip_secrets: fly.config.skip_secrets,
        };
        let patience = request
            .boot_timeout
            .saturating_sub(margin(request.boot_timeout));
        Ok(Self {
            name: body.name.clone(),
            request: Request::create(fly.paths.all(), &body).map_err(|_| FlyError::GivenUp)?,
            give_up_at: Instant::now() + patience,
            fly,
            boot,
        })
    }

    /// Goes on until there is a machine, or nobody wants it any more. A request that was sent is heard to its end.
    pub(super) async fn run(self, mut asker: Asker) {
        let mut known = self.boot.known().await;
        known.given_up_at = Some(self.give_up_at);
        let outcome = self.create(&mut known, &mut asker).await;
        drop(known);
        // Nobody listens when the boot was given up; a destroy follows.
        let _ = asker.send(outcome);
    }

    async fn create(&self, known: &mut Known, asker: &mut Asker) -> Result<Instance, FlyError> {
        if known.gone {
            return Err(FlyError::GivenUp);
        }
        if let Some(id) = &known.id {
            return Ok(instance(id));
        }
        let mut failures = 0;
        let mut last = None;
        loop {
            let turn = self.fly.local.creates.book(Instant::now(), self.give_up_at);
            let may_go_at = match (turn, last) {
                (Ok(instant), _) => instant,
                // A pause may take longer than was meant.
                (Err(_), Some(error)) => return self.conclude(known, error).await,
                (Err(wait), None) => return Err(FlyError::TooManyAtOnce { wait }),
            };
            self.pause_until(may_go_at, asker).await?;
            let error = match self.attempt(known).await {
                Ok(id) => {
                    let instance = instance(&id);
                    known.id = Some(id);
                    return Ok(instance);
                }
                Err(error) => error,
            };
            failures += 1;
            if !may_try_again(&error) {
                return Err(self.make_nothing_of(known, error).await);
            }
            tracing::warn!(instance = self.name, failures, %error, "create failed, and will be repeated");
            let again_at = Instant::now() + self.pause_after(&error, failures);
            if again_at >= self.give_up_at {
                return self.conclude(known, error).await;
            }
            self.pause_until(again_at, asker).await?;
            last = Some(error);
        }
    }

    /// Sends the request once. The machine's id comes of it.
    async fn attempt(&self, known: &mut Known) -> Result<String, FlyError> {
        let might_exist = known.may_exist;
        known.may_exist = true;
        let answer = match self.fly.client.send(&self.request).await {
            Ok(answer) => answer,
            Err(FlyError::NameHeld { holder, said }) => {
                let adopted = self.adopt(holder.as_deref()).await;
                known.may_exist = !matches!(adopted, Err(FlyError::NameTaken { .. }));
                // The holder may have gone in between, and the name is free again.
                return adopted?.ok_or(FlyError::NameHeld { holder, said });
            }
            Err(error) => {
                known.may_exist = might_exist || may_have_been_done(&error);
                return Err(error);
            }
        };
        let vm: Vm = answer.json()?;
        tracing::debug!(instance = self.name, id = ?vm.id, region = ?vm.region, "created");
        match (vm.id, vm.private_ip) {
            (Some(id), Some(_)) if !id.is_empty() => Ok(id),
            (None | Some(_), _) => Err(answer.malformed(LACKS_ID)),
        }
    }

    /// Looks at the machine that has the name. Its id, if it is this boot's; nothing, if it is gone.
    async fn adopt(&self, holder: Option<&str>) -> Result<Option<String>, FlyError> {
        let nonce = self.boot.nonce();
        let vm = match holder {
            Some(id) => match self.fly.get(id).await {
                Ok(vm) => Some(vm),
                Err(FlyError::NotFound { .. }) => None,
                Err(error) => return Err(error),
            },
            None => self.fly.find_boot(&self.name, nonce).await?,
        };
        match vm {
            Some(vm) if vm.mark(marks::BOOT) == Some(nonce) => {
                tracing::info!(instance = self.name, id = ?vm.id, "found what an unheard answer told of");
                Ok(vm.id.or_else(|| holder.map(str::to_owned)))
            }
            Some(vm) if vm.has_marks() => Err(FlyError::NameTaken {
                name: self.name.clone(),
            }),
            // Whose it is cannot be said at the moment.
            Some(_) | None => Ok(None),
        }
    }

    /// There is no time for another request: finds out what came of those that were not answered.
    async fn conclude(&self, known: &mut Known, error: FlyError) -> Result<Instance, FlyError> {
        if !known.may_exist {
            return Err(error);
        }
        if let Ok(Some(vm)) = self.fly.find_boot(&self.name, self.boot.nonce()).await
            && let Some(id) = vm.id
        {
            let instance = instance(&id);
            known.id = Some(id);
            return Ok(instance);
        }
        Err(FlyError::OutcomeUnknown {
            name: self.name.clone(),
            nonce: self.boot.nonce().to_owned(),
            last: Box::new(error),
        })
    }

    /// Another request would have the same answer. What may exist of it is ended; if that fails, the destroy that
    /// follows looks again.
    async fn make_nothing_of(&self, known: &mut Known, error: FlyError) -> FlyError {
        let FlyError::Malformed { .. } = &error else {
            return error;
        };
        if let Ok(Some(vm)) = self.fly.find_boot(&self.name, self.boot.nonce()).await
            && let Some(id) = vm.id
        {
            known.may_exist = self.fly.end_for_good(&id).await.is_err();
        }
        error
    }

    fn pause_after(&self, error: &FlyError, failures: u32) -> Duration {
        let doubled = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(failures - 1));
        let pause = chance::up_to(doubled.min(LONGEST_PAUSE)).max(SHORTEST_PAUSE);
        let FlyError::RateLimited { retry_after, .. } = error else {
            return pause;
        };
        self.fly.local.creates.empty(Instant::now());
        let wish = retry_after.unwrap_or_default().max(RATE_LIMIT_PAUSE);
        wish + chance::up_to(FIRST_PAUSE)
    }

    async fn pause_until(&self, instant: Instant, asker: &mut Asker) -> Result<(), FlyError> {
        tokio::select! {
            biased;
            () = asker.closed() => Err(FlyError::GivenUp),
            () = self.boot.given_up() => Err(FlyError::GivenUp),
            () = sleep_until(instant) => Ok(()),
        }
    }
}

/// What an answer that tells of no machine lacks.
const LACKS_ID: &str = "the machine's id or its address";

fn instance(id: &str) -> Instance {
    Instance {
        provider_id: id.to_owned(),
    }
}

/// Whether the same request may have another answer later.
fn may_try_again(error: &FlyError) -> bool {
    match error {
        FlyError::Unreachable { .. }
        | FlyError::Lost { .. }
        | FlyError::TimedOut { .. }
        | FlyError::NoCapacity { .. }
        | FlyError::NameHeld { .. }
        | FlyError::Busy { .. }
        | FlyError::RateLimited { .. }
        | FlyError::Server { .. } => true,
        FlyError::Malformed { lacks, .. } => *lacks != LACKS_ID,
        FlyError::TooLong { .. }
        | FlyError::Credentials { .. }
        | FlyError::Rejected { .. }
        | FlyError::NotFound { .. }
        | FlyError::NameTaken { .. }
        | FlyError::TooManyAtOnce { .. }
        | FlyError::Redirected { .. }
        | FlyError::OutcomeUnknown { .. }
        | FlyError::StillThere { .. }
        | FlyError::Variable(_)
        | FlyError::Label { .. }
        | FlyError::GivenUp => false,
    }
}

/// Whether there may be a machine although this was the answer.
fn may_have_been_done(error: &FlyError) -> bool {
    matches!(
        error,
        FlyError::Lost { .. }
            | FlyError::TimedOut { .. }
            | FlyError::TooLong { .. }
            | FlyError::Malformed { .. }
            | FlyError::Server { .. }
    )
}
