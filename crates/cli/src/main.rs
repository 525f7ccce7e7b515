//! The `maillage` command: parses, wires, reports, exits. Has no logic worth a unit test.
//!
//! Exit codes: 0 done, 1 the job failed, 2 the arguments are wrong, 3 done but rows were refused and
//! `--strict` asked.

mod args;
mod build;
mod check;
mod compare;
mod diagnose;
mod export;
mod export_site;
mod failure;
mod fetch;
mod memory;
mod progress;
mod report;
mod sample;
mod serve;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};

fn main() -> ExitCode {
    memory::return_what_is_freed();
    let done = match Arguments::parse().command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Fetch(arguments) => fetch::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::ExportSite(arguments) => export_site::run(&arguments),
        Command::Diagnose(arguments) => diagnose::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::failure(&failure);
            failure.exit_code()
        }
    }
}
