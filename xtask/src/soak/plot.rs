use std::fmt::Write as _;

use super::sample::{COUNTS, Sample, What};

/// The size of one panel, and what is left free around it.
const PANEL: (f64, f64) = (720.0, 120.0);
const MARGIN: f64 = 60.0;

/// Draws what there was over time, one panel below the other.
pub(super) fn draw(samples: &[Sample]) -> String {
    let memory: (&str, What) = ("KB of memory", |now| now.kilobytes);
    let calls: (&str, What) = ("calls so far", |now| now.asked);
    let panels: Vec<_> = [memory]
        .into_iter()
        .chain(COUNTS.iter().copied())
        .chain([calls])
        .collect();
    let width = PANEL.0 + 2.0 * MARGIN;
    let height = panels.len() as f64 * (PANEL.1 + MARGIN) + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (number, (name, what)) in panels.into_iter().enumerate() {
        let top = MARGIN + number as f64 * (PANEL.1 + MARGIN);
        svg += &panel(samples, name, what, top);
    }
    svg + "</svg>\n"
}

/// One number over time, from 0 upward.
fn panel(samples: &[Sample], name: &str, what: What, top: f64) -> String {
    let most = samples.iter().map(what).max().unwrap_or_default().max(1);
    let end = samples.last().map_or(1, |last| last.second).max(1);
    let bottom = top + PANEL.1;
    let mut points = String::new();
    for sample in samples {
        let x = MARGIN + PANEL.0 * sample.second as f64 / end as f64;
        let y = bottom - PANEL.1 * what(sample) as f64 / most as f64;
        // Writing to a string does not fail.
        let _ = write!(points, "{x:.1},{y:.1} ");
    }
    let right = MARGIN + PANEL.0;
    format!(
        "<text x=\"{MARGIN}\" y=\"{}\">{name}, at most {most}; {end} s</text>\n\
         <path d=\"M{MARGIN} {top}V{bottom}H{right}\" fill=\"none\" stroke=\"#999\"/>\n\
         <polyline points=\"{}\" fill=\"none\" stroke=\"#c2410c\" stroke-width=\"1.5\"/>\n",
        top - 8.0,
        points.trim_end()
    )
}
