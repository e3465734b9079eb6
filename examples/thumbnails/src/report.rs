use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::Made;
use crate::source::natural_order;

/// What to print when all is done: a table, the totals, and what went wrong.
#[derive(Clone, Debug)]
pub struct Report {
    parent: u32,
    rows: Vec<Row>,
    failures: Vec<(String, String)>,
    sheet: Option<PathBuf>,
    took: Duration,
}

/// One line of the table.
#[derive(Clone, Debug)]
struct Row {
    name: String,
    original: String,
    thumbnails: Vec<String>,
    bytes: usize,
    process: u32,
    took: Duration,
}

impl Report {
    /// An empty report of the process that hands out the work.
    #[must_use]
    pub fn new(parent: u32) -> Self {
        Self {
            parent,
            rows: Vec::new(),
            failures: Vec::new(),
            sheet: None,
            took: Duration::ZERO,
        }
    }

    /// Adds a picture that has its thumbnails.
    pub fn made(&mut self, made: &Made) {
        self.rows.push(Row {
            name: made.name.clone(),
            original: format!("{}×{}", made.width, made.height),
            thumbnails: made
                .thumbnails
                .iter()
                .map(|thumbnail| format!("{}×{}", thumbnail.width, thumbnail.height))
                .collect(),
            bytes: made.thumbnails.iter().map(|made| made.bytes.len()).sum(),
            process: made.process,
            took: made.took,
        });
    }

    /// Adds something that got no thumbnails.
    pub fn failed(&mut self, name: impl Into<String>, reason: &dyn fmt::Display) {
        self.failures.push((name.into(), reason.to_string()));
    }

    /// Puts everything in the order in which people count, whatever was ready first.
    pub fn sort(&mut self) {
        self.rows
            .sort_by(|one, other| natural_order(&one.name, &other.name));
        self.failures
            .sort_by(|(one, _), (other, _)| natural_order(one, other));
    }

    /// Notes where the contact sheet is.
    pub fn sheet(&mut self, path: PathBuf) {
        self.sheet = Some(path);
    }

    /// Notes how long everything took together.
    pub fn took(&mut self, took: Duration) {
        self.took = took;
    }

    fn processes(&self) -> usize {
        let mut processes: Vec<_> = self.rows.iter().map(|row| row.process).collect();
        processes.sort_unstable();
        processes.dedup();
        processes.len()
    }

    fn totals(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thumbnails: usize = self.rows.iter().map(|row| row.thumbnails.len()).sum();
        let bytes: usize = self.rows.iter().map(|row| row.bytes).sum();
        let work: Duration = self.rows.iter().map(|row| row.took).sum();
        writeln!(
            f,
            "{} ({} KiB) of {} in {:.1} s, by {} with {:.1} s of work; this is pid {}",
            counted(thumbnails, "thumbnail", "thumbnails"),
            bytes.div_ceil(1024),
            counted(self.rows.len(), "picture", "pictures"),
            self.took.as_secs_f64(),
            counted(self.processes(), "process", "processes"),
            work.as_secs_f64(),
            self.parent,
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.rows.is_empty() {
            table(f, &self.rows)?;
            writeln!(f)?;
        }
        self.totals(f)?;
        if let Some(sheet) = &self.sheet {
            writeln!(f, "contact sheet: {}", sheet.display())?;
        }
        if !self.failures.is_empty() {
            writeln!(f, "\nwithout thumbnails:")?;
            let width = widest(self.failures.iter().map(|(name, _)| name.as_str()));
            for (name, reason) in &self.failures {
                writeln!(f, "  {name:width$}  {reason}")?;
            }
        }
        Ok(())
    }
}

fn table(f: &mut fmt::Formatter<'_>, rows: &[Row]) -> fmt::Result {
    let header = ["picture", "pixels", "thumbnails", "pid", "ms"].map(String::from);
    let cells = std::iter::once(header).chain(rows.iter().map(|row| {
        [
            row.name.clone(),
            row.original.clone(),
            row.thumbnails.join(" "),
            row.process.to_string(),
            row.took.as_millis().to_string(),
        ]
    }));
    let cells: Vec<_> = cells.collect();
    let width = |column: usize| widest(cells.iter().map(|cells| cells[column].as_str()));
    let (name, pixels, made, pid, ms) = (width(0), width(1), width(2), width(3), width(4));
    for [a, b, c, d, e] in &cells {
        writeln!(f, "{a:name$}  {b:>pixels$}  {c:made$}  {d:>pid$}  {e:>ms$}")?;
    }
    Ok(())
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
