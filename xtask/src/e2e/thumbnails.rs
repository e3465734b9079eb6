//! Real work on real pictures.

mod made;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::ensure;
use tempfile::tempdir;

use super::check::{Check, Outcome};
use super::program::Program;
use super::stage::Stage;
pub(super) use made::Made;

/// How long a runner may outlive its parent: a picture that is being worked on, and some patience.
const SOON: Duration = Duration::from_secs(10);
/// How many pictures there are to do when the parent is killed.
const MANY: usize = 100;

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "thumbnails makes the shipped pictures small on runners, and names the bad ones",
        look: on_runners,
    },
    Check {
        name: "thumbnails makes the same in its own process",
        look: in_process,
    },
    Check {
        name: "thumbnails takes frames of a video on a runner",
        look: of_a_video,
    },
    Check {
        name: "thumbnails says what it needs for a video",
        look: of_a_video_without_ffmpeg,
    },
    Check {
        name: "thumbnails leaves no runner when it is killed at work",
        look: killed_at_work,
    },
];

fn on_runners(stage: &Stage) -> anyhow::Result<Outcome> {
    let out = tempdir()?;
    let ended = Program::run(thumbnails(stage, &stage.pictures(), out.path())?)?.succeeded()?;
    let made = Made::read(&ended, out.path())?;
    made.is_all_of_the_shipped()?;
    ensure!(
        !made.processes.contains(&ended.pid),
        "the parent worked itself{}",
        ended.said()
    );
    for process in &made.processes {
        let came = format!("is up as pid {process}\n");
        ensure!(
            ended.stderr.contains(&came),
            "nobody saw {process} come{}",
            ended.said()
        );
    }
    let left = ended.stderr.matches(" is gone\n").count();
    ensure!(
        left >= made.processes.len(),
        "{left} runners were seen to leave{}",
        ended.said()
    );
    Ok(Outcome::Passed(format!(
        "by {} runners",
        made.processes.len()
    )))
}

fn in_process(stage: &Stage) -> anyhow::Result<Outcome> {
    let out = tempdir()?;
    let mut command = thumbnails(stage, &stage.pictures(), out.path())?;
    command.args(["--backend", "in-process"]);
    let ended = Program::run(command)?.succeeded()?;
    let made = Made::read(&ended, out.path())?;
    made.is_all_of_the_shipped()?;
    ensure!(
        made.processes.iter().eq([&ended.pid]),
        "others than {} worked{}",
        ended.pid,
        ended.said()
    );
    Ok(Outcome::Passed(String::new()))
}

fn of_a_video(stage: &Stage) -> anyhow::Result<Outcome> {
    let folder = tempdir()?;
    let video = folder.path().join("holiday.mp4");
    let frames = ["rocket.jpg", "retina.jpg", "hubble_deep_field.jpg"];
    let frames = frames.map(|name| stage.pictures().join(name).display().to_string() + "\n");
    fs::write(&video, frames.concat())?;
    let bin = folder.path().join("bin");
    fs::create_dir(&bin)?;
    symlink(stage.fixture("ffmpeg.sh"), bin.join("ffmpeg"))?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = [bin].into_iter().chain(std::env::split_paths(&path));

    let out = folder.path().join("out");
    let mut command = thumbnails(stage, &video, &out)?;
    command.env("PATH", std::env::join_paths(path)?);
    let ended = Program::run(command)?.succeeded()?;

    let made = Made::read(&ended, &out)?;
    let times = ["00h00m00s", "00h00m05s", "00h00m10s"];
    made.has(&times.map(|time| format!("holiday {time}.jpg")))?;
    let taken_by = fs::read_to_string(folder.path().join("holiday.mp4.taken-by"))?;
    ensure!(
        taken_by.trim() != ended.pid.to_string(),
        "the parent took the frames itself{}",
        ended.said()
    );
    Ok(Outcome::Passed(format!("by process {}", taken_by.trim())))
}

fn of_a_video_without_ffmpeg(stage: &Stage) -> anyhow::Result<Outcome> {
    let folder = tempdir()?;
    let video = folder.path().join("holiday.mp4");
    fs::write(&video, "no picture")?;
    let mut command = thumbnails(stage, &video, folder.path())?;
    command.env("PATH", folder.path());
    let ended = Program::run(command)?.ended_with(1)?;
    let expected = "needs `ffmpeg`, which is not on the PATH";
    ensure!(
        ended.stderr.contains(expected),
        "it does not say so{}",
        ended.said()
    );
    Ok(Outcome::Passed(String::new()))
}

fn killed_at_work(stage: &Stage) -> anyhow::Result<Outcome> {
    let folder = tempdir()?;
    let pictures = folder.path().join("pictures");
    fs::create_dir(&pictures)?;
    let picture = stage.pictures().join("retina.jpg");
    for number in 0..MANY {
        symlink(&picture, pictures.join(format!("{number}.jpg")))?;
    }
    let mut program = Program::start(thumbnails(stage, &pictures, folder.path())?)?;
    program.wait_for_line("[1/100]")?;
    let runners = program.processes().len() - 1;
    ensure!(runners > 0, "there are {:?}", program.processes());
    program.kill_parent()?;
    let after = program.wait_until_gone(SOON, &[])?;
    let done = program
        .read("stderr")
        .lines()
        .filter(|line| line.contains("/100]"))
        .count();
    ensure!(done < MANY, "everything was done before");
    Ok(Outcome::Passed(format!(
        "{runners} were gone after {after:.1?}"
    )))
}

/// The example, about to work on what is at `source`.
fn thumbnails(stage: &Stage, source: &Path, out: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(stage.example("thumbnails")?);
    command.arg(source).arg("--out").arg(out);
    Ok(command)
}
