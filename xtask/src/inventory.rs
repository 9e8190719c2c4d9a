//! What is inside the modules besides our own code: the crates that are compiled in, as a bill of materials (CycloneDX)
//! and with their licences. Facts come from `cargo metadata` and Cargo.lock, for the WebAssembly target only, so that
//! both are the same wherever the package is built.

use crate::process::{command, output};
use crate::wasm::TARGET;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The bill's name in the package.
const BILL: &str = "sbom.cdx.json";
/// The licences' name in the package.
const LICENCES: &str = "THIRD-PARTY-LICENSES.txt";

/// One crate that is compiled in.
struct Component {
    name: String,
    version: String,
    licence: String,
    repository: String,
    /// SHA-256 of its published archive.
    checksum: String,
    /// What it uses itself, as `name@version`.
    uses: Vec<String>,
    /// The text of its licence; empty where its archive has none.
    text: String,
}

impl Component {
    fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

/// Writes both files into the package.
pub fn write(workspace: &Workspace) -> Result<()> {
    let (version, used, components) = components(workspace)?;
    let rust = output(&mut command("rustc", ["--version"], &workspace.root))?;
    let rust = rust.split(' ').nth(1).context("rustc tells no version")?;
    let bill = serde_json::to_string_pretty(&bill(&version, rust, &used, &components))?;
    fs::write(workspace.pkg.join(BILL), bill + "\n").with_context(|| format!("cannot write {BILL}"))?;
    fs::write(workspace.pkg.join(LICENCES), licences(rust, &components)?)
        .with_context(|| format!("cannot write {LICENCES}"))
}

/// Our version, what we use ourselves, and everything that is compiled in, by name.
fn components(workspace: &Workspace) -> Result<(String, Vec<String>, Vec<Component>)> {
    let arguments = ["metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET];
    let metadata: Value = serde_json::from_str(&output(&mut command("cargo", arguments, &workspace.root))?)
        .context("cargo metadata")?;
    let by_id = |list: &Value| -> BTreeMap<String, Value> {
        let entries = list.as_array().into_iter().flatten();
        entries.filter_map(|entry| Some((entry["id"].as_str()?.to_owned(), entry.clone()))).collect()
    };
    let packages = by_id(&metadata["packages"]);
    let nodes = by_id(&metadata["resolve"]["nodes"]);
    let package = |id: &str| packages.get(id).with_context(|| format!("cargo metadata has no {id}"));
    // What is linked in: neither tests' nor builds' dependencies, nor macros, which run in the compiler.
    let linked = |id: &str| -> Result<Vec<String>> {
        let mut found = Vec::new();
        for dependency in nodes.get(id).into_iter().flat_map(|node| node["deps"].as_array()).flatten() {
            let target = text(&dependency["pkg"]);
            let is_normal = dependency["dep_kinds"]
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()));
            let kinds = package(&target)?["targets"].to_string();
            if is_normal && !kinds.contains("\"proc-macro\"") {
                found.push(target);
            }
        }
        Ok(found)
    };
    let ours =
        packages.iter().find(|(_, package)| package["name"] == "qcc-pro").context("qcc-pro is not there")?;
    let lockfile = fs::read_to_string(workspace.root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let mut ahead = linked(ours.0)?;
    let mut seen: BTreeSet<String> = ahead.iter().cloned().collect();
    let names = |ids: &[String]| -> Result<Vec<String>> {
        let mut names = ids
            .iter()
            .map(|id| Ok(format!("{}@{}", text(&package(id)?["name"]), text(&package(id)?["version"]))))
            .collect::<Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    };
    let used = names(&ahead)?;
    let mut found = Vec::new();
    while let Some(id) = ahead.pop() {
        let (package, uses) = (package(&id)?, linked(&id)?);
        ahead.extend(uses.iter().filter(|one| seen.insert((*one).clone())).cloned());
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        let folder = text(&package["manifest_path"]);
        found.push(Component {
            checksum: checksum(&lockfile, &name, &version)
                .with_context(|| format!("Cargo.lock has no checksum of {name} {version}"))?,
            licence: text(&package["license"]),
            repository: text(&package["repository"]),
            uses: names(&uses)?,
            text: licence_text(Path::new(&folder).parent().context("a manifest without a folder")?)?,
            name,
            version,
        });
    }
    found.sort_by_key(Component::id);
    Ok((text(&ours.1["version"]), used, found))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn checksum(lockfile: &str, name: &str, version: &str) -> Option<String> {
    let head = format!("name = \"{name}\"\nversion = \"{version}\"\n");
    let entry = lockfile.split("[[package]]\n").find(|entry| entry.starts_with(&head))?;
    let line = entry.lines().find_map(|line| line.strip_prefix("checksum = \""))?;
    Some(line.trim_end_matches('"').to_owned())
}

/// The licences a crate's archive has; Apache's, which is the same for all, only where there is no MIT to choose.
fn licence_text(folder: &Path) -> Result<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| {
            ["LICEN", "COPYING", "NOTICE"].iter().any(|word| name.to_uppercase().starts_with(word))
        })
        .collect();
    names.sort();
    let has = |name: &String, word| name.to_uppercase().contains(word);
    if names.iter().any(|name| has(name, "MIT")) {
        names.retain(|name| !has(name, "APACHE"));
    }
    let texts = names.iter().map(|name| fs::read_to_string(folder.join(name))).collect::<Result<Vec<_>, _>>();
    let texts = texts.with_context(|| format!("cannot read the licences in {}", folder.display()))?;
    Ok(texts.iter().map(|text| text.replace("\r\n", "\n").trim().to_owned()).collect::<Vec<_>>().join("\n\n"))
}

fn bill(version: &str, rust: &str, used: &[String], components: &[Component]) -> Value {
    let purl = |id: &str| format!("pkg:cargo/{id}");
    let standard = format!("rust-std@{rust}");
    let mut listed: Vec<Value> = components
        .iter()
        .map(|component| {
            json!({
                "type": "library",
                "bom-ref": purl(&component.id()),
                "name": component.name,
                "version": component.version,
                "purl": purl(&component.id()),
                // Older manifests write "or" as a slash.
                "licenses": [{ "expression": component.licence.replace('/', " OR ") }],
                "hashes": [{ "alg": "SHA-256", "content": component.checksum }],
            })
        })
        .collect();
    listed.push(json!({
        "type": "library",
        "bom-ref": standard,
        "name": "rust-std",
        "version": rust,
        "description": "Rust's standard library, built along for wasm32-unknown-unknown",
        "licenses": [{ "expression": "MIT OR Apache-2.0" }],
    }));
    let ours = format!("pkg:npm/qcc-pro@{version}");
    let refs = |ids: &[String]| ids.iter().map(|id| purl(id)).collect::<Vec<_>>();
    let direct = [refs(used), vec![standard]].concat();
    let mut graph = vec![json!({ "ref": ours, "dependsOn": direct })];
    graph
        .extend(components.iter().map(|one| json!({ "ref": purl(&one.id()), "dependsOn": refs(&one.uses) })));
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": {
            "type": "library",
            "bom-ref": ours,
            "name": "qcc-pro",
            "version": version,
            "purl": ours,
            "licenses": [{ "expression": "MIT OR Apache-2.0" }],
        } },
        "components": listed,
        "dependencies": graph,
    })
}

/// Every text once, above it the crates it is of.
fn licences(rust: &str, components: &[Component]) -> Result<String> {
    let mut by_text: BTreeMap<&str, Vec<&Component>> = BTreeMap::new();
    for component in components {
        if component.text.is_empty() && !component.licence.contains("Apache-2.0") {
            bail!("{} ({}) comes without the text of its licence", component.id(), component.licence);
        }
        by_text.entry(&component.text).or_default().push(component);
    }
    let mut written = format!(
        "What is compiled into the WebAssembly modules of qcc-pro besides its own code. Its own licences are in\n\
         LICENSE-MIT and LICENSE-APACHE; {BILL} has the same list for machines.\n\n\
         {LINE}\nRust's standard library {rust}: MIT OR Apache-2.0, https://github.com/rust-lang/rust\n{LINE}\n\n\
         Copyright (c) The Rust Project Contributors. Used under the Apache License, Version 2.0, whose text is in\n\
         LICENSE-APACHE.\n"
    );
    for (text, crates) in by_text {
        written += &format!("\n{LINE}\n");
        for component in crates {
            let Component { name, version, licence, repository, .. } = component;
            written += &format!("{name} {version}: {licence}, {repository}\n");
        }
        let without = "Published without a copy of the licence. Used under the Apache License, Version 2.0, whose text is in\n\
                       LICENSE-APACHE.";
        written += &format!("{LINE}\n\n{}\n", if text.is_empty() { without } else { text });
    }
    Ok(written)
}

const LINE: &str =
    "----------------------------------------------------------------------------------------------------";
