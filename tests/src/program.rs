//! The binary under test.

use std::path::PathBuf;
use std::process::Command;

use crate::repository;

/// What a command that ended left behind.
#[derive(Debug)]
pub struct Done {
    /// Its exit code, none when a signal ended it.
    pub code: Option<i32>,
    /// What it printed for the user.
    pub stdout: Vec<u8>,
    /// What it printed besides.
    pub stderr: String,
}

impl Done {
    /// What it printed, of a command that must have succeeded.
    pub fn succeeded(self) -> Vec<u8> {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self.stdout
    }

    /// The sentence of a command that must have failed with this code: what it said last, on one line.
    pub fn failed(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self.stderr.trim_end().lines().last().unwrap_or_default()
    }
}

/// `maillage`, built beforehand in the profile of the tests, run from the repository's folder.
pub fn maillage() -> Command {
    let path = binary();
    assert!(
        path.exists(),
        "{} is missing: build it with `cargo build -p cli` in the same profile as the tests, as `make test` does",
        path.display()
    );
    let mut command = Command::new(path);
    command.current_dir(repository());
    command
}

/// Runs `maillage` with some arguments to its end.
pub fn run(arguments: &[&str]) -> Done {
    let output = maillage().args(arguments).output().expect("the program starts");
    Done {
        code: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
    }
}

fn binary() -> PathBuf {
    let tests = std::env::current_exe().expect("a test has a path");
    // target/PROFILE/deps/TEST
    let profile = tests.ancestors().nth(2).expect("a test is in a target folder");
    profile.join(format!("maillage{}", std::env::consts::EXE_SUFFIX))
}
