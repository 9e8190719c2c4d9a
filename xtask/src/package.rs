//! pkg/: the modules, the bundled face and what else the npm package holds.

use crate::inventory;
use crate::process::{command, execute};
use crate::wasm;
use crate::workspace::{Workspace, copy_tree, empty, files};
use anyhow::{Context, Result, bail, ensure};
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
    stamp(workspace)?;
    inventory::write(workspace)?;
    let script = workspace.root.join("xtask/js/bundle.mjs");
    let mut node = command("node", [&script, &workspace.tools, &stage, &workspace.pkg], &workspace.root);
    execute(&mut node)?;
    report(workspace)
}

/// In all places at once: each ends in minutes of linking, which keeps one core busy.
fn build_modules(workspace: &Workspace, folder: &Path) -> Result<()> {
    let build = |module: &wasm::Module| {
        println!("building {}.wasm", module.name);
        wasm::build(workspace, module, folder)
    };
    thread::scope(|scope| {
        let building: Vec<_> = wasm::MODULES
            .chunk_by(|one, next| one.place == next.place)
            .map(|modules| scope.spawn(move || modules.iter().try_for_each(build)))
            .collect();
        // Each is waited for, whatever became of those before it.
        let built: Vec<_> = building.into_iter().map(|thread| thread.join()).collect();
        built.into_iter().try_for_each(|result| result.unwrap_or_else(|_| bail!("a build has panicked")))
    })
}

/// What stands for the version in pkg-template/package.json.
const UNSTAMPED: &str = "\"version\": \"0.0.0\"";

/// Writes Cargo.toml's version, the only one there is, into the package.
fn stamp(workspace: &Workspace) -> Result<()> {
    let manifest = workspace.pkg.join("package.json");
    let text = fs::read_to_string(&manifest).context("cannot read package.json")?;
    ensure!(text.contains(UNSTAMPED), "pkg-template/package.json has no {UNSTAMPED}");
    // This tool's own version is the workspace's.
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    fs::write(&manifest, text.replace(UNSTAMPED, &version)).context("cannot write package.json")
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
