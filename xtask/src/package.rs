//! pkg/: the modules, the bundled face and what else the npm package holds.

use crate::process::{command, execute};
use crate::wasm;
use crate::workspace::{Workspace, copy_tree, empty, files};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::thread;

/// Files of the repository's root that go into the package as they are.
const FROM_ROOT: [&str; 4] = ["README.md", "README.zh-CN.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Builds the whole package into `workspace.pkg`.
pub fn build(workspace: &Workspace) -> Result<()> {
    wasm::ensure_sources(workspace)?;
    let template = workspace.root.join("pkg-template");
    let stage = workspace.target.join("npm/stage");
    empty(&stage)?;
    copy_tree(&template.join("src"), &stage, &|_| false)?;
    let generated = stage.join("generated");
    fs::create_dir_all(&generated)?;
    build_modules(workspace, &generated)?;
    empty(&workspace.pkg)?;
    // Everything beside src/ goes into the package as it is: package.json, types, bin.
    copy_tree(&template, &workspace.pkg, &|path| path == template.join("src"))?;
    for name in FROM_ROOT {
        let file = workspace.root.join(name);
        if file.exists() {
            fs::copy(&file, workspace.pkg.join(name)).with_context(|| format!("cannot copy {name}"))?;
        }
    }
    let script = workspace.root.join("xtask/js/bundle.mjs");
    let mut node = command("node", [&script, &workspace.tools, &stage, &workspace.pkg], &workspace.root);
    execute(&mut node)?;
    report(workspace)
}

/// All modules at once: each ends in minutes of linking, which keeps one core busy.
fn build_modules(workspace: &Workspace, folder: &Path) -> Result<()> {
    thread::scope(|scope| {
        let building: Vec<_> = wasm::MODULES
            .iter()
            .map(|module| {
                println!("building {}.wasm", module.name);
                scope.spawn(|| wasm::build(workspace, module, folder))
            })
            .collect();
        // Each is waited for, whatever became of those before it.
        let built: Vec<_> = building.into_iter().map(|thread| thread.join()).collect();
        built.into_iter().try_for_each(|result| result.unwrap_or_else(|_| bail!("a build has panicked")))
    })
}

/// What the package weighs, file by file.
fn report(workspace: &Workspace) -> Result<()> {
    let names = files(&workspace.pkg)?;
    let mut total = 0;
    for name in &names {
        let size = fs::metadata(workspace.pkg.join(name))?.len();
        total += size;
        println!("  {size:>8}  {name}");
    }
    println!("  {total:>8}  bytes in {} files in {}", names.len(), workspace.pkg.display());
    Ok(())
}
