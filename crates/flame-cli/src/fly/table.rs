use flame_fly::FlyListed;

use super::age::age;

/// A table with a head, one line for each.
pub(super) fn lines(found: &[FlyListed]) -> Vec<String> {
    let head = ["ID", "STATE", "AGE", "REGION", "POOL", "NAME", "PARENT"].map(str::to_owned);
    let rows = found.iter().map(|listed| {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        let parent = match &listed.stray {
            Some(why) => format!("none: {why}"),
            None => or_dash(&listed.parent),
        };
        [
            listed.id.clone(),
            listed.state.clone(),
            or_dash(&listed.created_at.as_deref().and_then(age)),
            or_dash(&listed.region),
            or_dash(&listed.pool),
            listed.name.clone(),
            parent,
        ]
    });
    let rows: Vec<[String; 7]> = std::iter::once(head).chain(rows).collect();
    let mut widths = [0; 7];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; 7]| {
        let cells = row.iter().zip(widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
