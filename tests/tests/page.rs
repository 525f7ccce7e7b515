//! The page in a real browser: `npm run e2e` and `npm run e2e:keep` of `web/` on the sample, `npm run e2e:roads` on an
//! atlas with roads.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::process::Command;

use maillage_tests::{Server, absent, repository, toulouse_atlas};

/// Whether the tests of the page can run; says why when not.
fn is_here() -> bool {
    let here = repository().join("web/node_modules").exists();
    if !here {
        absent("web/node_modules is missing: run `npm ci` in web/, as `make test` does");
    }
    here
}

fn passes(script: &str, server: &Server) {
    let page = server.get("/");
    assert_eq!(
        page.status, 200,
        "the program was built without its page: run `make web`, then build it again"
    );
    let done = Command::new("npm")
        .args(["run", "--silent", script])
        .current_dir(repository().join("web"))
        .env("MAILLAGE_URL", format!("http://{}", server.address))
        .output()
        .expect("npm starts");
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{out}\n{err}");
}

#[test]
fn the_page_works_in_a_real_browser() {
    if is_here() {
        passes("e2e", &Server::of_the_sample());
    }
}

#[test]
fn the_page_gives_its_map_away_as_a_picture_a_link_and_a_frame() {
    if is_here() {
        passes("e2e:keep", &Server::of_the_sample());
    }
}

#[test]
fn the_page_says_which_times_follow_roads_and_draws_the_way() {
    if is_here()
        && let Some(atlas) = toulouse_atlas()
    {
        passes("e2e:roads", &Server::of(atlas));
    }
}
