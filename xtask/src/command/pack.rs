//! `cargo xtask pack`: the tarball, and an empty project with nothing but it installed. `--tag vX.Y.Z` for a release: first
//! it is made sure that tag, Cargo.toml and CHANGELOG.md speak of the same version.

use crate::process::{command, execute};
use crate::workspace::{Workspace, copy_tree, empty};
use crate::{node, package};
use anyhow::{Context, Result, bail};
use std::fs;

/// Builds, then packs.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    match arguments {
        [] => {}
        [flag, tag] if flag == "--tag" => check_tag(workspace, tag)?,
        _ => bail!("pack takes nothing but `--tag vX.Y.Z`"),
    }
    node::tools(workspace)?;
    package::build(workspace)?;
    pack(workspace)?;
    println!("packed {}", workspace.tarball().display());
    install(workspace)
}

fn check_tag(workspace: &Workspace, tag: &str) -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    if tag != format!("v{version}") {
        bail!("the tag is {tag}, and Cargo.toml says {version}");
    }
    let changes =
        fs::read_to_string(workspace.root.join("CHANGELOG.md")).context("cannot read CHANGELOG.md")?;
    if !changes.lines().any(|line| line.starts_with(&format!("## [{version}] - "))) {
        bail!("CHANGELOG.md has no entry `## [{version}] - DATE`");
    }
    Ok(())
}

/// Packs pkg/ as npm would publish it.
pub fn pack(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target.join("npm/tarball");
    empty(&folder)?;
    let mut npm = command("npm", ["pack", "--silent", "--pack-destination"], &workspace.pkg);
    execute(npm.arg(&folder))?;
    let mut made = fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?;
    match (made.pop(), made.is_empty()) {
        (Some(tarball), true) => fs::rename(tarball.path(), workspace.tarball())
            .with_context(|| format!("cannot move {}", tarball.path().display())),
        _ => bail!("npm pack left not one file but {}", made.len()),
    }
}

/// Installs the tarball in an empty project, as a user would, and copies it from there to where the suites find it as
/// `qcc-pro`. Whatever they import is therefore what would be published, not the source tree.
pub fn install(workspace: &Workspace) -> Result<()> {
    let project = workspace.installed();
    empty(&project)?;
    fs::write(project.join("package.json"), "{ \"private\": true }\n")?;
    let mut npm = command("npm", ["install", "--silent", "--no-audit", "--no-fund", "--offline"], &project);
    execute(npm.arg(workspace.tarball()))?;
    let installed = project.join("node_modules/qcc-pro");
    for folder in [workspace.tools.clone(), workspace.root.join("tests/bench"), workspace.root.join("www")] {
        if folder.join("node_modules").is_dir() {
            let copy = folder.join("node_modules/qcc-pro");
            empty(&copy)?;
            copy_tree(&installed, &copy, &|_| false)?;
        }
    }
    Ok(())
}
