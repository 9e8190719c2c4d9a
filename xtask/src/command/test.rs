//! `cargo xtask test`: everything CI runs. A suite is added by dropping a file: Rust tests in tests/, JavaScript ones as
//! tests/js/NAME.test.mjs or .test.cjs (Node) and tests/js/browser/NAME.test.mjs (Chromium, Firefox). They import
//! `qcc-pro` from the packed and installed tarball.

use super::{check, demo, docs, pack};
use crate::process::{command, execute, execute_watched};
use crate::steps::{Step, run_steps};
use crate::workspace::{Workspace, files};
use crate::{endpoint, matrix, node, package};
use anyhow::{Context, Result, bail};
use std::num::NonZero;
use std::path::Path;
use std::thread;

const STEPS: &[Step] = &[
    Step { name: "documentation", run: documentation, needs_build: false },
    Step { name: "one more endpoint", run: endpoint::run, needs_build: false },
    Step { name: "package", run: build_package, needs_build: false },
    Step { name: "tests in Node", run: node_suites, needs_build: true },
    Step { name: "page", run: demo::build_page, needs_build: true },
    Step { name: "site", run: docs::build_site, needs_build: false },
    Step { name: "tests in browsers", run: browser_suites, needs_build: true },
    Step { name: "runtimes and bundlers", run: matrix::run, needs_build: true },
    Step { name: "reproducible build", run: reproducible, needs_build: true },
];

/// The steps of `check`, then those above.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    if arguments.is_empty() {
        node::prepare(vec![workspace.tools.clone(), matrix::folder(workspace)]);
    }
    run_steps(workspace, "test", &[check::STEPS, STEPS].concat(), arguments)
}

fn documentation(workspace: &Workspace) -> Result<()> {
    let arguments = ["doc", "--quiet", "--locked", "--package", "qcc-pro", "--no-deps", "--all-features"];
    execute(command("cargo", arguments, &workspace.root).env("RUSTDOCFLAGS", "-D warnings"))
}

fn build_package(workspace: &Workspace) -> Result<()> {
    node::tools(workspace)?;
    package::build(workspace)?;
    pack::pack(workspace)?;
    pack::install(workspace)
}

fn node_suites(workspace: &Workspace) -> Result<()> {
    // Suites wait for servers, timers and child processes more than they compute, so as many at once as there are cores;
    // Node's own choice is one less.
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    run_suites(workspace, &workspace.tools, cores)
}

fn browser_suites(workspace: &Workspace) -> Result<()> {
    // First by itself, so that what is missing is said once and not by every suite.
    for helper in ["support/chromium.mjs", "support/firefox.mjs"] {
        execute(&mut command("node", [workspace.tools.join(helper)], &workspace.root))?;
    }
    // A browser is several processes already.
    run_suites(workspace, &workspace.tools.join("browser"), 1)
}

/// Runs the suites that lie in `folder` itself under Node's test runner, `at_once` of them at a time. A test that is skipped or left for later fails
/// the step: what is not tested must not look as if it were.
fn run_suites(workspace: &Workspace, folder: &Path, at_once: usize) -> Result<()> {
    node::tools(workspace)?;
    let mut suites = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") || path.to_string_lossy().ends_with(".test.cjs") {
            suites.push(path);
        }
    }
    suites.sort();
    if suites.is_empty() {
        bail!("there is no suite in {}", folder.display());
    }
    let mut node =
        command("node", ["--test", "--test-reporter=spec", "--test-timeout=300000"], &workspace.root);
    node.arg(format!("--test-concurrency={at_once}")).args(&suites);
    let mut counts = Vec::new();
    execute_watched(&mut node, |line| {
        // The runner's closing lines: «ℹ tests 12», «ℹ skipped 0», …
        if let Some((name, count)) = line.strip_prefix("ℹ ").and_then(|text| text.split_once(' ')) {
            counts.push((name.to_owned(), count.parse::<u64>().unwrap_or(0)));
        }
    })?;
    let count = |wanted: &str| counts.iter().rev().find(|(name, _)| name == wanted).map(|(_, count)| *count);
    match (count("tests"), count("skipped"), count("todo")) {
        (Some(0) | None, ..) => bail!("no test ran"),
        (_, Some(0), Some(0)) => Ok(()),
        (_, skipped, todo) => {
            bail!("{skipped:?} tests were skipped and {todo:?} left for later; none may be")
        }
    }
}

/// Builds a copy of the sources in another folder, from nothing but the installed tools, and compares every byte of the
/// package.
fn reproducible(workspace: &Workspace) -> Result<()> {
    let elsewhere = workspace.target.join("elsewhere");
    let copy = Workspace {
        root: elsewhere.join("src"),
        target: elsewhere.join("made"),
        pkg: elsewhere.join("pkg"),
        tools: workspace.tools.clone(),
    };
    crate::workspace::empty(&elsewhere)?;
    let list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    for name in crate::process::output(&mut command("git", list, &workspace.root))?.split_terminator('\0') {
        let (from, to) = (workspace.root.join(name), copy.root.join(name));
        if from.is_file() {
            std::fs::create_dir_all(to.parent().context("a file without a folder")?)?;
            std::fs::copy(&from, &to).with_context(|| format!("cannot copy {name}"))?;
        }
    }
    package::build(&copy)?;
    let (ours, theirs) = (files(&workspace.pkg)?, files(&copy.pkg)?);
    if ours != theirs {
        bail!("another folder gave other files: {ours:?} and {theirs:?}");
    }
    for name in &ours {
        if std::fs::read(workspace.pkg.join(name))? != std::fs::read(copy.pkg.join(name))? {
            bail!(
                "{name} came out otherwise in another folder; compare {} and {}",
                workspace.pkg.display(),
                copy.pkg.display()
            );
        }
    }
    println!("{} files came out the same, byte for byte, in {}", ours.len(), copy.root.display());
    std::fs::remove_dir_all(&elsewhere).with_context(|| format!("cannot remove {}", elsewhere.display()))
}
