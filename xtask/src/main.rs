//! `cargo xtask COMMAND`: everything that is done with this repository. Knows the tools (cargo, node, npm) and the
//! layout of the tree; one file per command in `command/`, what they share beside it.

mod command;
mod endpoint;
mod inventory;
mod matrix;
mod node;
mod package;
mod plan_search;
mod process;
mod steps;
mod wasm;
mod workspace;

use anyhow::{Result, bail};
use std::process::ExitCode;
use workspace::Workspace;

/// A command: its name, what `--help` says of it, and what runs it with the arguments that follow its name.
type Command = (&'static str, &'static str, fn(&Workspace, &[String]) -> Result<()>);

const COMMANDS: &[Command] = &[
    ("build", "build the WebAssembly modules and leave the npm package in pkg/", command::build::run),
    ("check", "the quick loop: format, lint, native tests", command::check::run),
    (
        "test",
        "everything CI runs, on the packed package; --only WORD for the steps with WORD",
        command::test::run,
    ),
    (
        "demo",
        "build, ask the document's example in Node, serve the demo page [--no-open]",
        command::demo::run,
    ),
    (
        "pack",
        "build, and pack pkg/ into target/npm/qcc-pro.tgz; --tag vX.Y.Z for a release",
        command::pack::run,
    ),
    (
        "docs",
        "build, make the documents' tables and figure anew [--picture], build their site and check its links",
        command::docs::run,
    ),
    (
        "plan-search",
        "look for plans with fewer calls and keep their recipes (cargo run --release -p xtask -- plan-search)",
        plan_search::run,
    ),
    (
        "plan-starters",
        "look for a cyclic cover --names N --calls B --group G [--steps --rounds --seed --most]",
        plan_search::starters::run,
    ),
    ("plan-table", "write src/plan/TABLE.md, the sizes of plans", plan_search::write_table),
    ("bench", "build, and compare the hot paths with other packages", command::bench::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        print_help();
        bail!("a command is missing");
    };
    if ["help", "--help", "-h"].contains(&name.as_str()) || rest.iter().any(|a| a == "--help" || a == "-h") {
        print_help();
        return Ok(());
    }
    match COMMANDS.iter().find(|(known, ..)| known == name) {
        Some((_, _, run)) => run(&Workspace::find()?, rest),
        None => {
            print_help();
            bail!("no command {name:?}");
        }
    }
}

fn print_help() {
    println!("cargo xtask COMMAND\n");
    for (name, help, _) in COMMANDS {
        println!("  {name:<8} {help}");
    }
}
