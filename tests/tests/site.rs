//! `maillage export-site`: a folder that a file host serves, in a real browser.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::path::Path;
use std::process::Command;

use maillage_tests::{Done, Server, absent, folder, repository, run, sample_atlas};
use serde_json::Value as Json;

fn export_site(question: &str, to: &Path) -> Done {
    let atlas = sample_atlas().to_str().expect("UTF-8");
    run(&["export-site", to.to_str().expect("UTF-8"), "--question", question, "--atlas", atlas])
}

fn json(path: &Path) -> Json {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

#[test]
fn the_page_works_on_a_file_host_with_ranges_and_without() {
    if !repository().join("web/node_modules").exists() {
        absent("web/node_modules is missing: run `npm ci` in web/, as `make test` does");
        return;
    }
    let aside = folder();
    let site = aside.path().join("site");
    export_site("", &site).succeeded();
    let done = Command::new("npm")
        .args(["run", "--silent", "e2e:site"])
        .current_dir(repository().join("web"))
        .env("MAILLAGE_SITE", &site)
        .output()
        .expect("npm starts");
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{out}\n{err}");
}

#[test]
fn the_answers_of_a_site_are_those_of_the_server() {
    let aside = folder();
    let site = aside.path().join("site");
    export_site("territory=departement:63&minutes=15", &site).succeeded();
    let server = Server::of_the_sample();
    let whole = json(&site.join("answers/whole.json"));
    assert_eq!(whole, server.json("/api/territories/departement:63?minutes=15"));
    let manifest = json(&site.join("site.json"));
    assert_eq!(
        (&manifest["question"], &manifest["territory"]),
        (&"minutes=15".into(), &"departement:63".into())
    );
    let answers = manifest["answers"].as_array().expect("answers");
    let ids: Vec<&str> = answers.iter().map(|id| id.as_str().expect("an id")).collect();
    assert!(ids.contains(&"departement:63") && ids.contains(&"epci:246300701"), "{ids:?}");
    assert!(!ids.contains(&"region:84"), "wider than the perimeter");
    for id in ids.iter().step_by(4) {
        let own = json(&site.join(format!("answers/{}.json", id.replace(':', "-"))));
        assert_eq!(own, server.json(&format!("/api/territories/{id}?minutes=15")), "{id}");
        let zones = json(&site.join(format!("zones/{}.json", id.replace(':', "-"))));
        let answered = server.json(&format!("/api/zones?territory={id}&minutes=15&limit=10"));
        assert_eq!(
            (&zones["features"], &zones["totals"]),
            (&answered["features"], &answered["totals"]),
            "{id}"
        );
    }
}

#[test]
fn a_folder_that_is_no_site_and_a_territory_nobody_knows_are_refused() {
    let aside = folder();
    std::fs::File::create(aside.path().join("mine.txt")).expect("a file");
    let done = export_site("", aside.path());
    assert!(done.failed(2).contains("not empty"), "{}", done.stderr);
    let done = export_site("territory=commune:99999", &aside.path().join("site"));
    assert!(done.failed(2).contains("commune:99999"), "{}", done.stderr);
    let left = std::fs::read_dir(aside.path()).expect("a folder").count();
    assert_eq!(left, 1, "nothing but what was there");
}
