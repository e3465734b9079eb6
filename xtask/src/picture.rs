//! The picture of a run that the README shows: what the example printed on a terminal, as SVG.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::run;

/// Where the picture is.
const PICTURE: &str = "examples/thumbnails/run.svg";
/// What the reader would type.
const TYPED: &str = "cargo run -p thumbnails";
/// The sizes of one letter and of the frame, in pixels.
const LETTER: (f32, f32) = (7.3, 17.0);
const FRAME: f32 = 14.0;
/// The longest line that is shown whole.
const LONGEST: usize = 104;

/// Runs the example, and writes what it printed.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut build = run::cargo("build --quiet -p thumbnails");
    run::quietly(&mut build)?;
    let this = std::env::current_exe()?;
    let target = this
        .ancestors()
        .nth(2)
        .context("cargo did not build this")?;
    let folder = tempfile::tempdir()?;
    // One stream, so that the lines stand in the order in which they were written.
    let output = Command::new("sh")
        .args(["-c", "exec \"$0\" 2>&1"])
        .arg(target.join("debug/thumbnails"))
        .current_dir(folder.path())
        .output()?;
    ensure!(
        output.status.success(),
        "the example ended with {}",
        output.status
    );
    let text = String::from_utf8(output.stdout)?;
    let path = run::workspace_root().join(PICTURE);
    fs::write(&path, svg(&text))?;
    run::say(&format!("wrote {PICTURE}"));
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a terminal has few lines and letters"
)]
fn svg(text: &str) -> String {
    let lines: Vec<String> = [format!("$ {TYPED}")]
        .into_iter()
        .chain(text.lines().map(shortened))
        .collect();
    let letters = lines.iter().map(|line| line.chars().count()).max();
    let width = 2.0 * FRAME + LETTER.0 * letters.unwrap_or_default() as f32;
    let height = 2.0 * FRAME + LETTER.1 * lines.len() as f32;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"12\">\n\
         <title>{TYPED}</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#16181d\"/>\n"
    );
    for (line, number) in lines.iter().zip(1_u16..) {
        let y = FRAME + LETTER.1 * (f32::from(number) - 0.3);
        let color = color(line);
        // Writing to a text cannot fail.
        let _ = writeln!(
            svg,
            "<text x=\"{FRAME}\" y=\"{y:.1}\" fill=\"{color}\" xml:space=\"preserve\">{}</text>",
            escaped(line)
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// What happens to runners stands out.
fn color(line: &str) -> &'static str {
    if line.starts_with('$') {
        "#ffffff"
    } else if line.starts_with("runner-") {
        "#f5a742"
    } else {
        "#c8ccd4"
    }
}

fn shortened(line: &str) -> String {
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    let kept: String = line.chars().take(LONGEST - 1).collect();
    // Half a word would be a word that nobody wrote.
    let whole = kept.rsplit_once(' ').map_or(&*kept, |(whole, _)| whole);
    format!("{whole} …")
}

fn escaped(line: &str) -> String {
    line.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_there_and_nothing_of_it_is_markup() {
        let svg = svg("runner-0 boots\n1 < 2 & 3\n");
        assert_eq!(svg.matches("<text").count(), 3);
        assert!(svg.contains(">runner-0 boots</text>"), "{svg}");
        assert!(svg.contains("1 &lt; 2 &amp; 3"), "{svg}");
    }
}
