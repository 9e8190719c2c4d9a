//! The claim of HACKING.md that an endpoint is one file and one line, put to the test on a copy of the sources: the
//! quota endpoint is taken out of it, with its file and its line and nothing else, and put back.

use crate::process::{command, output};
use crate::workspace::{Workspace, copy_tree, empty};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

const FILE: &str = "src/api/quota.rs";
const TABLE: &str = "src/api/mod.rs";
const LINE: &str = "    quota,\n";

/// Asks the copy for its endpoints; a crate of its own, so that nothing of the copy but the library is built.
const ASKING: &str = r#"fn main() {
    let names: Vec<&str> = qcc_pro::api::ENDPOINTS.iter().map(|endpoint| endpoint.name).collect();
    println!("{}", names.join(" "));
}
"#;

/// Takes the endpoint out and puts it back.
pub fn run(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target.join("endpoint");
    let (copy, asking) = (folder.join("copy"), folder.join("asking"));
    empty(&folder)?;
    copy_tree(&workspace.root.join("src"), &copy.join("src"), &|_| false)?;
    let manifest = read(&workspace.root, "Cargo.toml")?;
    write(&copy, "Cargo.toml", &manifest.replace("members = [\"xtask\"]", "members = [\"../asking\"]"))?;
    fs::copy(workspace.root.join("Cargo.lock"), copy.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
    fs::create_dir_all(asking.join("src"))?;
    let package =
        "[package]\nname = \"asking\"\nversion = \"0.0.0\"\nedition = \"2024\"\nworkspace = \"../copy\"\n\n";
    write(&asking, "Cargo.toml", &format!("{package}[dependencies]\nqcc-pro = {{ path = \"../copy\" }}\n"))?;
    write(&asking, "src/main.rs", ASKING)?;

    let (file, table) = (read(&copy, FILE)?, read(&copy, TABLE)?);
    ensure!(table.matches(LINE).count() == 1, "{TABLE} has not one line {LINE:?}");
    fs::remove_file(copy.join(FILE))?;
    write(&copy, TABLE, &table.replace(LINE, ""))?;
    expect(workspace, &asking, "findPartnershipRelation")?;
    write(&copy, FILE, &file)?;
    write(&copy, TABLE, &table)?;
    expect(workspace, &asking, "findPartnershipRelation getQuota")?;
    println!(
        "getQuota is {FILE} and one line in {TABLE}: without both the rest builds, with both it is back"
    );
    Ok(())
}

fn expect(workspace: &Workspace, asking: &Path, wanted: &str) -> Result<()> {
    let mut cargo = command("cargo", ["run", "--quiet", "--offline"], asking);
    let names = output(cargo.arg("--target-dir").arg(workspace.target.join("endpoint/made")))?;
    ensure!(names.trim() == wanted, "the endpoints are {names:?} where {wanted:?} was expected");
    Ok(())
}

fn read(folder: &Path, name: &str) -> Result<String> {
    fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read {name}"))
}

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    fs::write(folder.join(name), text).with_context(|| format!("cannot write {name}"))
}
