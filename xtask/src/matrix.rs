//! The matrix of runtimes, bundlers, frameworks and compilers in tests/js/matrix. Its tools are half a gigabyte to
//! download.

use crate::node;
use crate::process::{command, execute};
use crate::workspace::Workspace;
use anyhow::Result;
use std::path::PathBuf;

/// Where it lies.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.tools.join("matrix")
}

/// Tries the packed package everywhere and prints one table.
pub fn run(workspace: &Workspace) -> Result<()> {
    node::tools(workspace)?;
    node::install(&folder(workspace))?;
    execute(&mut command("node", [folder(workspace).join("run.mjs")], &workspace.root))
}
