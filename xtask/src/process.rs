//! Starting other programs: what failed is said with its command line, what is missing with the command that gets it.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// How to come by each tool that this repository expects to find.
const GET: &[(&str, &str)] = &[
    ("cargo", "install Rust with rustup, or `apt-get install rustup && rustup default stable`"),
    ("rustc", "install Rust with rustup, or `apt-get install rustup && rustup default stable`"),
    (
        "rustup",
        "`apt-get install rustup` (Debian), `brew install rustup` (macOS), `winget install Rustlang.Rustup` (Windows)",
    ),
    (
        "node",
        "`apt-get install nodejs npm` (Debian 13), `brew install node` (macOS), `winget install OpenJS.NodeJS.LTS` (Windows)",
    ),
    (
        "npm",
        "`apt-get install npm` (Debian), `brew install node` (macOS), `winget install OpenJS.NodeJS.LTS` (Windows)",
    ),
    ("git", "`apt-get install git` (Debian), `brew install git` (macOS), `winget install Git.Git` (Windows)"),
];

/// `program` with `arguments`, to be run in `folder`. npm is a script on Windows and needs its ending there.
pub fn command<A: AsRef<std::ffi::OsStr>>(
    program: &str,
    arguments: impl IntoIterator<Item = A>,
    folder: &Path,
) -> Command {
    let file = if cfg!(windows) && program == "npm" { "npm.cmd" } else { program };
    let mut command = Command::new(file);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs to the end, its output going to ours.
pub fn execute(command: &mut Command) -> Result<()> {
    let status = spawn(command)?.wait()?;
    if !status.success() {
        bail!("`{}` failed: {status}", line(command));
    }
    Ok(())
}

/// Runs to the end and takes what it printed; its errors go to ours.
pub fn output(command: &mut Command) -> Result<String> {
    let child = spawn(command.stdout(Stdio::piped()))?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("`{}` failed: {}\n{}", line(command), output.status, String::from_utf8_lossy(&output.stdout));
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` printed no UTF-8", line(command)))
}

/// Runs to the end, passing its lines on as they come, and shows each to `look`.
pub fn execute_watched(command: &mut Command, mut look: impl FnMut(&str)) -> Result<()> {
    let mut child = spawn(command.stdout(Stdio::piped()))?;
    if let Some(stdout) = child.stdout.take() {
        for text in BufReader::new(stdout).lines() {
            let text = text?;
            println!("{text}");
            look(&text);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{}` failed: {status}", line(command));
    }
    Ok(())
}

/// Starts a program and leaves it running.
pub fn spawn(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|error| {
        let program = command.get_program().to_string_lossy();
        let name = program.trim_end_matches(".cmd");
        match GET.iter().find(|(known, _)| error.kind() == ErrorKind::NotFound && *known == name) {
            Some((_, get)) => anyhow::anyhow!("{name} is missing; to get it: {get}"),
            None => anyhow::anyhow!("cannot start {program}: {error}"),
        }
    })
}

/// The command line as one would type it, for messages.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
