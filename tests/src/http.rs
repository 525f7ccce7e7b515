//! HTTP/1.1 by hand, so that a test can send what no library would.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value as Json;

/// A request in the making.
pub struct Request<'a> {
    /// `GET`, `HEAD`…
    pub method: &'a str,
    /// The path and query, as bytes: a client may send any.
    pub target: &'a [u8],
    /// Headers besides `Host`, `Connection` and `Content-Length`.
    pub headers: &'a [(&'a str, &'a str)],
    /// What follows them.
    pub body: &'a [u8],
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// Its status code.
    pub status: u16,
    /// Its body.
    pub body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Request<'_> {
    /// Sends it on a connection of its own and reads the answer to its end.
    pub fn send(&self, server: SocketAddr) -> Answer {
        let mut stream = TcpStream::connect(server).expect("the server listens");
        let patience = Some(Duration::from_mins(1));
        stream.set_read_timeout(patience).expect("a socket");
        let mut bytes = format!("{} ", self.method).into_bytes();
        bytes.extend_from_slice(self.target);
        bytes.extend(format!(" HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n").bytes());
        for (name, value) in self.headers {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        if !self.body.is_empty() {
            bytes.extend(format!("Content-Length: {}\r\n", self.body.len()).bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(self.body);
        // A server may refuse a request before it has read all of it, and close.
        let _ = stream.write_all(&bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer::parse(&answer).unwrap_or_else(|| panic!("no HTTP answer to {:?}", self.line()))
    }

    fn line(&self) -> String {
        let line: String = String::from_utf8_lossy(self.target).chars().take(200).collect();
        format!("{} {line}", self.method)
    }
}

impl Answer {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let (status, headers) = head.split_once("\r\n").unwrap_or((head, ""));
        let headers = headers.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_lowercase(), value.trim().to_owned()))
        });
        Some(Self {
            status: status.split(' ').nth(1)?.parse().ok()?,
            headers: headers.collect(),
            body: bytes[end + 4..].to_vec(),
        })
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(key, _)| key == name)?;
        Some(value)
    }

    /// The body as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e} in {:.300}", String::from_utf8_lossy(&self.body)))
    }

    /// The body of a refusal with this status, which must be a problem (RFC 9457).
    pub fn problem(&self, status: u16) -> Json {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{text:.300}");
        let media = self.header("content-type");
        assert_eq!(media, Some("application/problem+json"), "{text:.300}");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
        problem
    }
}
