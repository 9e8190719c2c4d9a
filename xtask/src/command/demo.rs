//! `cargo xtask demo`: the whole way once. Builds the package, starts the sandbox, asks the document's example in Node
//! and prints its table, then serves the demo page, whose server holds the secret, with the documents beside it, and opens it.

use super::{docs, pack};
use crate::process::{command, execute};
use crate::workspace::Workspace;
use crate::{node, package};
use anyhow::{Result, bail};

/// `--no-open` leaves the browser closed.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    if let Some(unknown) = arguments.iter().find(|argument| *argument != "--no-open") {
        bail!("demo takes nothing but `--no-open`, not {unknown:?}");
    }
    node::tools(workspace)?;
    package::build(workspace)?;
    pack::pack(workspace)?;
    build_page(workspace)?;
    docs::build_site(workspace)?;
    let www = workspace.root.join("www");
    execute(command("node", [www.join("demo.mjs")], &www).args(arguments))
}

/// Builds the page in www/ with the packed package, as any application would.
pub fn build_page(workspace: &Workspace) -> Result<()> {
    let www = workspace.root.join("www");
    node::install(&www)?;
    pack::install(workspace)?;
    execute(&mut command("npm", ["run", "--silent", "build"], &www))
}
