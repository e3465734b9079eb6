//! A web service whose uploads are worked on by runners.

mod browser;
mod page;
mod service;
mod view;

use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::check::{Check, Outcome};
use super::http::{Answer, Http};
use super::stage::Stage;
use service::{Service, large_picture};
use view::Picture;

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "axum-thumbnails makes thumbnails of uploads, and reports a broken one",
        look: makes_thumbnails,
    },
    Check {
        name: "axum-thumbnails loses no upload whose runner is killed",
        look: loses_no_upload,
    },
    Check {
        name: "axum-thumbnails ends the work of a client that leaves",
        look: ends_the_work_of_a_client_that_leaves,
    },
    Check {
        name: "axum-thumbnails answers what it has begun when it is told to end",
        look: answers_before_it_ends,
    },
    Check {
        name: "axum-thumbnails has detached work done even when it is killed",
        look: detached_work_outlives_it,
    },
    Check {
        name: "axum-thumbnails has a page that shows uploads and runners in a browser",
        look: page::shows_uploads,
    },
];

/// The longest side of a thumbnail.
const SIZE: u32 = 256;
/// How long the service may take to end, as its `main` says.
const BOUND: Duration = Duration::from_secs(25);

fn makes_thumbnails(stage: &Stage) -> anyhow::Result<Outcome> {
    let service = Service::start(stage)?;
    service.view(|view| view.pool.runners.is_empty() && view.pictures.is_empty())?;
    let names = ["astronaut.png", "coffee.png", "rocket.jpg", "truncated.jpg"];
    let files = shipped(stage, &names)?;

    let pictures = pictures(
        &service
            .http
            .post_files("/pictures", &files)?
            .with_status(200)?,
    )?;

    ensure!(
        pictures.iter().map(|picture| &picture.name[..]).eq(names),
        "the answer is about {pictures:?}"
    );
    let (good, broken) = pictures.split_at(3);
    for picture in good {
        ensure!(picture.state == "done", "no thumbnail: {picture:?}");
        ensure!(
            picture.process != Some(service.pid()),
            "made by the service: {picture:?}"
        );
        let thumbnail = service
            .http
            .get(&format!("/pictures/{}/thumbnail", picture.id))?;
        let thumbnail = image::load_from_memory(&thumbnail.with_status(200)?.body)?;
        let longest = thumbnail.width().max(thumbnail.height());
        ensure!(longest == SIZE, "it has {longest} pixels: {picture:?}");
    }
    let reason = broken[0].reason.as_deref().unwrap_or_default();
    ensure!(
        broken[0].state == "refused" && reason.starts_with("damaged picture"),
        "not reported: {broken:?}"
    );
    let shown = service.view(|view| view.pool.runners.is_empty())?;
    ensure!(shown.pictures.len() == 4, "shown are {:?}", shown.pictures);
    let page = service.http.get("/")?.with_status(200)?;
    ensure!(
        page.body.starts_with(b"<!doctype html>"),
        "there is no page"
    );
    let after = service.stop()?;
    Ok(Outcome::Passed(format!(
        "told to end, it ended after {after:.1?}"
    )))
}

fn loses_no_upload(stage: &Stage) -> anyhow::Result<Outcome> {
    let service = Service::start(stage)?;
    let files = [("large.png", large_picture()?)];
    let address = service.address();
    let uploading = thread::spawn(move || {
        Http::at(address)?
            .post_files("/pictures", &files)?
            .with_status(200)
    });

    let runner = service.view(|view| view.at_work().is_some())?.at_work();
    let killed = runner.context("nobody is at work")?;
    service.kill(killed)?;

    let answer = uploading
        .join()
        .map_err(|_| anyhow::anyhow!("the upload panicked"))??;
    let [picture] = &pictures(&answer)?[..] else {
        anyhow::bail!("the answer is about other pictures")
    };
    ensure!(
        picture.state == "done" && picture.attempt == Some(2) && picture.process != Some(killed),
        "process {killed} was killed, and then: {picture:?}"
    );
    service.stop()?;
    Ok(Outcome::Passed(format!(
        "process {killed} was killed, and {} did its work",
        picture.process.unwrap_or_default()
    )))
}

fn ends_the_work_of_a_client_that_leaves(stage: &Stage) -> anyhow::Result<Outcome> {
    let service = Service::start(stage)?;
    let connection = service.send("large.png", large_picture()?)?;
    service.view(|view| view.at_work().is_some())?;

    drop(connection);

    let shown = service.view(|view| {
        view.pictures
            .iter()
            .all(|picture| picture.state != "waiting")
    })?;
    ensure!(
        shown.pictures.len() == 1 && shown.pictures[0].state == "cancelled",
        "the client left, and then: {:?}",
        shown.pictures
    );
    // What works no more is idle, and then it goes.
    service.view(|view| view.pool.runners.is_empty())?;
    service.stop()?;
    Ok(Outcome::Passed(String::new()))
}

fn answers_before_it_ends(stage: &Stage) -> anyhow::Result<Outcome> {
    let service = Service::start(stage)?;
    let files = [("large.png", large_picture()?)];
    let address = service.address();
    let uploading = thread::spawn(move || {
        Http::at(address)?
            .post_files("/pictures", &files)?
            .with_status(200)
    });
    // An open page, which nobody closes.
    let mut page = service.http.events("/live")?;
    service.view(|view| view.at_work().is_some())?;

    service.tell_to_end()?;

    while page.next()?.is_some() {}
    drop(page);
    let answer = uploading
        .join()
        .map_err(|_| anyhow::anyhow!("the upload panicked"))??;
    let pictures = pictures(&answer)?;
    ensure!(
        pictures.len() == 1 && pictures[0].state == "done",
        "the answer is {pictures:?}"
    );
    let (after, _) = service.end(BOUND)?;
    Ok(Outcome::Passed(format!(
        "it ended {after:.1?} after its last answer"
    )))
}

fn detached_work_outlives_it(stage: &Stage) -> anyhow::Result<Outcome> {
    let mut service = Service::start(stage)?;
    let files = [("large.png", large_picture()?)];
    let answer = service
        .http
        .post_files("/pictures?detached", &files)?
        .with_status(202)?;
    let [picture] = &pictures(&answer)?[..] else {
        anyhow::bail!("the answer is about other pictures")
    };
    service.has_begun()?;

    let service = service.start_again_after_a_kill(stage)?;

    let path = format!("/pictures/{}", picture.id);
    let found: Picture = serde_json::from_slice(&service.http.get(&path)?.with_status(200)?.body)?;
    ensure!(found.state == "done", "it was killed, and then: {found:?}");
    service.stop()?;
    Ok(Outcome::Passed(format!(
        "process {} did it without a parent",
        found.process.unwrap_or_default()
    )))
}

/// Pictures that ship with the other example.
fn shipped<'a>(stage: &Stage, names: &[&'a str]) -> anyhow::Result<Vec<(&'a str, Vec<u8>)>> {
    let read = |name: &&'a str| Ok((*name, fs::read(stage.pictures().join(name))?));
    names.iter().map(read).collect()
}

fn pictures(answer: &Answer) -> anyhow::Result<Vec<Picture>> {
    Ok(serde_json::from_slice(&answer.body)?)
}
