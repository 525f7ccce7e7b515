//! The page in a real browser: `npm run e2e` of `web/` on the sample.

use std::process::Command;

use maillage_tests::{Server, absent, repository};

#[test]
fn the_page_works_in_a_real_browser() {
    let web = repository().join("web");
    if !web.join("node_modules").exists() {
        absent("web/node_modules is missing: run `npm ci` in web/, as `make test` does");
        return;
    }
    let server = Server::of_the_sample();
    let page = server.get("/");
    assert_eq!(
        page.status, 200,
        "the program was built without its page: run `make web`, then build it again"
    );
    let done = Command::new("npm")
        .args(["run", "--silent", "e2e"])
        .current_dir(&web)
        .env("MAILLAGE_URL", format!("http://{}", server.address))
        .output()
        .expect("npm starts");
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{out}\n{err}");
}
