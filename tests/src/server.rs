//! A server as a process.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::{Answer, Request, maillage, sample_atlas};

/// `maillage serve` on a port of its own; killed when dropped.
pub struct Server {
    process: Child,
    errors: File,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it said when it was ready.
    pub greeting: String,
}

impl Server {
    /// A server of the sample, shared by the tests of a process that run at the same time.
    pub fn of_the_sample() -> Arc<Self> {
        // Held while a server starts, so that two tests never start two; never while a test runs.
        static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let atlas = sample_atlas();
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::of(atlas));
            *shared = Arc::downgrade(&server);
            server
        })
    }

    /// Starts a server of an atlas and waits until it says where it is.
    pub fn of(atlas: &Path) -> Self {
        let mut errors = tempfile::tempfile().expect("a temporary file");
        let mut process = maillage()
            .arg("serve")
            .arg(atlas)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(errors.try_clone().expect("a file"))
            .spawn()
            .expect("the program starts");
        let mut greeting = String::new();
        let stdout = process.stdout.as_mut().expect("its output is piped");
        // Ends when the program does, at the latest.
        BufReader::new(stdout).read_line(&mut greeting).expect("text");
        let address = greeting.trim_end().rsplit_once("http://").and_then(|(_, at)| at.parse().ok());
        let Some(address) = address else {
            let _ = process.kill();
            let _ = process.wait();
            panic!("no address in {greeting:?}; it said: {}", said(&mut errors));
        };
        Self { process, errors, address, greeting }
    }

    /// Sends a request.
    pub fn send(&self, method: &str, target: &[u8], headers: &[(&str, &str)]) -> Answer {
        Request { method, target, headers, body: &[] }.send(self.address)
    }

    /// Posts a body to an address.
    pub fn post(&self, path: &str, body: &[u8]) -> Answer {
        Request { method: "POST", target: path.as_bytes(), headers: &[], body }.send(self.address)
    }

    /// Gets an address: a path, or one of this server's own links.
    pub fn get(&self, path: &str) -> Answer {
        let own = format!("http://{}", self.address);
        let path = path.strip_prefix(own.as_str()).unwrap_or(path);
        self.send("GET", path.as_bytes(), &[])
    }

    /// Gets the JSON at an address, which must answer 200.
    pub fn json(&self, path: &str) -> Json {
        let answer = self.get(path);
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 200, "{path}: {text:.300}");
        answer.json()
    }

    /// All features of a listing, followed from page to page by its `next` links.
    pub fn features(&self, path: &str) -> Vec<Json> {
        let mut features = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(address) = next.take() {
            let mut page = self.json(&address);
            let Json::Array(listed) = page["features"].take() else {
                panic!("{address} has no features");
            };
            assert_eq!(page["numberReturned"], listed.len(), "{address}");
            features.extend(listed);
            let links = page["links"].as_array().expect("links");
            next = links
                .iter()
                .find(|link| link["rel"] == "next")
                .map(|link| link["href"].as_str().expect("an address").to_owned());
            if next.is_none() {
                assert_eq!(page["numberMatched"], features.len(), "{address}");
            }
        }
        features
    }

    /// The memory it holds now, in bytes: `VmRSS` of its process.
    pub fn memory(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("kilobytes");
        kilobytes << 10
    }

    /// Asks it to stop and waits for the end.
    pub fn terminate(mut self) -> ExitStatus {
        let id = self.process.id().to_string();
        let sent = std::process::Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.expect("kill").success());
        self.end()
    }

    /// Waits for the end of the process, 15 s at most.
    #[expect(clippy::disallowed_methods, reason = "a test may watch the clock")]
    pub fn end(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().expect("a process") {
                return status;
            }
            let waited = began.elapsed();
            assert!(waited < Duration::from_secs(15), "it still runs: {}", said(&mut self.errors));
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn said(errors: &mut File) -> String {
    use std::io::Seek;
    let mut text = String::new();
    let _ = errors.rewind();
    let _ = errors.read_to_string(&mut text);
    text
}
