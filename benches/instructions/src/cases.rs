use std::hint::black_box;

use anyhow::{Context as _, bail};
use bytes::BytesMut;

use crate::checkouts::Checkouts;
use crate::{frames, values};

/// How often a case is done; what is counted is the whole, divided by it.
pub(crate) const TURNS: u64 = 1_000;
/// Before counting: buffers and tables have their size by then.
const WARM_UP: u64 = 200;

/// What is counted.
pub(crate) const CASES: &[&str] = &[
    "checkout/1/0",
    "checkout/1/10000",
    "checkout/100/0",
    "checkout/100/10000",
    "checkout/10000/0",
    "checkout/10000/10000",
    "encode",
    "decode",
    "frame/to_runner",
    "frame/to_parent",
];

/// Does one case; only [`counted`] is counted.
pub(crate) fn run(case: &str) -> anyhow::Result<()> {
    match case {
        "encode" => repeat(|number| {
            black_box(values::encode(number)?);
            Ok(())
        }),
        "decode" => {
            let (payload, decode) = values::encoded()?;
            repeat(|_| values::decode(payload.clone(), decode))
        }
        "frame/to_runner" => {
            let mut buffer = BytesMut::new();
            repeat(|number| frames::to_runner(number, &mut buffer))
        }
        "frame/to_parent" => {
            let mut buffer = BytesMut::new();
            repeat(|number| frames::to_parent(number, &mut buffer))
        }
        _ => {
            let numbers = case
                .strip_prefix("checkout/")
                .and_then(|it| it.split_once('/'));
            let Some((runners, waiting)) = numbers else {
                bail!("there is no case `{case}`");
            };
            let number = |text: &str| text.parse().with_context(|| format!("`{text}`"));
            let mut checkouts = Checkouts::new(number(runners)?, number(waiting)?)?;
            repeat(|_| {
                checkouts.turn();
                Ok(())
            })
        }
    }
}

fn repeat(mut turn: impl FnMut(u64) -> anyhow::Result<()>) -> anyhow::Result<()> {
    (0..WARM_UP).try_for_each(&mut turn)?;
    counted(&mut turn)
}

/// Callgrind knows it by its name.
#[inline(never)]
fn counted(turn: &mut dyn FnMut(u64) -> anyhow::Result<()>) -> anyhow::Result<()> {
    (0..TURNS).try_for_each(turn)
}
