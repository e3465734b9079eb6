use std::path::Path;

use anyhow::anyhow;
use plotters::prelude::{
    ChartBuilder, Circle, IntoDrawingArea as _, IntoFont as _, IntoLogRange as _, LineSeries,
    PathElement, RGBColor, SVGBackend, Text,
};
use plotters::style::{Color as _, TextStyle};
use works::{SIZES, size_name};

use crate::contestants::{
    BEAM, Contestant, FRAMED_UNIX, NODES, OURS, OURS_BEFORE, OURS_TLS, PING_UNIX, PROCSPAWN, RAY,
    STREAM_UNIX, UNARY_UNIX,
};
use crate::results::Results;

/// A plot's file and what it shows.
pub(crate) type Picture = (&'static str, &'static str);

/// Latency and throughput by callers.
pub(crate) const BY_CALLERS: [Picture; 2] = [
    ("latency-by-callers.svg", "p50 of a call, by callers"),
    (
        "throughput-by-callers.svg",
        "calls per second on one runner, by callers",
    ),
];

/// Latency and throughput by the size of payloads.
pub(crate) const BY_PAYLOAD: [Picture; 2] = [
    ("latency-by-payload.svg", "an echo, there and back, by size"),
    (
        "throughput-by-payload.svg",
        "echoes one after the other, by size",
    ),
];

/// Who is in the plots, each in a color of its own. All others are in the tables.
const SHOWN: [&str; 11] = [
    OURS,
    OURS_TLS,
    FRAMED_UNIX,
    STREAM_UNIX,
    UNARY_UNIX,
    PROCSPAWN,
    PING_UNIX,
    RAY,
    BEAM,
    NODES,
    OURS_BEFORE,
];

/// They differ for people who see few colors, and on light and dark ground.
const COLORS: [RGBColor; 11] = [
    RGBColor(213, 94, 0),
    RGBColor(230, 159, 0),
    RGBColor(0, 130, 200),
    RGBColor(86, 180, 233),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(128, 128, 128),
    RGBColor(150, 110, 60),
    RGBColor(140, 100, 220),
    RGBColor(200, 60, 90),
    RGBColor(190, 190, 60),
];

/// Legible on white and on black.
const GRAY: RGBColor = RGBColor(128, 128, 128);

/// One plot: both axes are logarithmic.
struct Plot {
    file: &'static str,
    title: &'static str,
    x: &'static str,
    y: &'static str,
    /// Where along the axis, and under which key.
    points: Vec<(f64, String)>,
}

/// A line: who, and its points.
type Line<'a> = (&'a str, Vec<(f64, f64)>);

/// Draws latency and throughput, each by callers and by the size of payloads.
pub(crate) fn draw(
    results: &Results,
    contestants: &[Contestant],
    folder: &Path,
) -> anyhow::Result<()> {
    for plot in plots() {
        let lines: Vec<Line<'_>> = contestants
            .iter()
            .filter(|contestant| SHOWN.contains(&contestant.name))
            .filter_map(|contestant| line(&plot, results, contestant))
            .collect();
        if lines.is_empty() {
            continue;
        }
        let path = folder.join(plot.file);
        draw_one(&plot, &lines, &path).map_err(|error| anyhow!("{}: {error}", plot.file))?;
    }
    Ok(())
}

fn plots() -> [Plot; 4] {
    let by_callers = |what: &str| {
        let callers = [1, 8, 64, 256];
        callers
            .map(|count| (f64::from(count), format!("B/{count}/{what}")))
            .to_vec()
    };
    let by_size = |what: &str| {
        let key = |size| format!("C/{}/{what}", size_name(size));
        SIZES.map(|size| (size as f64 / 1024.0, key(size))).to_vec()
    };
    [
        Plot {
            file: BY_CALLERS[0].0,
            title: BY_CALLERS[0].1,
            x: "callers",
            y: "µs",
            points: by_callers("p50_us"),
        },
        Plot {
            file: BY_CALLERS[1].0,
            title: BY_CALLERS[1].1,
            x: "callers",
            y: "calls/s",
            points: by_callers("calls_per_s"),
        },
        Plot {
            file: BY_PAYLOAD[0].0,
            title: BY_PAYLOAD[0].1,
            x: "KiB",
            y: "ms",
            points: by_size("ms"),
        },
        Plot {
            file: BY_PAYLOAD[1].0,
            title: BY_PAYLOAD[1].1,
            x: "KiB",
            y: "MB/s",
            points: by_size("mb_per_s"),
        },
    ]
}

fn line<'a>(plot: &Plot, results: &Results, contestant: &'a Contestant) -> Option<Line<'a>> {
    let points: Vec<(f64, f64)> = plot
        .points
        .iter()
        .filter_map(|(x, key)| Some((*x, results.median(contestant.name, key)?)))
        .collect();
    (!points.is_empty()).then_some((contestant.name, points))
}

fn draw_one(
    plot: &Plot,
    lines: &[Line<'_>],
    path: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    // The ground stays as it is behind the picture, light or dark.
    let root = SVGBackend::new(path, (1000, 520)).into_drawing_area();
    let (picture, names) = root.split_horizontally(740);
    let range = |pick: fn(&(f64, f64)) -> f64| {
        let values = lines.iter().flat_map(|(_, points)| points.iter().map(pick));
        values.fold((f64::MAX, f64::MIN), |(low, high), it| {
            (low.min(it), high.max(it))
        })
    };
    let ((left, right), (low, high)) = (range(|it| it.0), range(|it| it.1));
    let mut chart = ChartBuilder::on(&picture)
        .caption(plot.title, text(20))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(80)
        .build_cartesian_2d(
            (left..right * 1.01).log_scale(),
            (low / 1.3..high * 1.3).log_scale(),
        )?;
    chart
        .configure_mesh()
        .x_desc(plot.x)
        .y_desc(plot.y)
        .label_style(text(14))
        .axis_desc_style(text(16))
        .axis_style(GRAY)
        .bold_line_style(GRAY.mix(0.35))
        .light_line_style(GRAY.mix(0.12))
        .x_label_formatter(&|value| axis_label(*value))
        .y_label_formatter(&|value| axis_label(*value))
        .draw()?;
    for (at, (name, points)) in lines.iter().enumerate() {
        let own = SHOWN.iter().position(|shown| shown == name);
        let color = COLORS[own.unwrap_or(at) % COLORS.len()];
        // Ours is the first, and the one that is looked for.
        let style = color.stroke_width(if *name == OURS { 4 } else { 2 });
        chart.draw_series(LineSeries::new(points.iter().copied(), style))?;
        let dots = points
            .iter()
            .map(|point| Circle::new(*point, 3, color.filled()));
        chart.draw_series(dots)?;
        let row = 60 + 26 * i32::try_from(at)?;
        names.draw(&PathElement::new([(0, row), (24, row)], style))?;
        names.draw(&Text::new(*name, (32, row - 8), text(15)))?;
    }
    root.present()?;
    Ok(())
}

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&GRAY)
}

/// Powers of ten as people read them.
fn axis_label(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{} M", value / 1e6),
        value if value >= 1e3 => format!("{} k", value / 1e3),
        value => format!("{}", (value * 1e3).round() / 1e3),
    }
}
