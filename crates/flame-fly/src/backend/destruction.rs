use std::sync::Arc;

use flame_core::InstanceName;
use flame_core::backend::{ExitKind, ExitReport};

use super::Fly;
use crate::error::FlyError;
use crate::local::{Boot, Known};
use crate::marks;

/// Makes sure that there is no machine of this name, whatever was heard of its creation.
pub(super) async fn destroy(fly: &Fly, name: &InstanceName) -> Result<(), FlyError> {
    let Some(boot) = fly.local.boots.get(name) else {
        return destroy_unknown(fly, name).await;
    };
    // Creating it ends first, so that it is known what there is to destroy.
    boot.give_up();
    let mut known = boot.known().await;
    if !known.gone {
        end(fly, name, &boot, &mut known).await?;
    }
    boot.tell_end(ExitReport {
        how: ExitKind::Unknown,
        stderr_tail: vec!["it was destroyed".to_owned()],
    });
    fly.local.boots.remove(name, &boot);
    fly.local.hidden.remove(name.as_str());
    Ok(())
}

async fn end(
    fly: &Fly,
    name: &InstanceName,
    boot: &Arc<Boot>,
    known: &mut Known,
) -> Result<(), FlyError> {
    let id = match &known.id {
        Some(id) => Some(id.clone()),
        None if known.may_exist => {
            let found = fly.find_boot(name.as_str(), boot.nonce()).await?;
            found.and_then(|vm| vm.id)
        }
        None => None,
    };
    if let Some(id) = id {
        fly.end_for_good(&id).await?;
    }
    known.gone = true;
    Ok(())
}

/// The same for a name that this process has not given: somebody has found it in a list.
async fn destroy_unknown(fly: &Fly, name: &InstanceName) -> Result<(), FlyError> {
    let found = fly.find(&[(marks::FLAME, marks::YES)]).await?;
    let named = found
        .into_iter()
        .filter(|vm| vm.name.as_deref() == Some(name.as_str()) && !vm.state.is_leaving());
    for id in named.filter_map(|vm| vm.id) {
        fly.end_for_good(&id).await?;
    }
    Ok(())
}
