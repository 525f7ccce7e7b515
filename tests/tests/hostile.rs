//! Requests that mean no good, or nothing: each is refused by a problem, none costs the server its life.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use maillage_tests::{Answer, Server, sample_atlas};

/// Checks that an answer is a problem of the client's, in so many words and no more.
fn refused(answer: &Answer, what: &str) {
    assert!((400..500).contains(&answer.status), "{what}: {}", answer.status);
    let problem = answer.problem(answer.status);
    assert!(answer.body.len() < 4096, "{what}: {} bytes come back", answer.body.len());
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{what}: {problem}");
}

#[test]
fn lists_and_filters_without_end_are_refused_by_name() {
    let server = Server::of_the_sample();
    let ten_thousand = vec!["63"; 10_000].join(",");
    let long = "a".repeat(50_000);
    for path in [
        format!("/api/zones?territory={ten_thousand}"),
        format!("/api/zones?service={ten_thousand}"),
        format!("/api/territories/{ten_thousand}"),
        format!("/tiles/{ten_thousand}"),
        format!("/tiles/{ten_thousand}/8/131/91"),
        format!("/api/zones?{long}=1"),
        format!("/api/zones?open={long}"),
        format!("/api/collections/{long}"),
        format!("/api/collections/communes/items/{long}"),
        format!("/api/collections/communes/items?properties={long}"),
        format!("/api/collections/communes/items?bbox={ten_thousand}"),
        format!("/api/isochrones?lon=4.84&lat=45.76&minutes={ten_thousand}"),
        format!("/api/isochrones?venue={long}"),
        format!("/api/territories?q={long}"),
        format!("/styles/{long}.json"),
        format!("/tiles/communes/8/131/{long}"),
        format!("/{long}"),
    ] {
        refused(&server.get(&path), &path[..60.min(path.len())]);
    }
}

#[test]
fn an_address_longer_than_any_question_is_refused_before_it_is_read() {
    // hyper answers these itself, with a status and no body: more than 65,534 bytes of address, or more
    // head than it holds.
    let server = Server::of_the_sample();
    for (length, allowed) in
        [(65_000, &[400][..]), (66_000, &[414]), (100_000, &[414]), (2_000_000, &[414, 431])]
    {
        let path = format!("/api/zones?territory={}", "x".repeat(length));
        let answer = server.get(&path);
        assert!(allowed.contains(&answer.status), "{length}: {}", answer.status);
        assert!(answer.body.is_empty() || answer.status == 400, "{length}");
    }
    let header = "x".repeat(1_000_000);
    let answer = server.send("GET", b"/api", &[("X-Long", &header)]);
    assert_eq!(answer.status, 431);
    assert_eq!(server.get("/health").status, 200, "it still lives");
}

#[test]
fn what_is_not_text_is_refused_as_such() {
    let server = Server::of_the_sample();
    for target in [
        &b"/api/zones?minutes=%ff"[..],
        b"/api/zones?territory=commune:%c3%28",
        b"/api/zones?%c3%28=20",
        b"/api/zones?minutes=2%000",
        b"/api/zones?minutes=20%0a",
        b"/api/territories/commune:%ff",
        b"/api/territories/commune%00:63113",
        b"/api/territories?q=%ff",
        b"/api/collections/communes%00/items",
        b"/api/collections/communes/items/1%00",
        b"/api/collections/communes/items/%31%ff",
        b"/tiles/communes/8/131/91%00",
        b"/tiles/communes/8/131/91?v=%ff",
        b"/api/isochrones?venue=%ff",
        b"/api/isochrones?venue=%00",
        b"/api/access?lon=%00&lat=45",
        b"/styles/%ff.json",
        b"/health?%ff",
        b"/api/openapi.json?f=%ff",
        b"/api/docs?f=html",
    ] {
        refused(&server.send("GET", target, &[]), &String::from_utf8_lossy(target));
    }
    // Bytes that no address may hold: hyper answers those itself, with a status and no body.
    for target in
        [&b"/api/zones?minutes=\xff"[..], b"/api/collections/\xc3\x28", b"/api/zones?minutes=2\x000"]
    {
        let answer = server.send("GET", target, &[]);
        assert!(answer.status == 400 && answer.body.is_empty(), "{target:?}: {}", answer.status);
    }
}

#[test]
fn numbers_out_of_their_range_and_parameters_twice_are_refused_by_name() {
    let server = Server::of_the_sample();
    let items = "/api/collections/communes/items";
    for (path, parameter) in [
        (format!("{items}?limit=0"), "limit"),
        (format!("{items}?limit=-1"), "limit"),
        (format!("{items}?limit=1000000000"), "limit"),
        (format!("{items}?limit=1e3"), "limit"),
        (format!("{items}?limit=%2B5"), "limit"),
        (format!("{items}?limit=٣"), "limit"),
        (format!("{items}?limit=5&limit=5"), "limit"),
        (format!("{items}?offset=4294967296"), "offset"),
        (format!("{items}?offset=0&offset=0"), "offset"),
        (format!("{items}?f=json&f=csv"), "f"),
        (format!("{items}?bbox=4,45,5,46&bbox=4,45,5,46"), "bbox"),
        // West beyond east is a box across 180°, as OGC API has it; south beyond north is none.
        (format!("{items}?bbox=4,46,5,45"), "bbox"),
        (format!("{items}?bbox=4,45,181,46"), "bbox"),
        (format!("{items}?bbox=4,45,5,1e400"), "bbox"),
        (format!("{items}?properties="), "properties"),
        (format!("{items}?properties=code,"), "properties"),
        ("/api/zones?mode=car&mode=walk".to_owned(), "mode"),
        ("/api/zones?open=saturday&open=sunday".to_owned(), "open"),
        ("/api/zones?reception=onsite&reception=itinerant".to_owned(), "reception"),
        ("/api/zones?service=".to_owned(), "service"),
        ("/api/zones?territory=".to_owned(), "territory"),
        ("/api/zones?=20".to_owned(), ""),
        ("/api/territories?q=%20".to_owned(), "q"),
        ("/api/territories?limit=5".to_owned(), "q"),
        ("/api/territories?q=ain&limit=101".to_owned(), "limit"),
        ("/api/access?lat=45".to_owned(), "lon"),
        ("/api/access?lon=4".to_owned(), "lat"),
        ("/api/access?lon=NaN&lat=45".to_owned(), "lon"),
        ("/api/access?lon=4&lat=91".to_owned(), "lat"),
        ("/api/access?lon=4&lat=45&limit=21".to_owned(), "limit"),
        ("/api/isochrones?lon=4&lat=45&minutes=10,,20".to_owned(), "minutes"),
        ("/api/isochrones?lon=4&lat=45&minutes=1,2,3,4,5,6,7".to_owned(), "minutes"),
        ("/api/isochrones?lon=4&lat=45&mode=car&mode=walk".to_owned(), "mode"),
        ("/api/isochrones?venue=x&lon=4".to_owned(), "venue"),
        ("/api/territories/commune:63113?territory=france".to_owned(), "territory"),
        ("/api/docs?x=1".to_owned(), "x"),
        ("/health?x=1".to_owned(), "x"),
        ("/ready?x=1".to_owned(), "x"),
    ] {
        let problem = server.get(&path).problem(400);
        assert_eq!(problem["parameter"], parameter, "{path}: {problem}");
    }
}

#[test]
fn a_method_nobody_knows_is_refused_with_those_that_are() {
    let server = Server::of_the_sample();
    for path in ["/", "/api", "/api/zones", "/tiles/communes/8/131/91", "/health", "/api/openapi.json"] {
        for method in ["TRACE", "PROPFIND", "BREW", "get"] {
            let answer = server.send(method, path.as_bytes(), &[]);
            answer.problem(405);
            let allowed = answer.header("allow").expect("the methods allowed");
            assert!(allowed.starts_with("GET, HEAD"), "{method} {path}: {allowed}");
        }
        let head = server.send("HEAD", path.as_bytes(), &[]);
        assert!(head.body.is_empty() && head.status == 200, "{path}: {}", head.status);
        // A page of another origin asks this before it asks anything else.
        let options = server.send("OPTIONS", path.as_bytes(), &[]);
        assert!(options.status == 200 && options.body.is_empty(), "{path}: {}", options.status);
    }
    let refused_head = server.send("HEAD", b"/api/zones?minutes=0", &[]);
    assert!(refused_head.status == 400 && refused_head.body.is_empty());
    let connect = server.send("CONNECT", b"example.fr:443", &[]);
    assert!((400..500).contains(&connect.status), "{}", connect.status);
}

#[test]
fn headers_that_mean_nothing_change_nothing() {
    let server = Server::of_the_sample();
    let path = "/api/collections/communes/items";
    let plain = server.get(path).body;
    for value in
        ["", ",,,", ";q=1", "q=0", "gzip;q=two", "zstd", "*;q=x", "GZIP;;;", "br;q=-1", &"x,".repeat(5000)]
    {
        let answer = server.send("GET", path.as_bytes(), &[("Accept-Encoding", value)]);
        assert!([200, 406].contains(&answer.status), "{value:.40}: {}", answer.status);
        if answer.status == 200 && answer.header("content-encoding").is_none() {
            assert!(answer.body == plain, "{value:.40}");
        }
    }
    for header in [
        ("If-None-Match", "\"unclosed"),
        ("If-None-Match", ",,,W/,"),
        ("Accept", "nothing/at+all"),
        ("Range", "bytes=5-1"),
        ("X-Forwarded-Proto", "javascript"),
        ("Content-Type", "\u{e9}"),
    ] {
        let answer = server.send("GET", path.as_bytes(), &[header]);
        assert!(answer.status == 200 && answer.body == plain, "{header:?}: {}", answer.status);
    }
    let answer = server.send("GET", b"/api/docs", &[("X-Forwarded-Host", "a\"><script>")]);
    assert!(answer.status == 200 && !String::from_utf8_lossy(&answer.body).contains("<script"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test may watch the clock")]
fn a_client_that_sends_a_byte_a_second_is_let_go_and_keeps_nobody_waiting() {
    let server = Server::of(sample_atlas());
    let mut slow: Vec<TcpStream> =
        (0..200).map(|_| TcpStream::connect(server.address).expect("it listens")).collect();
    for stream in &mut slow {
        stream.set_read_timeout(Some(Duration::from_millis(5))).expect("a socket");
        stream.write_all(b"GET /api HTTP/1.1\r\nHost: x\r\nX-Slow: ").expect("half a head");
    }
    let began = Instant::now();
    while !slow.is_empty() {
        assert!(began.elapsed() < Duration::from_secs(25), "{} are still connected", slow.len());
        assert_eq!(server.get("/api/territories?q=ain").status, 200, "others are answered");
        slow.retain_mut(|stream| {
            let _ = stream.write_all(b"x");
            let mut answer = [0; 512];
            // Nothing yet is a timeout; an end, a reset or a refusal lets the client go.
            match stream.read(&mut answer) {
                Ok(n) => n > 0 && !answer.starts_with(b"HTTP/1.1 408"),
                Err(error) => {
                    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
                }
            }
        });
        std::thread::sleep(Duration::from_secs(1));
    }
    assert!(began.elapsed() > Duration::from_secs(5), "a slow client is not a dead one");
    assert_eq!(server.terminate().code(), Some(0));
}
