//! `cargo xtask bench`: tests/bench/main.mjs on the packed package, with the packages it is compared with.

use super::pack;
use crate::process::{command, execute};
use crate::workspace::Workspace;
use crate::{node, package};
use anyhow::{Result, bail};

/// Builds, installs and hands the arguments on.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let folder = workspace.root.join("tests/bench");
    let script = folder.join("main.mjs");
    if !script.is_file() {
        bail!("there is no benchmark: {} is missing", script.display());
    }
    node::tools(workspace)?;
    node::install(&folder)?;
    package::build(workspace)?;
    pack::pack(workspace)?;
    pack::install(workspace)?;
    execute(command("node", ["--expose-gc"], &folder).arg(script).args(arguments))
}
