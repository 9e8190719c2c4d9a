//! The matrix of runtimes, bundlers, frameworks and compilers in tests/js/matrix. Its tools are half a gigabyte to
//! download, which the network does while the processor compiles.

use crate::node;
use crate::process::{command, execute};
use crate::workspace::Workspace;
use anyhow::Result;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Held while the tools are being installed: whoever comes later waits and finds them there.
static INSTALLING: Mutex<()> = Mutex::new(());

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.tools.join("matrix")
}

fn install(workspace: &Workspace) -> Result<()> {
    let _alone = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    node::install(&folder(workspace))
}

/// Begins to install the tools. What fails is left to [`run`], which tries again and tells.
pub fn prepare(workspace: &Workspace) {
    let workspace = workspace.clone();
    std::thread::spawn(move || drop(install(&workspace)));
}

/// Tries the packed package everywhere and prints one table.
pub fn run(workspace: &Workspace) -> Result<()> {
    node::tools(workspace)?;
    install(workspace)?;
    execute(&mut command("node", [folder(workspace).join("run.mjs")], &workspace.root))
}
