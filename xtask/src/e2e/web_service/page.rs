//! The page, as a person sees it.

use anyhow::ensure;
use serde_json::json;

use super::browser::Browser;
use super::service::Service;
use crate::e2e::check::Outcome;
use crate::e2e::stage::Stage;

/// No runner is there.
const NO_RUNNERS: &str = "document.getElementById('pool')?.textContent.startsWith('0 runners')";
/// Remembers the most runners that the page has shown.
const REMEMBER: &str = "window.most = 0;
    new MutationObserver(() => {
        window.most = Math.max(window.most, document.getElementById('runners').children.length);
    }).observe(document.getElementById('runners'), {childList: true});";
const UPLOAD: &str = "document.querySelector('#form button').click()";
const IS_DONE: &str = "document.getElementById('said').textContent === 'done'";
/// Three thumbnails have been loaded and drawn.
const THUMBNAILS: &str = "[...document.querySelectorAll('#pictures li.done img')]
    .filter((image) => image.complete && image.naturalWidth > 0).length === 3";
const REFUSED: &str = "document.querySelector('#pictures li.refused').textContent";

pub(super) fn shows_uploads(stage: &Stage) -> anyhow::Result<Outcome> {
    let Some(name) = Browser::installed() else {
        return Ok(Outcome::Skipped("no Chromium is installed".to_owned()));
    };
    let service = Service::start(stage)?;
    let url = format!("http://{}/", service.address());
    let mut page = Browser::open(name, &url)?;
    page.wait_until(NO_RUNNERS)?;
    page.see(REMEMBER)?;

    let names = ["astronaut.png", "coffee.png", "rocket.jpg", "truncated.jpg"];
    let files = names.map(|name| stage.pictures().join(name));
    page.choose("input[type=file]", &files)?;
    page.see(UPLOAD)?;

    page.wait_until(IS_DONE)?;
    page.wait_until(THUMBNAILS)?;
    let refused = page.see(REFUSED)?;
    ensure!(
        refused
            .as_str()
            .is_some_and(|text| text.contains("truncated.jpg") && text.contains("damaged picture")),
        "the page says {refused} of the broken picture"
    );
    let most = page.see("window.most")?;
    ensure!(
        most.as_u64().is_some_and(|most| most > 0),
        "no runner was ever shown"
    );
    page.wait_until(NO_RUNNERS)?;
    ensure!(
        page.see("document.getElementById('runners').children.length")? == json!(0),
        "runners are still shown"
    );
    // An open page is no reason to stay, and its browser would try again.
    drop(page);
    service.stop()?;
    Ok(Outcome::Passed(format!(
        "{name} showed up to {most} runners"
    )))
}
