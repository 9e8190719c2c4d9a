//! `cargo xtask build`: pkg/ from sources.

use crate::workspace::Workspace;
use crate::{node, package};
use anyhow::Result;

/// Installs what the build needs, then builds.
pub fn run(workspace: &Workspace, _arguments: &[String]) -> Result<()> {
    node::tools(workspace)?;
    package::build(workspace)
}
