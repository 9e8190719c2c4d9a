//! `cargo xtask check`: format, lint and native tests.

use crate::process::{command, execute};
use crate::steps::{Step, run_steps};
use crate::wasm;
use crate::workspace::{Workspace, files};
use anyhow::Result;

/// The steps of this command, which are also the first of `test`.
pub const STEPS: &[Step] = &[
    Step { name: "format", run: format, needs_build: false },
    Step { name: "lint", run: lint, needs_build: false },
    Step { name: "native tests", run: native_tests, needs_build: false },
];

/// Runs the three.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    run_steps(workspace, "check", STEPS, arguments)
}

fn format(workspace: &Workspace) -> Result<()> {
    execute(&mut command("cargo", ["fmt", "--all", "--check"], &workspace.root))?;
    // The endpoints' modules are declared by a macro, into which cargo's formatter does not look.
    let folder = workspace.root.join("src/api");
    let names = files(&folder)?.into_iter().filter(|name| name.ends_with(".rs"));
    let mut rustfmt = command("rustfmt", ["--check", "--edition", "2024"], &workspace.root);
    execute(rustfmt.args(names.map(|name| folder.join(name))))
}

/// Natively with everything on, then each module as it is built for the package.
fn lint(workspace: &Workspace) -> Result<()> {
    let clippy = |arguments: &[&str]| {
        let mut cargo = command("cargo", ["clippy", "--quiet", "--locked"], &workspace.root);
        execute(cargo.args(arguments).args(["--", "-D", "warnings"]))
    };
    clippy(&["--workspace", "--all-targets", "--all-features"])?;
    wasm::ensure_target(workspace)?;
    for module in &wasm::MODULES {
        println!("for WebAssembly: {}", module.name);
        clippy(&[&["--package", "qcc-pro", "--lib", "--target", wasm::TARGET], module.features].concat())?;
    }
    Ok(())
}

fn native_tests(workspace: &Workspace) -> Result<()> {
    let arguments = ["test", "--locked", "--package", "qcc-pro", "--all-features"];
    execute(&mut command("cargo", arguments, &workspace.root))
}
