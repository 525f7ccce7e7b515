//! The commands of the README, run as they are written.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs;
use std::io::Write;
use std::process::Command;

use maillage_tests::{Server, folder, repository};
use serde_json::json;

/// The commands of a kind in the README's shell blocks, continued lines joined.
fn commands(program: &str) -> Vec<String> {
    let readme = fs::read_to_string(repository().join("README.md")).expect("a README");
    let blocks = readme.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let joined: String = blocks.collect::<String>().replace("\\\n", " ");
    joined.lines().filter(|line| line.starts_with(program)).map(str::to_owned).collect()
}

/// What a command of the README prints, or writes to the file it names, run in a folder of its own.
fn run_as_written(command: &str) -> String {
    let folder = folder();
    let square = json!({"type": "Polygon", "coordinates": [[[3.3, 45.3], [4.0, 45.3], [4.0, 45.9], [3.3, 45.9], [3.3, 45.3]]]});
    let drawn = fs::File::create(folder.path().join("perimetre.geojson"));
    drawn.and_then(|mut file| file.write_all(square.to_string().as_bytes())).expect("a file is written");
    let done = Command::new("sh").args(["-c", command]).current_dir(&folder).output().expect("a shell");
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{command}: {out:.300} {err}");
    fs::read_to_string(folder.path().join("diagnostic.html")).unwrap_or_else(|_| out.into_owned())
}

#[test]
fn the_questions_of_the_readme_are_answered_as_they_are_written() {
    let server = Server::of_the_sample();
    let asked = commands("curl ");
    assert!(asked.len() >= 5, "{asked:?}");
    let host = format!("http://{}", server.address);
    for command in asked {
        let here =
            command.replace("http://127.0.0.1:8080", &host).replacen("curl", "curl -sS --fail-with-body", 1);
        let answer = run_as_written(&here);
        // Each answers with something of the Auvergne it asks about.
        let told = if command.contains("/report") {
            answer.contains("<title>") && answer.contains("Puy-de-Dôme") && answer.contains("Haute-Loire")
        } else if command.contains("f=csv") {
            answer.starts_with("id,code,name") && answer.lines().count() > 5
        } else {
            let json: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
            let some = |key: &str| json[key].as_array().is_some_and(|all| !all.is_empty());
            some("features") || some("venues") || json["answer"]["beyond"].as_u64().is_some_and(|n| n > 0)
        };
        assert!(told, "{command}: {answer:.300}");
    }
}
