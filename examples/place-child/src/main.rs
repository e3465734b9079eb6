//! A service with a state that lives on a runner: a full-text index, which is told documents and asked questions.
//!
//! `cargo run -p place-child -- FOLDER WORD..` reads the `.md` and `.rs` files below a folder.
#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

mod index;
mod librarian;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use flame::Pool;

use librarian::{Librarian, Msg};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    if let Some(runner) = flame::runner() {
        return Ok(runner.serve().await?);
    }
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(own_sources, PathBuf::from);
    let mut words = arguments.collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        "an actor that lives on a runner".clone_into(&mut words);
    }

    let pool = Pool::builder("librarians")
        .max(1)
        // A runner that has nothing to do goes at once; one with a child has something to do.
        .idle_shutdown_after(Duration::from_millis(100))
        .start()
        .await?;
    let librarian = pool.place_child::<Librarian>(()).await?;
    let process = librarian.ask(Msg::Process).await?;
    println!(
        "the index lives in process {process}, this is process {}",
        std::process::id()
    );

    let read = read(&folder, &librarian.mailbox()).await?;
    println!("{read} documents read from {}", folder.display());

    tokio::time::sleep(Duration::from_millis(500)).await;
    let hits = librarian
        .ask(|reply| Msg::Find {
            words: words.clone(),
            limit: 3,
            reply,
        })
        .await?;
    println!("after five times its idle time it knows about {words:?}:");
    for hit in hits {
        println!("{:>6.2}  {}", hit.score, hit.name);
    }

    let report = librarian.stop().await?;
    println!(
        "it has ended, with {} documents, {} different words and {} question answered",
        report.documents, report.words, report.questions
    );
    pool.shutdown().await;
    Ok(())
}

/// The sources of this program.
fn own_sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Tells every text below the folder, and counts them.
async fn read(folder: &Path, mailbox: &flame::Mailbox<Msg>) -> anyhow::Result<usize> {
    let mut folders = vec![folder.to_path_buf()];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if is_text(&path) {
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                let name = path.display().to_string();
                mailbox.send(Msg::Add { name, text }).await?;
                count += 1;
            }
        }
    }
    Ok(count)
}

fn is_text(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("md" | "rs"))
}
