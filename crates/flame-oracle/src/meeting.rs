use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The length of a line in the file.
const LINE: usize = 12;

/// A place where a number of tasks wait for one another: it takes place when all of them run at the same time.
#[derive(Clone, Debug)]
pub struct Meeting {
    path: PathBuf,
    expected: usize,
}

impl Meeting {
    /// A meeting of so many tasks, which find it by a file that does not exist yet.
    pub fn at(path: impl Into<PathBuf>, expected: usize) -> Self {
        Self {
            path: path.into(),
            expected,
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Comes to the meeting. Whoever has come stays until it [takes place](Self::takes_place).
    ///
    /// # Errors
    ///
    /// When the file cannot be written to.
    pub fn arrive(&self) -> io::Result<()> {
        let mut file = File::options().append(true).create(true).open(&self.path)?;
        let pid = std::process::id();
        file.write_all(format!("{pid:>width$}\n", width = LINE - 1).as_bytes())
    }

    /// Whether everybody has come.
    pub fn takes_place(&self) -> bool {
        let length = fs::metadata(&self.path).map_or(0, |metadata| metadata.len());
        length >= (self.expected * LINE) as u64
    }

    /// How many have come from each process.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn arrivals(&self) -> io::Result<BTreeMap<u32, usize>> {
        let mut arrivals = BTreeMap::new();
        for line in fs::read_to_string(&self.path)?.lines() {
            let pid = line.trim().parse().map_err(io::Error::other)?;
            *arrivals.entry(pid).or_default() += 1;
        }
        Ok(arrivals)
    }
}
