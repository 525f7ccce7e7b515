//! The report of a territory: in a real browser, on paper, and beside the API.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]` functions")]

use std::path::{Path, PathBuf};
use std::process::Command;

use maillage_tests::{Server, folder, run, sample_atlas};
use serde_json::Value as Json;

/// What the issue names: a département, an EPCI, a union, a village, the région; and questions that leave
/// things unknown or nobody beyond.
const ASKED: [(&str, &str); 7] = [
    ("departement:69", ""),
    ("epci:246300701", "minutes=10&fee=free"),
    ("departement:03,departement:63", "open=saturday"),
    ("commune:26274", "minutes=15"),
    ("region:84", ""),
    ("commune:69123", "mode=walk&minutes=15&service=aide-aux-demarches-administratives"),
    ("departement:43", "fragility_min=7&mode=bike"),
];

fn page(server: &Server, ids: &str, query: &str) -> String {
    let answer = server.get(&format!("/api/territories/{ids}/report?{query}"));
    assert_eq!(answer.status, 200, "{ids}: {:.300}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(answer.body.len() < 1_000_000, "{ids}: {} bytes", answer.body.len());
    String::from_utf8(answer.body).expect("UTF-8")
}

/// A figure of a page: its place in the JSON, the territory it is of, when not the first, and its text.
struct Figure {
    path: String,
    territory: Option<String>,
    text: String,
}

/// The figures of a page, read from its tags.
fn figures(page: &str) -> Vec<Figure> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!("{name}=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    page.split('<')
        .filter(|tag| tag.contains("data-figure="))
        .map(|tag| {
            let (tag, text) = tag.split_once('>').expect("a tag ends");
            Figure {
                path: attribute(tag, "data-figure").expect("a path"),
                territory: attribute(tag, "data-territory"),
                text: attribute(tag, "data-value").unwrap_or_else(|| text.to_owned()),
            }
        })
        .collect()
}

/// A French number, whatever word or unit follows it: `12 345 habitants`, `7,6 %`, `−0,214`.
fn number(text: &str) -> f64 {
    let digits: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || [',', '\u{2212}'].contains(c))
        .map(|c| {
            if c == ',' {
                '.'
            } else if c == '\u{2212}' {
                '-'
            } else {
                c
            }
        })
        .collect();
    digits.parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
}

/// Whether a text shows a value of the JSON, to the last digit shown.
fn shows(text: &str, value: &Json) -> bool {
    let Some(value) = value.as_f64() else { return false };
    if text.starts_with("&lt;") {
        return value > 0.0 && value * 100.0 < number(text);
    }
    let decimals = text
        .split_once(',')
        .map_or(0, |(_, rest)| rest.chars().take_while(char::is_ascii_digit).map(|_| 1u8).sum());
    let value = if text.contains('%') { value * 100.0 } else { value };
    (number(text) - value).abs() <= 0.5 * 0.1f64.powf(f64::from(decimals)) + 1e-9
}

#[test]
fn every_figure_of_the_page_is_the_one_of_the_api() {
    let server = Server::of_the_sample();
    for (ids, query) in ASKED {
        let told = server.json(&format!("/api/territories/{ids}?{query}"));
        let page = page(&server, ids, query);
        let figures = figures(&page);
        assert!(figures.len() > 40, "{ids}: {} figures", figures.len());
        assert!(figures.iter().any(|f| f.path == "answer/beyond"));
        for Figure { path, territory, text } in figures {
            let other = territory.filter(|id| told["territory"]["id"] != id.as_str());
            let told = match other {
                // «france» is the whole atlas: the address of a territory takes it too.
                Some(id) => server.json(&format!("/api/territories/{id}?{query}")),
                None => told.clone(),
            };
            let value = told.pointer(&format!("/{path}")).unwrap_or(&Json::Null);
            assert!(shows(&text, value), "{ids}?{query}: the page says {text:?} at {path}, the API {value}");
        }
    }
}

/// Prints a page with Chromium and returns the bytes of the PDF.
fn printed(page: &Path) -> Vec<u8> {
    let dir = folder();
    let pdf: PathBuf = dir.path().join("report.pdf");
    let done = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"])
        .arg(format!("--user-data-dir={}", dir.path().join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium starts: tests/tools.sh installs it");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
    std::fs::read(&pdf).unwrap_or_else(|e| panic!("{e}: {said}"))
}

/// The boxes of the pages of a PDF, as Chromium writes them in clear.
fn boxes(pdf: &[u8]) -> Vec<[f64; 4]> {
    let text = String::from_utf8_lossy(pdf);
    text.split("/MediaBox [")
        .skip(1)
        .map(|rest| {
            let numbers: Vec<f64> = rest
                .split(']')
                .next()
                .expect("a box")
                .split_whitespace()
                .map(|n| n.parse().expect("a number"))
                .collect();
            numbers.try_into().expect("four numbers")
        })
        .collect()
}

#[test]
fn the_page_opens_in_a_browser_and_prints_on_a4() {
    let dir = folder();
    for (ids, query) in ASKED {
        let file = dir.path().join("report.html");
        let territory = format!("--territory={ids}");
        let question = format!("--question={query}");
        let atlas = sample_atlas().to_str().expect("UTF-8");
        run(&["diagnose", atlas, &territory, &question, "-o", file.to_str().expect("UTF-8")]).succeeded();
        let pdf = printed(&file);
        assert!(pdf.starts_with(b"%PDF"), "{ids}");
        let boxes = boxes(&pdf);
        assert!((3..=10).contains(&boxes.len()), "{ids}: {} pages", boxes.len());
        for [left, bottom, right, top] in boxes {
            let (width, height) = (right - left, top - bottom);
            assert!(
                (width - 595.0).abs() < 2.0 && (height - 842.0).abs() < 2.0,
                "{ids}: {width} × {height} points"
            );
        }
    }
}

#[test]
fn the_command_writes_what_the_address_answers() {
    let server = Server::of_the_sample();
    let atlas = sample_atlas().to_str().expect("UTF-8");
    let territory = "--territory=departement:63";
    let done =
        run(&["diagnose", atlas, territory, "--question=minutes=15", "--compare=departement:03", "-o", "-"]);
    let written = String::from_utf8(done.succeeded()).expect("UTF-8");
    assert_eq!(written, page(&server, "departement:63", "minutes=15&compare=departement:03"));
    assert!(written.contains("data-territory=\"departement:03\""));
    let done = run(&["diagnose", atlas, territory, "--format=json", "-o", "-"]);
    let told: Json = serde_json::from_slice(&done.succeeded()).expect("JSON");
    assert_eq!(told, server.json("/api/territories/departement:63"));
}

#[test]
fn what_is_asked_wrongly_is_refused_by_name() {
    let server = Server::of_the_sample();
    let refused =
        |query: &str| server.get(&format!("/api/territories/departement:63/report{query}")).problem(400);
    assert_eq!(refused("?compare=departement:99")["parameter"], "compare");
    assert_eq!(refused("?compare=nowhere")["parameter"], "compare");
    assert_eq!(refused("?compare=departement:03&compare=departement:01")["parameter"], "compare");
    assert_eq!(refused("?minute=20")["parameter"], "minute");
    assert_eq!(refused("?territory=departement:03")["parameter"], "territory");
    server.get("/api/territories/departement:75/report").problem(404);
    server.get("/api/territories/nowhere/report").problem(404);
    let atlas = sample_atlas().to_str().expect("UTF-8");
    for (arguments, said) in [
        (vec!["--question=territory=departement:63"], "--territory"),
        (vec!["--question=minute=20"], "minute"),
        (vec!["--compare=departement:2C"], "2C"),
        (vec!["--compare=departement:03", "--format=json"], "--compare"),
    ] {
        let mut all = vec!["diagnose", atlas, "--territory=departement:63", "-o", "-"];
        all.extend(arguments);
        let done = run(&all);
        done.failed(2);
        assert!(done.stderr.contains(said), "{}", done.stderr);
    }
    run(&["diagnose", atlas, "--territory=departement:75", "-o", "-"]).failed(2);
}
