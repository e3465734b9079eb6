//! What each request does.

mod apps;
mod create;
mod leases;
mod list;
mod metadata;
mod platform;
mod power;
mod read;
mod wait;

use std::sync::Arc;

use serde_json::Value;

use crate::http::{Answer, Request};
use crate::route::Route;
use crate::shared::Shared;
use crate::vm::Vm;

/// Does what is asked.
pub(crate) async fn act(shared: &Arc<Shared>, request: &Request, body: &Value) -> Answer {
    if request.route == Route::Wait {
        return wait::wait(shared, request).await;
    }
    if request.route == Route::Create {
        return create::create(shared, request, body);
    }
    let answer = shared.change(|world| match request.route {
        Route::List => list::list(world, request),
        Route::OrgMachines => list::of_org(world, request),
        Route::Get => read::get(world, request),
        Route::Events => read::events(world, request),
        Route::Start => power::start(world, request),
        Route::Stop => power::stop(world, request, body),
        Route::Destroy => power::destroy(world, request),
        Route::GetLease => leases::get(world, request),
        Route::AcquireLease => leases::acquire(world, request, body),
        Route::ReleaseLease => leases::release(world, request),
        Route::GetMetadata => metadata::all(world, request),
        Route::PatchMetadata => metadata::patch(world, request, body),
        Route::GetMetadataKey => metadata::get(world, request),
        Route::SetMetadataKey => metadata::set(world, request, body),
        Route::RemoveMetadataKey => metadata::remove(world, request),
        Route::App => apps::get(world, request),
        Route::Placements => platform::placements(world, body),
        Route::Regions => Ok(platform::regions()),
        // Answered before.
        Route::Create | Route::Wait | Route::NotModeled | Route::Unknown => {
            Err(Answer::not_modeled())
        }
    });
    answer.unwrap_or_else(|refusal| refusal)
}

/// The app and the machine that a request is about.
fn target(request: &Request) -> (&str, &str) {
    let target = &request.target;
    let app = target.app.as_deref().unwrap_or_default();
    (app, target.machine.as_deref().unwrap_or_default())
}

/// Whoever holds no lease may not change what somebody else has leased.
fn may_change(vm: &Vm, request: &Request) -> Result<(), Answer> {
    match vm.lease() {
        Some(lease) if request.lease_nonce() != Some(&lease.nonce) => {
            let expires_at = crate::wall::rfc3339_seconds(lease.expires_at);
            let text = format!(
                "machine ID {} lease currently held by {}, expires at {expires_at}",
                vm.id, lease.owner
            );
            Err(Answer::error(409, text))
        }
        Some(_) | None => Ok(()),
    }
}
