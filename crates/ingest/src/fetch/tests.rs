//! Against servers that cut, stall, lie, lead astray and refuse.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::*;

/// A server of this machine, one answer a connection, written by hand.
struct Server {
    base: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `answer` gets the rank of the request, its head, and the wire.
    fn new(answer: impl Fn(usize, &str, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = seen.clone();
        std::thread::spawn(move || {
            for (rank, stream) in listener.incoming().enumerate() {
                let Ok(mut stream) = stream else { continue };
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                    head.extend(byte);
                }
                let head = String::from_utf8(head).expect("UTF-8").to_lowercase();
                all.lock().expect("seen").push(head.clone());
                answer(rank, &head, &mut stream);
            }
        });
        Self { base, seen }
    }

    fn item(&self, folder: &Path, sha256: Option<&str>) -> Item {
        Item {
            name: "Lieux".to_owned(),
            address: format!("{}/lieux.csv", self.base).parse().expect("an address"),
            path: folder.join("lieux.csv"),
            sha256: sha256.map(str::to_owned),
        }
    }

    fn requests(&self) -> Vec<String> {
        self.seen.lock().expect("seen").clone()
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// No two pieces of it are alike.
fn content() -> Vec<u8> {
    (0..300_000u32).flat_map(u32::to_le_bytes).collect()
}

fn sum(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    file::hex(&Sha256::digest(bytes))
}

/// As quick as a test may be.
const QUICK: Patience =
    Patience { stall: Duration::from_millis(300), tries: 3, pause: Duration::from_millis(1) };

fn get(item: &Item) -> Result<Fetched, String> {
    fetch(item, false, &QUICK, &mut |_| {}).map_err(|error| error.to_string())
}

/// An answer of this status and headers, whose length is announced as `announced`.
fn send(wire: &mut TcpStream, status: &str, headers: &str, announced: usize, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {announced}\r\n\r\n");
    let _ = wire.write_all(head.as_bytes()).and_then(|()| wire.write_all(body));
}

/// Where the request asks to begin.
fn from(head: &str) -> Option<usize> {
    let (_, rest) = head.split_once("range: bytes=")?;
    rest.split_once('-')?.0.parse().ok()
}

/// An honest answer with this tag, cut after so many bytes.
fn honest(wire: &mut TcpStream, head: &str, content: &[u8], tag: &str, cut: usize) {
    let headers = format!("ETag: {tag}\r\nAccept-Ranges: bytes\r\n");
    match from(head).filter(|_| head.contains(&format!("if-range: {tag}"))) {
        Some(at) => {
            let range =
                format!("Content-Range: bytes {at}-{}/{}\r\n{headers}", content.len() - 1, content.len());
            let rest = &content[at..];
            send(wire, "206 Partial Content", &range, rest.len(), &rest[..cut.min(rest.len())]);
        }
        None => send(wire, "200 OK", &headers, content.len(), &content[..cut.min(content.len())]),
    }
}

fn there(item: &Item) -> Vec<u8> {
    std::fs::read(&item.path).expect("in place")
}

/// Besides the file itself nothing is left.
fn left(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("listed").flatten();
    let mut names: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_file_comes_whole_with_its_size_and_sum_and_is_not_asked_for_twice() {
    let (folder, all) = (folder(), content());
    let server = Server::new(move |_, head, wire| honest(wire, head, &content(), "\"a\"", usize::MAX));
    let item = server.item(&folder.path().join("new/folder"), Some(&sum(&all).to_uppercase()));
    let mut said = Vec::new();
    let fetched = fetch(&item, false, &QUICK, &mut |progress| {
        if let Progress::At { bytes, total } = progress {
            said.push((bytes, total));
        }
    });
    let expected = Fetched { bytes: all.len() as u64, sha256: sum(&all), came: Came::Whole };
    assert_eq!(fetched.expect("fetched"), expected);
    assert!(there(&item) == all && left(&folder.path().join("new/folder")) == ["lieux.csv"]);
    assert!(said.is_sorted() && said.len() > 2, "{said:?}");
    assert_eq!((said[0], said[said.len() - 1].0), ((0, Some(all.len() as u64)), all.len() as u64));
    assert_eq!(get(&item).expect("there").came, Came::AlreadyThere);
    assert_eq!(server.requests().len(), 1);
    assert!(server.requests()[0].contains("accept-encoding: identity"));
}

#[test]
fn without_a_sum_what_is_there_is_kept_unless_asked_again() {
    let folder = folder();
    let server = Server::new(|_, head, wire| honest(wire, head, b"new", "\"a\"", 3));
    let item = server.item(folder.path(), None);
    crate::fetch::part::tests::put(&item.path, b"old");
    assert_eq!(get(&item).expect("there").came, Came::AlreadyThere);
    assert_eq!(there(&item), b"old");
    let fetched = fetch(&item, true, &QUICK, &mut |_| {}).expect("fetched");
    assert_eq!((there(&item).as_slice(), fetched.sha256), (&b"new"[..], sum(b"new")));
    // With a sum that is another, what is there is replaced.
    let item = Item { sha256: Some(sum(b"new")), ..item };
    crate::fetch::part::tests::put(&item.path, b"old");
    assert_eq!(get(&item).expect("fetched").came, Came::Whole);
    assert_eq!(there(&item), b"new");
}

#[test]
fn a_cut_goes_on_where_it_stopped_in_the_same_run_and_in_the_next() {
    let (folder, all) = (folder(), content());
    let cut = all.len() / 3;
    let server = Server::new(move |_, head, wire| honest(wire, head, &content(), "\"a\"", cut));
    let item = server.item(folder.path(), Some(&sum(&all)));
    let once = Patience { tries: 1, ..QUICK };
    let error = fetch(&item, false, &once, &mut |_| {}).expect_err("cut").to_string();
    assert!(error.contains(&format!("{cut} bytes are kept")) && error.contains("again"), "{error}");
    assert_eq!(left(folder.path()), ["lieux.csv.part", "lieux.csv.part.json"]);
    assert_eq!(get(&item).expect("fetched").came, Came::After(cut as u64));
    assert!(there(&item) == all && left(folder.path()) == ["lieux.csv"]);
    let asked: Vec<Option<usize>> = server.requests().iter().map(|head| from(head)).collect();
    assert_eq!(asked, [None, Some(cut), Some(2 * cut)]);
}

#[test]
fn a_stalled_server_is_left_and_asked_again() {
    let (folder, all) = (folder(), content());
    let server = Server::new(move |rank, head, wire| {
        honest(wire, head, &content(), "\"a\"", if rank == 0 { 1000 } else { usize::MAX });
        if rank == 0 {
            std::thread::sleep(Duration::from_millis(900));
        }
    });
    let item = server.item(folder.path(), None);
    let mut reasons = Vec::new();
    let fetched = fetch(&item, false, &QUICK, &mut |progress| {
        if let Progress::Again { reason, .. } = progress {
            reasons.push(reason.to_owned());
        }
    });
    assert_eq!(fetched.expect("fetched").came, Came::Whole);
    assert!(there(&item) == all);
    assert!(reasons.len() == 1 && reasons[0].contains("sends nothing"), "{reasons:?}");
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let folder = folder();
    let server = Server::new(|_, _, wire| {
        let _ = wire.set_nodelay(true);
        std::thread::sleep(Duration::from_millis(500));
    });
    let error = get(&server.item(folder.path(), None)).expect_err("given up");
    assert!(error.contains("given up after 3 tries") && error.contains("does not answer"), "{error}");
    assert!(!folder.path().join("lieux.csv").exists());
    let nobody: Address = "http://127.0.0.1:1/x".parse().expect("an address");
    let error = get(&Item { address: nobody, ..server.item(folder.path(), None) }).expect_err("nobody");
    assert!(error.contains("refused"), "{error}");
}

#[test]
fn content_that_changed_between_two_tries_starts_again() {
    let (folder, all) = (folder(), content());
    let server = Server::new(move |rank, head, wire| match rank {
        0 => honest(wire, head, &vec![7; 1_000_000], "\"old\"", 400_000),
        _ => honest(wire, head, &content(), "\"new\"", usize::MAX),
    });
    let item = server.item(folder.path(), None);
    assert_eq!(get(&item).expect("fetched").came, Came::Whole);
    assert!(there(&item) == all, "no byte of the old content is left");
    assert_eq!(from(&server.requests()[1]), Some(400_000));
}

#[test]
fn a_server_that_ignores_or_garbles_ranges_gives_the_whole() {
    let all = content();
    // 200 instead of 206; another beginning; another size; no range at all; 416.
    for liar in 0..5 {
        let folder = folder();
        let server = Server::new(move |rank, head, wire| {
            let all = content();
            let tag = "ETag: \"a\"\r\n";
            let range = |range: &str| format!("{tag}Content-Range: {range}\r\n");
            match (rank, liar) {
                (0, _) => send(wire, "200 OK", tag, all.len(), &all[..1000]),
                (1, 0) => send(wire, "200 OK", tag, all.len(), &all),
                (1, 1) => send(wire, "206 P", &range("bytes 999-1999/1200000"), 1000, &all[..1000]),
                (1, 2) => send(wire, "206 P", &range("bytes 1000-1999/2000"), 1000, &all[..1000]),
                (1, 3) => send(wire, "206 P", tag, 1000, &all[..1000]),
                (1, _) => send(wire, "416 R", &range("bytes */2"), 0, b""),
                _ => honest(wire, head, &all, "\"b\"", usize::MAX),
            }
        });
        let item = server.item(folder.path(), None);
        get(&item).expect("fetched");
        assert!(there(&item) == all, "{liar}");
        assert_eq!(from(&server.requests()[1]), Some(1000));
    }
}

#[test]
fn without_a_strong_validator_nothing_is_resumed() {
    let (folder, all) = (folder(), content());
    let server = Server::new(move |rank, _, wire| {
        let all = content();
        send(
            wire,
            "200 OK",
            "ETag: W/\"a\"\r\n",
            all.len(),
            &all[..if rank == 0 { 1000 } else { all.len() }],
        );
    });
    let item = server.item(folder.path(), None);
    assert_eq!(get(&item).expect("fetched").came, Came::Whole);
    assert!(there(&item) == all);
    assert_eq!(from(&server.requests()[1]), None);
}

#[test]
fn a_length_announced_too_long_or_too_short_is_a_lie() {
    let folder = folder();
    let server = Server::new(|_, _, wire| send(wire, "200 OK", "", 5000, &[1; 4000]));
    let error = get(&server.item(folder.path(), None)).expect_err("too few");
    assert!(error.contains("given up after 3 tries") && error.contains("cut"), "{error}");
    let server = Server::new(|_, _, wire| send(wire, "200 OK", "", 4000, &[1; 5000]));
    let error = get(&server.item(folder.path(), None)).expect_err("too many");
    assert!(error.contains("more than the 4000 bytes"), "{error}");
    // The rest comes late, as from a slow proxy.
    let server = Server::new(|_, _, wire| {
        send(wire, "200 OK", "", 4000, &[1; 4000]);
        std::thread::sleep(Duration::from_millis(50));
        let _ = wire.write_all(&[1; 10]);
    });
    let error = get(&server.item(folder.path(), None)).expect_err("too many");
    assert!(error.contains("more than the 4000 bytes"), "{error}");
    assert!(!folder.path().join("lieux.csv").exists());
}

#[test]
fn redirections_are_followed_five_times_and_never_in_a_circle() {
    let folder = folder();
    let server = Server::new(|_, head, wire| {
        let step: usize =
            head.split("step").nth(1).and_then(|s| s.split(' ').next()?.parse().ok()).unwrap_or(0);
        match step {
            5 => send(wire, "200 OK", "", 4, b"here"),
            _ => send(wire, "302 Found", &format!("Location: /step{}\r\n", step + 1), 0, b""),
        }
    });
    let item = server.item(folder.path(), None);
    get(&item).expect("fetched");
    assert_eq!(there(&item), b"here");
    let circle = Server::new(|_, _, wire| send(wire, "301 Moved", "Location: lieux.csv\r\n", 0, b""));
    let item = Item { path: folder.path().join("x"), ..circle.item(folder.path(), None) };
    let error = get(&item).expect_err("a circle");
    assert!(error.contains("more than 5 times") && circle.requests().len() == 6, "{error}");
    for (location, named) in [("", "without saying where"), ("Location: ftp://a/b\r\n", "ftp://a/b")] {
        let server = Server::new(move |_, _, wire| send(wire, "307 T", location, 0, b""));
        let item = Item { path: folder.path().join("x"), ..server.item(folder.path(), None) };
        assert!(get(&item).expect_err("nowhere").contains(named), "{named}");
    }
}

#[test]
fn a_protected_address_never_leads_to_an_open_one() {
    // The rule itself: no certificate of a test server would be trusted.
    let secure: Address = "https://a.fr/x".parse().expect("an address");
    let next = secure.join("http://a.fr/x").expect("joined");
    assert!(secure.is_secure() && !next.is_secure());
}

#[test]
fn each_refusal_is_named_with_its_address_and_what_to_do() {
    for (status, named, tries) in [
        ("404 Not Found", "no such file", 1),
        ("410 Gone", "correct the `url`", 1),
        ("403 Forbidden", "in a browser", 1),
        ("401 Unauthorized", "will not give it", 1),
        ("204 No Content", "no answer to a request for a file", 1),
        ("500 Internal Server Error", "HTTP 500", 3),
        ("503 Service Unavailable", "in trouble", 3),
        ("429 Too Many Requests", "HTTP 429", 3),
    ] {
        let folder = folder();
        let server = Server::new(move |_, _, wire| send(wire, status, "", 0, b""));
        let error = get(&server.item(folder.path(), None)).expect_err(status);
        assert!(error.contains(named) && error.contains(&server.base), "{error}");
        assert_eq!(server.requests().len(), tries, "{status}");
        assert_eq!(left(folder.path()), Vec::<String>::new(), "{status}");
    }
}

#[test]
fn a_server_in_trouble_may_recover() {
    let folder = folder();
    let server = Server::new(|rank, _, wire| match rank {
        0 | 1 => send(wire, "502 Bad Gateway", "", 0, b""),
        _ => send(wire, "200 OK", "", 2, b"ok"),
    });
    let item = server.item(folder.path(), None);
    assert_eq!(get(&item).expect("fetched").bytes, 2);
}

#[test]
fn the_wrong_sum_names_both_and_nothing_is_put_in_place() {
    let folder = folder();
    let server = Server::new(|_, _, wire| send(wire, "200 OK", "ETag: \"a\"\r\n", 3, b"bad"));
    let item = server.item(folder.path(), Some(&sum(b"good")));
    crate::fetch::part::tests::put(&item.path, b"before");
    let error = get(&item).expect_err("refused");
    assert!(error.contains(&sum(b"good")) && error.contains(&sum(b"bad")), "{error}");
    assert_eq!(
        (there(&item).as_slice(), left(folder.path())),
        (&b"before"[..], vec!["lieux.csv".to_owned()])
    );
}

#[test]
fn what_is_compressed_on_its_way_is_kept_as_sent() {
    let folder = folder();
    let zipped = [0x1f, 0x8b, 8, 0, 1, 2, 3];
    let server =
        Server::new(move |_, _, wire| send(wire, "200 OK", "Content-Encoding: gzip\r\n", 7, &zipped));
    let item = server.item(folder.path(), Some(&sum(&zipped)));
    assert_eq!(get(&item).expect("fetched").bytes, 7);
    assert_eq!(there(&item), zipped);
}

#[test]
fn a_server_that_does_not_say_how_long_is_read_to_its_end() {
    let folder = folder();
    let server = Server::new(|rank, _, wire| {
        let body: &[u8] = match rank {
            // The last chunk is missing: cut.
            0 => b"4\r\nhere\r\n",
            _ => b"4\r\nhere\r\n6\r\n it is\r\n0\r\n\r\n",
        };
        let _ = wire.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let _ = wire.write_all(body);
    });
    let item = server.item(folder.path(), None);
    assert_eq!(get(&item).expect("fetched").bytes, 10);
    assert_eq!((there(&item).as_slice(), server.requests().len()), (&b"here it is"[..], 2));
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = folder();
    let server = Server::new(|_, _, wire| send(wire, "200 OK", "", 2, b"ok"));
    crate::fetch::part::tests::put(&folder.path().join("file"), b"");
    let item = server.item(&folder.path().join("file/folder"), None);
    let error = get(&item).expect_err("no folder");
    assert!(error.contains("file/folder") && error.contains("--into"), "{error}");
    let item = Item { path: folder.path().to_owned(), ..item };
    assert!(get(&item).expect_err("a folder").contains("folder"));
    assert!(server.requests().is_empty());
}

#[test]
fn two_downloads_of_one_file_do_not_mix() {
    let folder = folder();
    let server = Server::new(|_, _, wire| send(wire, "200 OK", "", 2, b"ok"));
    let item = server.item(folder.path(), None);
    let other = Part::open(&item.path, &item.address).expect("opened");
    assert!(get(&item).expect_err("busy").contains("another download"));
    drop(other);
    assert_eq!(get(&item).expect("fetched").bytes, 2);
}

#[test]
fn a_part_of_another_address_or_with_broken_notes_is_not_gone_on_with() {
    for notes in [
        "{\"url\":\"http://other/\",\"validator\":\"\\\"a\\\"\",\"total\":9}",
        "{\"url\":\"HERE\",\"validator\":\"\\\"a\\\"\",\"total\":1}",
        "{\"url\":\"HERE\",\"validator\":null,\"total\":9}",
        "{",
        "",
    ] {
        let folder = folder();
        let server = Server::new(|_, head, wire| honest(wire, head, b"all of it", "\"a\"", 9));
        let item = server.item(folder.path(), None);
        let beside = |suffix: &str| folder.path().join(format!("lieux.csv.part{suffix}"));
        crate::fetch::part::tests::put(&beside(""), b"xxx");
        crate::fetch::part::tests::put(
            &beside(".json"),
            notes.replace("HERE", item.address.as_str()).as_bytes(),
        );
        assert_eq!(get(&item).expect(notes).came, Came::Whole);
        assert_eq!(there(&item), b"all of it");
        assert_eq!(from(&server.requests()[0]), None, "{notes}");
    }
}
