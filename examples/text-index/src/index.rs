use std::fs;
use std::path::Path;

use anyhow::Context as _;
use fm_index::{FMIndexWithLocate, MatchWithLocate as _, Search as _, Text};
use serde::{Deserialize, Serialize};

/// One in so many positions is kept, as a power of two: less memory for more time to find a place.
const SAMPLING: usize = 3;

/// All texts below a folder, and where everything stands in them. It is hundreds of times larger than an answer, takes
/// seconds to build, and implements no serde: it stays where it was built.
pub(crate) struct TextIndex {
    files: Vec<File>,
    text: Vec<u8>,
    index: FMIndexWithLocate<u8>,
}

struct File {
    path: String,
    /// Where it begins in the whole text.
    start: usize,
}

/// How much there is to find.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Size {
    pub(crate) files: usize,
    pub(crate) bytes: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    /// How often it stands there.
    pub(crate) times: usize,
    /// The first place: file, line, and what the line says.
    pub(crate) first: Option<(String, usize, String)>,
}

impl TextIndex {
    /// Reads everything below `folder` that is a text, and builds the index.
    pub(crate) fn build(folder: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        let mut text = Vec::new();
        read_all(folder, folder, &mut files, &mut text)?;
        anyhow::ensure!(!files.is_empty(), "no text is below {}", folder.display());
        // The index wants one zero, at the end.
        text.push(0);
        let index = FMIndexWithLocate::new(&Text::new(&text[..]), SAMPLING)?;
        Ok(Self { files, text, index })
    }

    pub(crate) fn size(&self) -> Size {
        Size {
            files: self.files.len(),
            bytes: self.text.len() - 1,
        }
    }

    /// Finds every place of `pattern`. To count them takes as long as the pattern is, whatever the size of the text; which
    /// is the first takes a look at each of them.
    pub(crate) fn find(&self, pattern: &str) -> Found {
        let search = self.index.search(pattern);
        let first = search.iter_matches().map(|place| place.locate()).min();
        Found {
            times: search.count(),
            first: first.and_then(|position| self.place(position)),
        }
    }

    fn place(&self, position: usize) -> Option<(String, usize, String)> {
        let after = self.files.partition_point(|file| file.start <= position);
        let file = self.files.get(after.checked_sub(1)?)?;
        let before = self.text.get(file.start..position)?;
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        let begin = before.iter().rposition(|&byte| byte == b'\n');
        let begin = begin.map_or(file.start, |newline| file.start + newline + 1);
        let words = self
            .text
            .get(begin..)?
            .split(|&byte| byte == b'\n')
            .next()?;
        let words = String::from_utf8_lossy(words).trim().to_owned();
        Some((file.path.clone(), line, words))
    }
}

fn read_all(
    root: &Path,
    folder: &Path,
    files: &mut Vec<File>,
    text: &mut Vec<u8>,
) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths: Vec<_> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "target" {
            continue;
        }
        if path.is_dir() {
            read_all(root, &path, files, text)?;
        } else if let Ok(content) = fs::read_to_string(&path)
            && !content.contains('\0')
        {
            files.push(File {
                path: path
                    .strip_prefix(root)
                    .unwrap_or(&path)
                    .display()
                    .to_string(),
                start: text.len(),
            });
            text.extend_from_slice(content.as_bytes());
        }
    }
    Ok(())
}
