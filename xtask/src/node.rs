//! Node and the packages this repository's own JavaScript needs.

use crate::process::{command, execute, output};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The oldest Node the package runs on, and so the oldest this tool accepts.
const OLDEST: u32 = 20;

/// Held while something is being installed.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Makes sure of Node and of the tools in `tests/js` (binaryen, esbuild, …).
pub fn tools(workspace: &Workspace) -> Result<()> {
    let version = output(&mut command("node", ["--version"], &workspace.root))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok());
    if major.is_none_or(|major: u32| major < OLDEST) {
        bail!("node {} is too old: {OLDEST} or newer is needed", version.trim());
    }
    install(&workspace.tools)
}

/// Begins to install the packages of these folders, one after another, which the network does while the processor compiles.
/// What fails is left to the step that needs them, which tries again and tells.
pub fn prepare(folders: Vec<PathBuf>) {
    thread::spawn(move || folders.iter().for_each(|folder| drop(install(folder))));
}

/// `npm ci` in `folder`, unless what is installed there was installed from this very lockfile.
pub fn install(folder: &Path) -> Result<()> {
    // Whoever comes while the packages are being installed waits and finds them there.
    let _alone = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let lockfile = folder.join("package-lock.json");
    let bytes = fs::read(&lockfile).with_context(|| format!("cannot read {}", lockfile.display()))?;
    let wanted: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    // Inside node_modules: whoever deletes that folder deletes the stamp with it.
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("installing the packages of {}", folder.display());
    execute(&mut command("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder))?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}
