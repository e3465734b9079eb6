use crate::config::DEFAULT_REGION;
use crate::http::Answer;
use crate::world::{World, expand};

/// The first region of an expression that has room for one more.
pub(super) fn place(world: &World, expression: Option<&str>) -> Result<String, Answer> {
    let expression = expression
        .filter(|text| !text.is_empty())
        .unwrap_or(DEFAULT_REGION);
    let regions = expand(expression).map_err(|part| {
        // The text is a guess.
        Answer::error(400, format!("invalid_argument: region {part:?} not found"))
    })?;
    let has_room = |region: &&&str| {
        let live = world.vms.iter().filter(|vm| vm.is_live());
        let there = live.filter(|vm| vm.region == **region).count();
        world
            .capacity
            .get(**region)
            .is_none_or(|most| there < *most)
    };
    match regions.iter().find(has_room) {
        Some(region) => Ok((*region).to_owned()),
        None => Err(Answer::coded(
            422,
            "could not find a candidate host",
            "insufficient_capacity",
        )),
    }
}
