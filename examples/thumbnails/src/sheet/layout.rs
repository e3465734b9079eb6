/// Space around the whole sheet, in pixels.
const MARGIN: u32 = 24;

/// Space between two cells, in pixels.
const GAP: u32 = 16;

/// Space under a cell for its caption, in pixels.
const CAPTION: u32 = 24;

/// The longest side of a sheet, in pixels: what common viewers still show.
const LONGEST_SIDE: u32 = 6_000;

/// Where the cells of a contact sheet lie. All are equal squares, each with room for a caption below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    cell: u32,
    columns: u32,
    rows: u32,
    shown: u32,
}

impl Layout {
    /// Chooses the largest of `sizes` at which `count` pictures fit on a sheet.
    ///
    /// If they fit at none, it takes the smallest and shows as many pictures as there is room for.
    /// `None` if there is nothing to show.
    #[must_use]
    pub fn choose(count: usize, sizes: &[u32]) -> Option<Self> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let smallest = *sizes.iter().min()?;
        let best = sizes
            .iter()
            .filter(|&&size| Self::grid(count, size).fits())
            .max();
        match best {
            Some(&size) => Some(Self::grid(count, size)),
            None => Some(Self::full(count, smallest)),
        }
        .filter(|layout| layout.shown > 0)
    }

    /// The side of a cell in pixels.
    #[must_use]
    pub fn cell(&self) -> u32 {
        self.cell
    }

    /// How many pictures are shown.
    #[must_use]
    pub fn shown(&self) -> usize {
        self.shown as usize
    }

    /// Width and height of the sheet in pixels.
    #[must_use]
    pub fn dimensions(&self) -> (u32, u32) {
        let side = |count: u32, step: u32| 2 * MARGIN + (count * step).saturating_sub(GAP);
        (
            side(self.columns, self.cell + GAP),
            side(self.rows, self.cell + CAPTION + GAP),
        )
    }

    /// The upper left corner of each shown cell, row by row.
    pub fn cells(&self) -> impl Iterator<Item = (u32, u32)> {
        let (columns, cell) = (self.columns, self.cell);
        (0..self.shown).map(move |index| {
            let (column, row) = (index % columns, index / columns);
            (
                MARGIN + column * (cell + GAP),
                MARGIN + row * (cell + CAPTION + GAP),
            )
        })
    }

    /// As close to as many columns as rows as possible.
    fn grid(count: u32, cell: u32) -> Self {
        let floor = count.isqrt();
        let columns = if floor * floor == count {
            floor
        } else {
            floor + 1
        };
        Self {
            cell,
            columns,
            rows: count.div_ceil(columns.max(1)),
            shown: count,
        }
    }

    /// A sheet as large as sheets may be.
    fn full(count: u32, cell: u32) -> Self {
        let columns = most(cell + GAP);
        let rows = most(cell + CAPTION + GAP);
        Self {
            cell,
            columns,
            rows,
            shown: count.min(columns * rows),
        }
    }

    fn fits(&self) -> bool {
        self.columns <= most(self.cell + GAP) && self.rows <= most(self.cell + CAPTION + GAP)
    }
}

/// How many cells, each taking `step`, fit next to each other.
fn most(step: u32) -> u32 {
    (LONGEST_SIDE - 2 * MARGIN + GAP) / step
}
