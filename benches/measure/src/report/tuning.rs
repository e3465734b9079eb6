//! What the chapter *Tuning* of the guide is about, as it stands there: ratios, with both ends where rounds differ.

use std::fmt::Write as _;

use crate::contestants::OURS;
use crate::results::Results;
use crate::stat::Stat;

/// One work of the chapter.
struct Claim {
    name: &'static str,
    /// What the ratios say.
    text: &'static str,
    /// The first is what the others are held against.
    variants: &'static [&'static str],
    /// How a number's key ends.
    number: &'static str,
    /// Whether less is written as a fraction.
    is_fraction: bool,
}

const fn claim(
    name: &'static str,
    text: &'static str,
    variants: &'static [&'static str],
    number: &'static str,
) -> Claim {
    Claim {
        name,
        text,
        variants,
        number,
        is_fraction: false,
    }
}

const CLAIMS: [Claim; 7] = [
    claim(
        "max_concurrency",
        "calls per second, against 1 slot",
        &["1", "4", "16", "64"],
        "calls_per_s",
    ),
    claim(
        "body",
        "a call of a blocking body, against an `async` one",
        &["async", "blocking"],
        "p50_us",
    ),
    claim(
        "beside",
        "a call beside `async` bodies that compute, against one beside blocking ones",
        &["busy_blocking", "busy_async"],
        "p50_us",
    ),
    claim(
        "payload",
        "an echo of 1 MiB, against a `Blob`",
        &["blob", "vec_u64", "vec_u8"],
        "ms",
    ),
    Claim {
        is_fraction: true,
        ..claim(
            "batch",
            "cost of an item, against one a call",
            &["1", "10", "100", "1000"],
            "us_each",
        )
    },
    claim(
        "channel",
        "bytes per second, against items of 8 bytes",
        &["8", "1024", "65536"],
        "mb_per_s",
    ),
    claim(
        "runtime",
        "a call from a parent with one thread, against all cores",
        &["all_cores", "one_thread"],
        "p50_us",
    ),
];

/// Nothing unless it was measured.
pub(super) fn write(text: &mut String, results: &Results) {
    let mut sections = String::new();
    for claim in &CLAIMS {
        section(&mut sections, claim, results);
    }
    if sections.is_empty() {
        return;
    }
    text.push_str(
        "\n## Tuning\n\nRatios within each round; where rounds differ, the least and the greatest. The second line of \
         each has the medians themselves.\n",
    );
    text.push_str(&sections);
}

fn section(text: &mut String, claim: &Claim, results: &Results) {
    let key = |variant: &str| format!("T/{}/{variant}/{}", claim.name, claim.number);
    let rounds = |variant| results.rounds(OURS, &key(variant));
    let Some((first, _)) = claim.variants.split_first() else {
        return;
    };
    let Some(base) = rounds(first) else {
        return;
    };
    let (mut ratios, mut medians) = (Vec::new(), Vec::new());
    for variant in claim.variants {
        let Some(values) = rounds(variant) else {
            return;
        };
        let each: Vec<f64> = values
            .iter()
            .zip(base)
            .map(|(it, base)| it / base)
            .collect();
        let (Some(ratio), Some(value)) = (Stat::of(&each), Stat::of(values)) else {
            return;
        };
        ratios.push(range(ratio, claim.is_fraction));
        medians.push(crate::stat::short(value.median));
    }
    let Claim {
        name,
        text: about,
        number,
        ..
    } = claim;
    let _ = writeln!(
        text,
        "\n`T/{name}`\n\n| | {} |\n|---|{}\n| {about} | {} |\n| {number} | {} |",
        claim.variants.join(" | "),
        "---|".repeat(claim.variants.len()),
        ratios.join(" | "),
        medians.join(" | ")
    );
}

/// Both ends with two digits, or one figure if they are the same.
fn range(ratio: Stat, is_fraction: bool) -> String {
    let one = |value: f64| match is_fraction && value < 0.95 {
        true => format!("1/{}", two_digits(1.0 / value)),
        false => two_digits(value),
    };
    let (low, high) = match is_fraction {
        true => (one(ratio.max), one(ratio.min)),
        false => (one(ratio.min), one(ratio.max)),
    };
    if low == high {
        return low;
    }
    format!("{low}–{high}")
}

fn two_digits(value: f64) -> String {
    if value < 9.95 {
        return format!("{value:.1}").replace(".0", "");
    }
    let unit = 10_f64.powf(value.log10().floor() - 1.0);
    format!("{:.0}", (value / unit).round() * unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Number;

    #[test]
    fn ratios_are_those_of_each_round_with_both_ends() {
        let mut results = Results::default();
        for (blob, vector) in [(1.0, 12.0), (2.0, 50.0)] {
            let number = |key: &str, value| Number {
                key: format!("T/payload/{key}/ms"),
                value,
            };
            let numbers = [("blob", blob), ("vec_u64", blob), ("vec_u8", vector)];
            let numbers = numbers.map(|(key, value)| number(key, value));
            results.add(OURS, numbers.to_vec());
        }
        let mut text = String::new();
        write(&mut text, &results);
        assert!(text.contains("| 1 | 1 | 12–25 |"), "{text}");
        assert!(!text.contains("T/batch"), "{text}");
    }

    #[test]
    fn what_becomes_less_is_a_fraction() {
        let ratio = Stat::of(&[0.1, 0.002_5]).unwrap();
        assert_eq!(range(ratio, true), "1/10–1/400");
        assert_eq!(range(Stat::of(&[0.84]).unwrap(), false), "0.8");
    }
}
