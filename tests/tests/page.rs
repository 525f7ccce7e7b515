//! The page in a real browser: each script of `web/e2e` on the sample, `npm run e2e:roads` on an atlas with roads.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::process::Command;
use std::sync::{Mutex, PoisonError};

use maillage_tests::{Server, absent, maillage, repository, sample_atlas, toulouse_atlas};

/// Whether the tests of the page can run; says why when not.
fn is_here() -> bool {
    let here = repository().join("web/node_modules").exists();
    if !here {
        absent("web/node_modules is missing: run `npm ci` in web/, as `make test` does");
    }
    here
}

/// Runs a script of `web/package.json`, one at a time: some of them measure time.
fn passes(script: &str, server: &Server) {
    static ALONE: Mutex<()> = Mutex::new(());
    let page = server.get("/");
    assert_eq!(
        page.status, 200,
        "the program was built without its page: run `make web`, then build it again"
    );
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let done = Command::new("npm")
        .args(["run", script])
        .current_dir(repository().join("web"))
        .env("MAILLAGE_URL", format!("http://{}", server.address))
        .env("MAILLAGE_BINARY", maillage().get_program())
        .env("MAILLAGE_ATLAS", sample_atlas())
        .output()
        .expect("npm starts");
    drop(alone);
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "npm run {script}: {}\n{out}\n{err}", done.status);
}

fn passes_on_the_sample(script: &str) {
    if is_here() {
        passes(script, &Server::of_the_sample());
    }
}

#[test]
fn the_page_works_in_a_real_browser() {
    passes_on_the_sample("e2e");
}

#[test]
fn every_control_asks_another_question_and_a_newcomer_gets_the_worst_zones_for_qgis() {
    passes_on_the_sample("e2e:ask");
}

#[test]
fn the_page_explains_its_answer_and_lists_its_map_as_a_table() {
    passes_on_the_sample("e2e:understand");
}

#[test]
fn the_page_serves_everyone_and_holds_in_bad_weather() {
    passes_on_the_sample("e2e:steady");
}

#[test]
fn the_page_keeps_to_its_budgets_of_bytes_and_time() {
    // A server of its own: what it measures as asked for the first time must be so.
    if is_here() {
        passes("e2e:budgets", &Server::of(sample_atlas()));
    }
}

#[test]
fn the_guide_can_be_followed() {
    passes_on_the_sample("e2e:guide");
}

#[test]
fn the_page_gives_its_map_away_as_a_picture_a_link_and_a_frame() {
    passes_on_the_sample("e2e:keep");
}

#[test]
fn the_page_says_which_times_follow_roads_and_draws_the_way() {
    if is_here()
        && let Some(atlas) = toulouse_atlas()
    {
        passes("e2e:roads", &Server::of(atlas));
    }
}
