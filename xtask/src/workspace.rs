//! Where everything is. A [`Workspace`] is a tree of sources and a place for what is built from it, so that the test of
//! reproducibility can build a copy of the sources elsewhere.

use anyhow::{Context, Result, bail};
use std::env;
use std::path::{Path, PathBuf};

/// A source tree and where its products go.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The repository's root.
    pub root: PathBuf,
    /// Where cargo and this tool leave what they make.
    pub target: PathBuf,
    /// The assembled npm package.
    pub pkg: PathBuf,
    /// The Node tools that build and test, installed by [`crate::node::tools`].
    pub tools: PathBuf,
}

impl Workspace {
    /// The repository that this tool was started in through `cargo xtask`.
    pub fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").context("start this through `cargo xtask`")?;
        let root = Path::new(&manifest).parent().context("xtask/ has no parent folder")?.to_owned();
        if !root.join("pkg-template").is_dir() && !root.join("src").is_dir() {
            bail!("{} is not the repository of qcc-pro", root.display());
        }
        Ok(Self { target: root.join("target"), pkg: root.join("pkg"), tools: root.join("tests/js"), root })
    }

    /// Where `pack` leaves the tarball.
    pub fn tarball(&self) -> PathBuf {
        self.target.join("npm/qcc-pro.tgz")
    }

    /// An empty project in which nothing but the tarball is installed.
    pub fn installed(&self) -> PathBuf {
        self.target.join("npm/installed")
    }
}

/// Empties `folder`, making it if need be.
pub fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

/// Copies the tree `from` to `to`, made if need be; `skip` says which paths stay behind.
pub fn copy_tree(from: &Path, to: &Path, skip: &dyn Fn(&Path) -> bool) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for entry in std::fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))? {
        let path = entry?.path();
        let Some(name) = path.file_name().filter(|_| !skip(&path)) else { continue };
        let copy = to.join(name);
        if path.is_dir() {
            copy_tree(&path, &copy, skip)?;
        } else {
            std::fs::copy(&path, &copy).with_context(|| format!("cannot copy {}", path.display()))?;
        }
    }
    Ok(())
}

/// The files under `folder`, as paths relative to it with forward slashes, sorted.
pub fn files(folder: &Path) -> Result<Vec<String>> {
    fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result<()> {
        for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                walk(&entry.path(), &format!("{name}/"), found)?;
            } else {
                found.push(name);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, "", &mut found)?;
    found.sort();
    Ok(found)
}
