use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use thumbnails::sheet::{self, Layout};
use thumbnails::source::natural_order;
use thumbnails::{Arguments, Blob, Made, OutputFolder, Progress, Report};
use tokio::task::spawn_blocking;

use crate::failure::Failure;

/// Collects what comes back: shows it, writes it, and remembers it for the sheet and the report.
pub(crate) struct Job {
    started_at: Instant,
    output: OutputFolder,
    progress: Arc<Progress>,
    report: Report,
    /// The size of which the sheet will be made.
    shown_size: u32,
    shown: Vec<(String, Blob)>,
    lost: usize,
}

impl Job {
    /// Prepares for at most `count` pictures.
    pub(crate) fn start(arguments: &Arguments, count: usize) -> io::Result<Self> {
        let sizes = arguments.sizes();
        Ok(Self {
            started_at: Instant::now(),
            output: OutputFolder::create(&arguments.out, &sizes)?,
            progress: Arc::new(Progress::start(count)),
            report: Report::new(std::process::id()),
            shown_size: Layout::choose(count, &sizes).map_or(0, |layout| layout.cell()),
            shown: Vec::new(),
            lost: 0,
        })
    }

    /// Where to show what happens besides.
    pub(crate) fn progress(&self) -> Arc<Progress> {
        self.progress.clone()
    }

    /// Takes in what became of one picture.
    pub(crate) fn add(&mut self, name: String, result: Result<Made, Failure>) -> io::Result<()> {
        match result {
            Ok(made) => self.made(made),
            Err(failure) => {
                self.failed(name, &failure);
                Ok(())
            }
        }
    }

    fn made(&mut self, made: Made) -> io::Result<()> {
        self.output.write(&made)?;
        self.progress.made(&made);
        self.report.made(&made);
        let size = self.shown_size;
        let mut thumbnails = made.thumbnails.into_iter();
        if let Some(thumbnail) = thumbnails.find(|thumbnail| thumbnail.size == size) {
            self.shown.push((made.name, thumbnail.bytes));
        }
        Ok(())
    }

    fn failed(&mut self, name: String, failure: &Failure) {
        match failure {
            Failure::Source(_) | Failure::Picture(_) => {}
            Failure::Lost(_) => self.lost += 1,
        }
        self.progress.failed(&name, failure);
        self.report.failed(name, failure);
    }

    /// Draws the contact sheet and ends with the report and the verdict.
    ///
    /// Bad pictures are the business of whoever took them. Lost work is ours.
    pub(crate) async fn finish(mut self) -> anyhow::Result<(Report, ExitCode)> {
        let verdict = if self.shown.is_empty() || self.lost > 0 {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        };
        self.shown
            .sort_by(|(one, _), (other, _)| natural_order(one, other));
        if let Some(layout) = Layout::choose(self.shown.len(), &[self.shown_size]) {
            let shown = self.shown;
            let png = spawn_blocking(move || sheet::draw(&layout, &shown)).await??;
            self.report.sheet(self.output.write_sheet(&png)?);
        }
        self.progress.finish();
        self.report.sort();
        self.report.took(self.started_at.elapsed());
        Ok((self.report, verdict))
    }
}
