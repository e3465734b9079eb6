use std::path::Path;

use anyhow::anyhow;
use plotters::prelude::{
    ChartBuilder, Circle, IntoDrawingArea as _, IntoFont as _, IntoLogRange as _, LineSeries,
    Palette as _, Palette99, PathElement, SVGBackend, SeriesLabelPosition, WHITE,
};
use plotters::style::{BLACK, Color as _};
use works::{SIZES, size_name};

use crate::contestants::Contestant;
use crate::results::Results;

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
            file: "latency-by-callers.svg",
            title: "p50 of a call",
            x: "callers",
            y: "µs",
            points: by_callers("p50_us"),
        },
        Plot {
            file: "throughput-by-callers.svg",
            title: "calls on one runner",
            x: "callers",
            y: "calls/s",
            points: by_callers("calls_per_s"),
        },
        Plot {
            file: "latency-by-payload.svg",
            title: "an echo, there and back",
            x: "KiB",
            y: "ms",
            points: by_size("ms"),
        },
        Plot {
            file: "throughput-by-payload.svg",
            title: "echoes, one after the other",
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
    let root = SVGBackend::new(path, (1000, 640)).into_drawing_area();
    root.fill(&WHITE)?;
    let range = |pick: fn(&(f64, f64)) -> f64| {
        let values = lines.iter().flat_map(|(_, points)| points.iter().map(pick));
        values.fold((f64::MAX, f64::MIN), |(low, high), it| {
            (low.min(it), high.max(it))
        })
    };
    let ((left, right), (low, high)) = (range(|it| it.0), range(|it| it.1));
    let mut chart = ChartBuilder::on(&root)
        .caption(plot.title, ("sans-serif", 24).into_font())
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
        .draw()?;
    for (at, (name, points)) in lines.iter().enumerate() {
        let color = Palette99::pick(at).to_rgba();
        // Ours is the first, and the one that is looked for.
        let style = color.stroke_width(if at == 0 { 4 } else { 2 });
        chart
            .draw_series(LineSeries::new(points.iter().copied(), style))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        let dots = points
            .iter()
            .map(|point| Circle::new(*point, 3, color.filled()));
        chart.draw_series(dots)?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    root.present()?;
    Ok(())
}
