//! `cargo xtask docs`: what the documents show of the package made anew, then the site in docs/ built and its links checked.

use super::pack;
use crate::process::{command, execute};
use crate::workspace::Workspace;
use crate::{node, package};
use anyhow::{Result, bail};

/// Builds the package first, since tables, figure and reference are made from it. `--picture` takes the picture of the
/// demo page anew too.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let picture = match arguments {
        [] => false,
        [only] if only == "--picture" => true,
        _ => bail!("docs takes nothing but `--picture`"),
    };
    node::tools(workspace)?;
    package::build(workspace)?;
    pack::pack(workspace)?;
    pack::install(workspace)?;
    let documents = workspace.tools.join("documents");
    execute(&mut command("node", [documents.join("fill.mjs")], &workspace.root))?;
    if picture {
        super::demo::build_page(workspace)?;
        execute(&mut command("node", [documents.join("picture.mjs")], &workspace.root))?;
    }
    build_site(workspace)
}

/// Builds the site into docs/.vitepress/dist and follows its links.
pub fn build_site(workspace: &Workspace) -> Result<()> {
    let docs = workspace.root.join("docs");
    node::install(&docs)?;
    execute(&mut command("npm", ["run", "--silent", "build"], &docs))
}
