//! The program: collects its arguments and turns the result into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    cardinal::cli::run(std::env::args_os())
}
