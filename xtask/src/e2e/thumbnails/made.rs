use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use image::{DynamicImage, GenericImageView as _, RgbImage};

use super::super::ended::Ended;

/// The sizes that are made unless others are asked for.
const SIZES: [u32; 3] = [64, 128, 256];
/// The size of which the sheet is made when there are few pictures.
const CELL: u32 = 256;
/// Where the first cell of a sheet is, and how far it is to the next one, to the right and down.
const MARGIN: u32 = 24;
const STEP: (u32, u32) = (CELL + 16, CELL + 24 + 16);
/// The side of the square in the middle of a cell that is compared. Each picture covers it.
const MIDDLE: u32 = 64;

/// The shipped pictures that are sound.
const SOUND: [&str; 9] = [
    "astronaut.png",
    "brick.png",
    "cell.png",
    "chelsea.png",
    "coffee.png",
    "gravel.png",
    "hubble_deep_field.jpg",
    "retina.jpg",
    "rocket.jpg",
];
/// What the report says about the others.
const BAD: [&str; 2] = [
    "README.md      not a picture",
    "truncated.jpg  damaged picture: ",
];

/// What a run of the example has made.
pub(in super::super) struct Made<'a> {
    out: &'a Path,
    ended: &'a Ended,
    /// Who did the work, as the report says.
    pub(in super::super) processes: BTreeSet<u32>,
}

impl<'a> Made<'a> {
    /// Reads the report. Its table ends at the first empty line; the last two columns are pid and ms.
    pub(in super::super) fn read(ended: &'a Ended, out: &'a Path) -> anyhow::Result<Self> {
        let rows = ended
            .stdout
            .lines()
            .skip(1)
            .take_while(|line| !line.is_empty());
        let process = |row: &str| row.split_whitespace().rev().nth(1)?.parse().ok();
        let processes: Option<_> = rows.map(process).collect();
        Ok(Self {
            out,
            ended,
            processes: processes
                .with_context(|| format!("the report has no column of pids{}", ended.said()))?,
        })
    }

    /// Fails unless everything that can be made of the shipped pictures is there, and the others are named.
    pub(in super::super) fn is_all_of_the_shipped(&self) -> anyhow::Result<()> {
        self.has(&SOUND.map(str::to_owned))?;
        for bad in BAD {
            ensure!(
                self.ended.stdout.contains(bad),
                "the report lacks {bad:?}{}",
                self.ended.said()
            );
        }
        Ok(())
    }

    /// Fails unless there are thumbnails of these in every size, no others, and a sheet that shows them in this
    /// order.
    pub(in super::super) fn has(&self, names: &[String]) -> anyhow::Result<()> {
        for size in SIZES {
            let folder = self.out.join(size.to_string());
            let count = fs::read_dir(&folder)?.count();
            ensure!(count == names.len(), "{count} thumbnails of size {size}");
            for name in names {
                let thumbnail = open(&folder.join(name))?;
                let longest = thumbnail.width().max(thumbnail.height());
                ensure!(
                    longest == size,
                    "{name} of size {size} has {longest} pixels"
                );
            }
        }
        self.sheet_shows(names)
    }

    fn sheet_shows(&self, names: &[String]) -> anyhow::Result<()> {
        let sheet = open(&self.out.join("contact-sheet.png"))?;
        let columns = (1..).find(|n| n * n >= names.len()).unwrap_or(1);
        let rows = names.len().div_ceil(columns);
        let side = |count: usize, step: u32| 2 * MARGIN + count as u32 * step - 16;
        let expected = (side(columns, STEP.0), side(rows, STEP.1));
        ensure!(
            sheet.dimensions() == expected,
            "the sheet has {:?} pixels, not {expected:?}",
            sheet.dimensions()
        );
        for (index, name) in names.iter().enumerate() {
            let (column, row) = ((index % columns) as u32, (index / columns) as u32);
            let corner = (MARGIN + column * STEP.0, MARGIN + row * STEP.1);
            let cell = sheet.crop_imm(corner.0, corner.1, CELL, CELL);
            let shown = middle(&cell);
            let thumbnail = open(&self.out.join(CELL.to_string()).join(name))?;
            ensure!(
                shown == middle(&thumbnail),
                "the sheet shows something else than {name}"
            );
            let colors: BTreeSet<_> = shown.pixels().map(|pixel| pixel.0).collect();
            ensure!(colors.len() > 16, "{name} has {} colors", colors.len());
        }
        Ok(())
    }
}

fn open(path: &Path) -> anyhow::Result<DynamicImage> {
    image::open(path).with_context(|| format!("no picture in {}", path.display()))
}

/// The middle of a picture; of a cell and of the thumbnail in it, it is the same.
fn middle(picture: &DynamicImage) -> RgbImage {
    // As the sheet is drawn: what is left over of an odd number goes to the right and down.
    let (width, height) = picture.dimensions();
    let left = CELL / 2 - (CELL - width) / 2 - MIDDLE / 2;
    let top = CELL / 2 - (CELL - height) / 2 - MIDDLE / 2;
    picture.crop_imm(left, top, MIDDLE, MIDDLE).into_rgb8()
}
