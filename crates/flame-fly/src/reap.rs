//! The sweep: ends machines that nobody looks after any more.

mod fleet;
mod judgment;
mod sightings;

use tokio::time::{Instant, sleep};

use crate::api::{Vm, VmState};
use crate::backend::Fly;
use crate::chance;
use crate::error::FlyError;
use crate::marks::{self, Origin};

pub use fleet::{FlyFleet, FlyListed};
use judgment::{Judgment, Parent, judge};
use sightings::Sightings;

/// Sweeps at once and then every [`REAP_EVERY`](crate::REAP_EVERY), for as long as it is polled. Of all who do so in
/// this process for the same app, one sweeps.
pub(crate) async fn run(fly: &Fly) {
    let _turn = fly.local.sweeping.lock().await;
    let mut sightings = Sightings::new(fly.config.reap_every);
    loop {
        if let Err(error) = sweep(fly, &mut sightings).await {
            tracing::warn!(app = fly.config.app, %error, "cannot look for machines without a parent");
        }
        // Several parents of one app shall not all ask at the same moment.
        sleep(fly.config.reap_every + chance::up_to(fly.config.reap_every / 4)).await;
    }
}

/// One sweep. If there is no list, nothing is ended.
async fn sweep(fly: &Fly, sightings: &mut Sightings) -> Result<(), FlyError> {
    let found = fly.find(&[(marks::FLAME, marks::YES)]).await?;
    let mut parents = Parents::default();
    let mut suspects = Vec::new();
    for vm in found {
        let Some(id) = vm.id.clone() else { continue };
        if !marks::is_ours(&vm) || vm.state == VmState::Destroyed {
            continue;
        }
        match judge_one(fly, &vm, &mut parents).await {
            Judgment::Leave => {}
            Judgment::End(why) => end(fly, &id, &vm, why).await,
            Judgment::EndIfSeenAgain(why) => suspects.push((id, vm, why)),
        }
    }
    let ids = suspects.iter().map(|(id, ..)| id.as_str());
    let seen_again = sightings.see(Instant::now(), ids);
    for (id, vm, why) in &suspects {
        if seen_again.contains(id) {
            end(fly, id, vm, why).await;
        }
    }
    Ok(())
}

/// What has been heard of other parents in one sweep.
type Parents = std::collections::BTreeMap<(String, String), Parent>;

async fn judge_one(fly: &Fly, vm: &Vm, parents: &mut Parents) -> Judgment {
    let Some(origin) = Origin::of(vm) else {
        return Judgment::Leave;
    };
    let (name, nonce) = (vm.name.as_deref(), vm.mark(marks::BOOT));
    let is_looked_after = name
        .zip(nonce)
        .is_some_and(|(name, nonce)| fly.local.boots.has(name, nonce));
    let own_place = fly
        .config
        .parent_app
        .clone()
        .zip(fly.config.parent_machine.clone());
    let parent = if origin.life == fly.local.life() && origin.place == own_place {
        Parent::Me { is_looked_after }
    } else if origin.place.is_some() && origin.place == own_place {
        Parent::MyMachine {
            is_over: origin
                .process
                .as_ref()
                .is_some_and(|process| process.is_over()),
        }
    } else {
        match origin.place {
            Some(place) => ask(fly, place, parents).await,
            None => Parent::Unknown,
        }
    };
    judge(&parent)
}

/// Asks Fly for the machine of another parent, once in a sweep.
async fn ask(fly: &Fly, place: (String, String), parents: &mut Parents) -> Parent {
    if let Some(parent) = parents.get(&place) {
        return parent.clone();
    }
    let (app, machine) = &place;
    let parent = match fly.get_of(app, machine).await {
        Ok(vm) if vm.is_reachable() => Parent::Other(vm.state),
        Err(FlyError::NotFound { .. }) => Parent::Gone,
        // Its host does not answer, it is not ours to see, or Fly does not answer: nothing is known of it.
        Ok(_) | Err(_) => Parent::Unknown,
    };
    parents.insert(place, parent.clone());
    parent
}

async fn end(fly: &Fly, id: &str, vm: &Vm, why: &'static str) {
    let name = vm.name.as_deref().unwrap_or_default();
    match fly.end_for_good(id).await {
        Ok(()) => {
            tracing::info!(id, name, state = %vm.state, why, "ended a machine without a parent");
        }
        // It will be seen again.
        Err(error) => {
            tracing::warn!(id, name, why, %error, "cannot end a machine without a parent");
        }
    }
}
