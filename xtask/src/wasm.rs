//! The WebAssembly modules: rustc, then wasm-bindgen (as a library), then wasm-opt.
//!
//! The standard library is built along, from the component rust-src of the same Rust: optimised for size, and with panics
//! that end in a trap at once instead of in words that nobody reads. That makes the client's module 16 % lighter as brotli.
//! Stable Rust knows these options only with `RUSTC_BOOTSTRAP`, and there is no second way without them: it would give
//! other bytes.
//!
//! The same commit gives the same bytes on any machine: every path that rustc could write into panic texts is remapped,
//! the versions of all three tools are pinned (rustc by the machine, the others by lockfiles).

mod order;

use crate::process::{command, execute, output};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use walrus::{ElementItems, FunctionBuilder, FunctionId};
use wasm_bindgen_cli_support::Bindgen;

/// What the modules are compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// A WebAssembly module of the package, and the crate's features that make it.
#[derive(Debug)]
pub struct Module {
    /// `core`, `sign`, `gateway` or `sandbox`: the name of its files.
    pub name: &'static str,
    /// What cargo is told.
    pub features: &'static [&'static str],
    /// Where cargo builds it, below target/wasm. Those that share a place are built one after another and share the standard
    /// library, which takes longer than they do.
    pub place: &'static str,
}

/// The client's module, signing's, the gateway's and the sandbox's. Nobody who only signs should download the client, and no
/// dashboard what its server needs or the emulator, so each has its own.
pub const MODULES: [Module; 4] = [
    Module { name: "core", features: &[], place: "core" },
    Module { name: "sign", features: &["--no-default-features", "--features", "sign"], place: "others" },
    Module {
        name: "gateway",
        features: &["--no-default-features", "--features", "gateway"],
        place: "others",
    },
    Module {
        name: "sandbox",
        features: &["--no-default-features", "--features", "sandbox"],
        place: "others",
    },
];

/// What rustc turns on for this target and wasm-opt must be told.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
];

/// What cargo is told to build the standard library along.
const STANDARD_LIBRARY: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];

/// A panic is a trap, which the face knows how to deal with; neither it nor an error's `Debug` carries words.
const NO_PANIC_WORDS: [&str; 4] =
    ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none"];

/// For size, which the profile's `opt-level = "z"` begins (7 % of the client's module as brotli beside `"s"`). Rust's own inlining
/// comes before LLVM's and takes away what wraps a function in closures and iterators: 1.7 %, and with it "z" is as quick as "s"
/// nearly everywhere. The rest stands under the `cfg` that is set here, see src/lib.rs. What LLVM does to loops (strength
/// reduction: 0.5 %) and to values known on one of two ways (0.7 %) costs more code than it gains time in WebAssembly, whose
/// engines optimise again. Sixteen bytes are moved at once where values are (2.6 %): whatever compiles the module on its main
/// thread knows how (xtask/js/bundle.mjs).
const FOR_SIZE: [&str; 6] = [
    "--cfg=wasm_module",
    "-Ctarget-feature=+simd128",
    "-Zinline-mir=yes",
    "-Cllvm-args=-disable-lsr",
    "-Cllvm-args=-enable-pre=false",
    "-Cllvm-args=-enable-load-pre=false",
];

/// For size after compression. rustc has already inlined what speed asks for; what wasm-opt would inline on top repeats
/// code and costs 2.4 % of the client's module as brotli. Functions are put in the order of their names, the same on every
/// machine, and then in the one that [`order`] finds. Nothing is in the lowest KiB but the end of the stack, so an address that
/// is added up is taken for one that does not pass the end of memory. How a load or store is aligned is only a hint, which no
/// usual engine takes: said not to be, they are all alike (0.5 %).
const OPTIMISATIONS: [&str; 7] = [
    "--no-inline=*",
    "--low-memory-unused",
    "--dealign",
    "-Oz",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-target-features",
];

/// Builds `module` and leaves `NAME.js` (the glue) and `NAME.wasm` in `folder`.
pub fn build(workspace: &Workspace, module: &Module, folder: &Path) -> Result<()> {
    let compiled = compile(workspace, module)?;
    let plain = workspace.target.join("wasm").join(format!("{}.bindgen.wasm", module.name));
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(module.name, fs::read(&compiled)?)
        .web(true)?
        .typescript(false)
        .keep_debug(false)
        // wasm-opt needs it, and takes it off.
        .remove_name_section(false)
        .remove_producers_section(true)
        // The loaders say where the module is; `new URL(…, import.meta.url)` breaks under several bundlers.
        .omit_default_module_path(true)
        // `__wbg_reset_state`: a fresh instance after a trap has poisoned the old one.
        .reset_state_function(true);
    let mut glue = bindgen.generate_output().with_context(|| format!("wasm-bindgen on {}", module.name))?;
    let mut script = glue.js().to_owned();
    let wasm = glue.wasm_mut();
    for (number, import) in wasm.imports.iter_mut().enumerate() {
        let name = letters(number);
        ensure!(script.matches(&import.name).count() == 1, "the glue does not name {} once", import.name);
        script = script.replace(&import.name, &name);
        import.name = name;
    }
    fs::write(folder.join(format!("{}.js", module.name)), script)?;
    for name in wasm.funcs.iter_mut().filter_map(|function| function.name.as_mut()) {
        *name = without_hashes(name);
    }
    forget_closures(wasm);
    fs::write(&plain, wasm.emit_wasm())?;
    optimise(workspace, &plain, &folder.join(format!("{}.wasm", module.name)))
}

/// The module as rustc leaves it, until another is built in the same place.
fn compile(workspace: &Workspace, module: &Module) -> Result<PathBuf> {
    let target = workspace.target.join("wasm").join(module.place);
    // First, so that the folders of the crates' sources, which the flags name, are there.
    execute(&mut command("cargo", ["fetch", "--quiet", "--locked", "--target", TARGET], &workspace.root))?;
    let mut flags = reproducible_flags(&workspace.root)?;
    flags.extend(NO_PANIC_WORDS.into_iter().chain(FOR_SIZE).map(str::to_owned));
    let mut cargo =
        command("cargo", ["build", "--quiet", "--locked", "--package", "qcc-pro", "--lib"], &workspace.root);
    cargo
        .args(["--profile", "wasm", "--target", TARGET])
        .args(STANDARD_LIBRARY)
        .args(module.features)
        .arg("--target-dir")
        .arg(&target)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    execute(&mut cargo)?;
    Ok(target.join(TARGET).join("wasm/qcc_pro.wasm"))
}

/// Makes sure the standard library for the target is there, through rustup where rustup manages Rust.
pub fn ensure_target(workspace: &Workspace) -> Result<()> {
    let installed = || -> Result<bool> {
        let folder =
            output(&mut command("rustc", ["--print", "target-libdir", "--target", TARGET], &workspace.root))?;
        Ok(fs::read_dir(folder.trim()).is_ok_and(|mut files| files.next().is_some()))
    };
    if !installed()? {
        execute(&mut command("rustup", ["target", "add", TARGET], &workspace.root)).with_context(|| {
            format!("Rust's {TARGET} is missing; to get it: `rustup target add {TARGET}`")
        })?;
        if !installed()? {
            bail!("Rust's {TARGET} is still missing after `rustup target add {TARGET}`");
        }
    }
    Ok(())
}

/// Makes sure the standard library's sources are there.
pub fn ensure_sources(workspace: &Workspace) -> Result<()> {
    let sysroot = output(&mut command("rustc", ["--print", "sysroot"], &workspace.root))?;
    let lockfile = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock");
    if !lockfile.is_file() {
        let missing =
            "the standard library's sources are missing; to get them: `rustup component add rust-src`";
        execute(&mut command("rustup", ["component", "add", "rust-src"], &workspace.root))
            .context(missing)?;
        if !lockfile.is_file() {
            bail!("{missing} (that was done, and {} is still not there)", lockfile.display());
        }
    }
    Ok(())
}

/// rustc's flags that keep the builder's paths out of the module. Of two that fit a path rustc takes the later.
fn reproducible_flags(root: &Path) -> Result<Vec<String>> {
    let rustc = |argument: &str| output(&mut command("rustc", [argument], root));
    let version = rustc("-vV")?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
    let sysroot = PathBuf::from(output(&mut command("rustc", ["--print", "sysroot"], root))?.trim());
    let home = env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from);
    let cargo_home =
        env::var_os("CARGO_HOME").map(PathBuf::from).or(home.as_ref().map(|home| home.join(".cargo")));
    let mut flags = Vec::new();
    let mut remap =
        |from: PathBuf, to: &str| flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    if let Some(home) = home {
        remap(home, "/home");
    }
    if let Some(cargo_home) = cargo_home {
        // Each registry has a folder of its own there, named after its address.
        let registries = fs::read_dir(cargo_home.join("registry/src")).into_iter().flatten().flatten();
        let mut registries: Vec<_> = registries.map(|entry| entry.path()).collect();
        registries.sort();
        remap(cargo_home, "/cargo");
        registries.into_iter().for_each(|folder| remap(folder, "/crates"));
    }
    remap(sysroot.clone(), "/rust");
    // As the paths read where the component rust-src is not installed.
    remap(sysroot.join("lib/rustlib/src/rust"), &format!("/rustc/{commit}"));
    remap(root.to_owned(), "/qcc-pro");
    Ok(flags)
}

/// a … z, ba …: what an import is called instead of by the glue's long names, whose hashes nothing compresses (0.6 % of the
/// client's module as brotli, and 6 % of its glue).
fn letters(number: usize) -> String {
    let last = char::from(b'a' + (number % 26) as u8);
    if number < 26 { last.to_string() } else { letters(number / 26) + &last.to_string() }
}

/// Takes out of the table what js-sys has for closures and futures of its own, and so lets wasm-opt take it out of the module
/// (0.5 % of the client's module as brotli): the descriptions of its functions point to it, and though they are gone by now,
/// the table is kept. The glue calls a closure by an export of its own; here there is none. Whoever called one all the same
/// would find a trap in its place.
fn forget_closures(wasm: &mut walrus::Module) {
    let unused: HashSet<FunctionId> = {
        let of_closures = ["wasm_bindgen::convert::closures::", "js_sys::futures::jspi::"];
        let named = wasm.funcs.iter().filter(|function| {
            let name = function.name.as_deref().unwrap_or_default();
            of_closures.iter().any(|module| name.starts_with(module))
        });
        named
            .map(|function| function.id())
            .filter(|&id| wasm.exports.get_exported_func(id).is_none())
            .collect()
    };
    let mut nothing = FunctionBuilder::new(&mut wasm.types, &[], &[]);
    nothing.name("nothing".to_owned()).func_body().unreachable();
    let nothing = nothing.finish(Vec::new(), &mut wasm.funcs);
    for element in wasm.elements.iter_mut() {
        let ElementItems::Functions(functions) = &mut element.items else { continue };
        functions.iter_mut().filter(|id| unused.contains(id)).for_each(|id| *id = nothing);
    }
}

/// A function's name without the crates' hashes (`core[0123456789abcdef]::…`), which say what machine it was compiled on.
fn without_hashes(name: &str) -> String {
    let mut kept = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        kept.push_str(before);
        rest = match after.split_at_checked(17) {
            Some((hash, tail)) if hash.trim_start_matches(|digit: char| digit.is_ascii_hexdigit()) == "]" => {
                tail
            }
            _ => {
                kept.push('[');
                after
            }
        };
    }
    kept + rest
}

/// Twice over: what the first round leaves is what is ordered, and the second still finds something to take away.
fn optimise(workspace: &Workspace, from: &Path, to: &Path) -> Result<()> {
    let wasm_opt = workspace.tools.join("node_modules/binaryen/bin/wasm-opt");
    let round = |from: &Path| {
        let mut node = command("node", [wasm_opt.as_path(), from], &workspace.root);
        node.args(FEATURES).args(OPTIMISATIONS).arg("-o").arg(to);
        execute(&mut node)
    };
    round(from)?;
    let ordered = from.with_extension("ordered.wasm");
    fs::write(&ordered, order::by_likeness(&fs::read(to)?)?)?;
    round(&ordered)
}
