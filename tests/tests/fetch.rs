//! `maillage fetch`, as typed: against a server of this machine that cuts, lies, leads elsewhere and refuses.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use maillage_tests::{Done, folder, maillage, repository};
use sha2::{Digest, Sha256};

/// A server that answers by path, and remembers what it was asked.
struct Files {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Files {
    fn new(answer: impl Fn(usize, &str, &str, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let all = asked.clone();
        std::thread::spawn(move || {
            for (rank, stream) in listener.incoming().enumerate() {
                let Ok(mut stream) = stream else { continue };
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                    head.extend(byte);
                }
                let head = String::from_utf8(head).expect("UTF-8").to_lowercase();
                let path = head.split(' ').nth(1).expect("a path").to_owned();
                all.lock().expect("asked").push(head.clone());
                answer(rank, &path, &head, &mut stream);
            }
        });
        Self { base, asked }
    }

    fn asked(&self) -> usize {
        self.asked.lock().expect("asked").len()
    }
}

fn send(wire: &mut TcpStream, status: &str, headers: &str, announced: usize, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {announced}\r\n\r\n");
    let _ = wire.write_all(head.as_bytes()).and_then(|()| wire.write_all(body));
}

fn put(path: &Path, text: &str) {
    fs::File::create(path).and_then(|mut f| f.write_all(text.as_bytes())).expect("written");
}

fn sum(bytes: &[u8]) -> String {
    let digits: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

fn sample(file: &str) -> Vec<u8> {
    fs::read(repository().join("data/sample").join(file)).expect("a file of the sample")
}

/// `maillage` without a proxy: the server is on this machine.
fn command(arguments: &[&str]) -> Command {
    let mut command = maillage();
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy", "HTTPS_PROXY"] {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Done {
    let output = command(arguments).output().expect("the program starts");
    Done {
        code: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
    }
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn said(done: Done) -> Vec<String> {
    String::from_utf8(done.succeeded()).expect("UTF-8").lines().map(str::to_owned).collect()
}

/// A configuration over the sample whose venues are published at an address.
fn config(folder: &Path, venues: &str) -> PathBuf {
    let base = repository().join("data/sample/sample.toml");
    let path = folder.join("build.toml");
    let table = format!("vintage = \"2021\"\nlicence = \"Licence Ouverte 2.0\"\n{venues}\n");
    put(&path, &format!("base = \"{}\"\nname = \"Lieux\"\n[[venues]]\n{table}", base.display()));
    path
}

/// What is in a folder, files of the configuration apart.
fn left(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "build.toml");
    names.sort();
    names
}

#[test]
fn what_a_configuration_publishes_is_downloaded_then_built() {
    let folder = folder();
    let venues = sample("venues-2021.json.gz");
    let content = venues.clone();
    // Cut in the middle, then goes on: as a real network does.
    let server = Files::new(move |rank, path, head, wire| {
        let tag = "ETag: \"v1\"\r\n";
        let n = content.len();
        match path {
            "/r/latest" => send(wire, "302 Found", "Location: /files/lieux.json.gz\r\n", 0, b""),
            "/files/lieux.json.gz" if rank == 1 => send(wire, "200 OK", tag, n, &content[..n / 2]),
            "/files/lieux.json.gz" => {
                assert!(
                    head.contains(&format!("range: bytes={}-", n / 2)) && head.contains("if-range: \"v1\"")
                );
                let range = format!("{tag}Content-Range: bytes {}-{}/{n}\r\n", n / 2, n - 1);
                send(wire, "206 Partial Content", &range, n - n / 2, &content[n / 2..]);
            }
            _ => send(wire, "404 Not Found", "", 0, b""),
        }
    });
    let config = config(folder.path(), &format!("url = \"{}/r/latest\"", server.base));
    let atlas = folder.path().join("atlas");
    let build = || run(&["build", utf8(&config), "--out", utf8(&atlas)]);
    let done = build();
    let sentence = done.failed(1);
    assert!(sentence.contains(&format!("maillage fetch {}", config.display())), "{sentence}");
    assert!(sentence.contains("/r/latest") && sentence.contains("sources"), "{sentence}");

    let done = run(&["fetch", utf8(&config)]);
    assert!(done.stderr.contains("the connection was cut; trying again"), "{}", done.stderr);
    let lines = said(done);
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(line.contains(&format!("{} bytes, sha256 = \"{}\"", venues.len(), sum(&venues))), "{line}");
    let sources = folder.path().join("sources");
    let names = left(&sources);
    assert!(names.len() == 1 && names[0].starts_with("latest-"), "{names:?}");
    assert!(fs::read(sources.join(&names[0])).expect("in place") == venues);

    let n_asked = server.asked();
    assert!(said(run(&["fetch", utf8(&config)]))[0].contains("already here"));
    assert_eq!(server.asked(), n_asked, "what is here is not asked for");
    assert!(build().stderr.contains("678 venues"), "the downloaded file is the one built on");
}

#[test]
fn a_pinned_file_is_fetched_to_its_path_once_and_another_is_refused() {
    let folder = folder();
    let server = Files::new(|_, _, _, wire| send(wire, "200 OK", "ETag: \"a\"\r\n", 7, b"id,nom\n"));
    let pinned = |text: &[u8]| {
        format!("url = \"{}/v.csv\"\npath = \"mine/v.csv\"\nsha256 = \"{}\"", server.base, sum(text))
    };
    let wrong = config(folder.path(), &pinned(b"id,nam\n"));
    let done = run(&["fetch", utf8(&wrong)]);
    assert!(done.failed(1).contains("1 of 1 files"), "{}", done.stderr);
    for named in [sum(b"id,nam\n"), sum(b"id,nom\n"), format!("{}/v.csv", server.base)] {
        assert!(done.stderr.contains(&named), "{named}: {}", done.stderr);
    }
    assert_eq!(left(&folder.path().join("mine")), Vec::<String>::new(), "the wrong file is nowhere");
    let right = config(folder.path(), &pinned(b"id,nom\n"));
    assert!(said(run(&["fetch", utf8(&right)]))[0].ends_with("(downloaded)"));
    assert!(said(run(&["fetch", utf8(&right), "--again"]))[0].ends_with("(already here)"));
    assert_eq!((server.asked(), left(&folder.path().join("mine"))), (2, vec!["v.csv".to_owned()]));
}

#[test]
fn without_a_sum_again_brings_what_is_new_and_into_another_folder_touches_nothing_else() {
    let folder = folder();
    let server = Files::new(|rank, _, _, wire| {
        let body = format!("version {rank}");
        send(wire, "200 OK", "", body.len(), body.as_bytes());
    });
    let config = config(folder.path(), &format!("url = \"{}/v.csv\"\npath = \"v.csv\"", server.base));
    let content = |path: &str| fs::read_to_string(folder.path().join(path)).expect("a file");
    run(&["fetch", utf8(&config)]).succeeded();
    let line = said(run(&["fetch", utf8(&config)])).remove(0);
    assert!(line.contains("--again") && content("v.csv") == "version 0", "{line}");
    run(&["fetch", utf8(&config), "--again"]).succeeded();
    assert_eq!(content("v.csv"), "version 1");
    let elsewhere = folder.path().join("else/where");
    run(&["fetch", utf8(&config), "--into", utf8(&elsewhere)]).succeeded();
    assert_eq!((content("v.csv").as_str(), content("else/where/v.csv").as_str()), ("version 1", "version 2"));
}

#[test]
fn one_file_that_fails_does_not_keep_the_others_away() {
    let folder = folder();
    let server = Files::new(|_, path, _, wire| match path {
        "/good.csv" => send(wire, "200 OK", "", 4, b"good"),
        "/secret.csv" => send(wire, "403 Forbidden", "", 0, b""),
        "/circle.csv" => send(wire, "302 Found", "Location: /circle.csv\r\n", 0, b""),
        "/long.csv" => send(wire, "200 OK", "", 4, b"longer"),
        _ => send(wire, "404 Not Found", "", 0, b""),
    });
    let table = |name: &str| {
        format!("url = \"{}/{name}\"\npath = \"{name}\"\nvintage = \"2021\"\nlicence = \"LO\"\n", server.base)
    };
    let names = ["gone.csv", "secret.csv", "circle.csv", "long.csv", "good.csv"];
    let tables: Vec<String> = names.iter().map(|name| format!("[[venues]]\n{}", table(name))).collect();
    let config = folder.path().join("build.toml");
    let base = repository().join("data/sample/sample.toml");
    put(&config, &format!("base = \"{}\"\nname = \"Lieux\"\n{}", base.display(), tables.concat()));
    let done = run(&["fetch", utf8(&config)]);
    assert!(done.failed(1).contains("4 of 5 files"), "{}", done.stderr);
    for (name, named) in [
        ("gone.csv", "404"),
        ("secret.csv", "in a browser"),
        ("circle.csv", "more than 5 times"),
        ("long.csv", "more than the 4 bytes"),
    ] {
        let line = done.stderr.lines().find(|line| line.contains(name)).expect(name);
        assert!(line.contains(named), "{line}");
        assert!(!folder.path().join(name).exists(), "{name}");
    }
    let stdout = String::from_utf8(done.stdout).expect("UTF-8");
    assert!(stdout.lines().count() == 1 && stdout.contains("good.csv"), "{stdout}");
    assert_eq!(fs::read(folder.path().join("good.csv")).expect("in place"), b"good");
}

#[test]
fn a_download_that_is_stopped_goes_on_the_next_time() {
    let folder = folder();
    let whole: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
    let content = whole.clone();
    let server = Files::new(move |rank, _, head, wire| {
        let tag = "ETag: \"a\"\r\n";
        if rank == 0 {
            send(wire, "200 OK", tag, content.len(), &content[..300_000]);
            // Neither more nor an end: the program is stopped meanwhile.
            std::thread::sleep(std::time::Duration::from_secs(2));
        } else {
            let from = head.split("range: bytes=").nth(1).and_then(|r| r.split('-').next());
            let from: usize = from.expect("a range").parse().expect("a number");
            let range =
                format!("{tag}Content-Range: bytes {from}-{}/{}\r\n", content.len() - 1, content.len());
            send(wire, "206 Partial Content", &range, content.len() - from, &content[from..]);
        }
    });
    let config = config(folder.path(), &format!("url = \"{}/v.csv\"\npath = \"v.csv\"", server.base));
    let mut child =
        command(&["fetch", utf8(&config)]).stderr(std::process::Stdio::null()).spawn().expect("started");
    let part = folder.path().join("v.csv.part");
    let here = || fs::metadata(&part).map_or(0, |file| file.len());
    for _ in 0..200 {
        if here() == 300_000 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert_eq!(here(), 300_000, "what came is kept");
    assert!(!folder.path().join("v.csv").exists(), "half a file is no file");
    let line = said(run(&["fetch", utf8(&config)])).remove(0);
    assert!(
        line.contains("after the 300000 bytes of an earlier try") && line.contains(&sum(&whole)),
        "{line}"
    );
    assert!(fs::read(folder.path().join("v.csv")).expect("in place") == whole);
    assert_eq!(left(folder.path()), ["v.csv"]);
}

#[test]
fn what_cannot_be_fetched_is_said_before_anything_is_asked() {
    let folder = folder();
    let done = run(&["fetch", "data/sample/sample.toml"]);
    assert!(done.code == Some(0) && done.stderr.contains("nothing to download"), "{}", done.stderr);
    assert!(run(&["fetch", "no/such.toml"]).failed(1).contains("no/such.toml"));
    let bad = config(folder.path(), "url = \"ftp://example.fr/v.csv\"");
    let done = run(&["fetch", utf8(&bad)]);
    assert!(done.failed(1).contains("ftp://example.fr/v.csv"), "{}", done.stderr);
    assert_eq!(run(&["fetch"]).code, Some(2));
}

#[test]
fn the_configuration_of_france_loads_and_its_addresses_are_protected() {
    let path = repository().join("data/france.toml");
    let build = ingest::config::load(&path).expect("a configuration");
    let items = build.downloads();
    assert!(items.len() >= 6, "{items:?}");
    assert!(build.scope.regions.is_empty() && build.scope.departements.is_empty(), "everyone");
    for item in &items {
        assert!(item.address.is_secure(), "{}", item.address);
        assert!(item.path.starts_with(repository().join("data/sources")), "{}", item.path.display());
    }
    // Those a reader is told to uncomment, or to open, too.
    let text = fs::read_to_string(&path).expect("UTF-8");
    let words = text.split(|c: char| c.is_whitespace() || "\"()".contains(c));
    let addresses: Vec<&str> = words.filter(|word| word.starts_with("http")).collect();
    assert!(addresses.len() > items.len());
    for address in addresses {
        let written = address.trim_end_matches(['.', ',', ';', '…']);
        let parsed: Result<ingest::fetch::Address, _> = written.parse();
        assert!(parsed.is_ok_and(|address| address.is_secure()), "{written}");
    }
    // The active tables are enough to build on, but for what is to be downloaded.
    if items.iter().any(|item| !item.path.exists()) {
        let missing = ingest::read(&path).expect_err("not downloaded").to_string();
        assert!(missing.contains("maillage fetch"), "{missing}");
    }
}
