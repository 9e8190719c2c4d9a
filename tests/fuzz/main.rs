//! A short run of what is fuzzed, on any toolchain: every file of the corpus, and seeded changes of them. It is not guided by
//! coverage; cargo-fuzz in `fuzz/` runs the same functions and is: `cargo fuzz run -s none NAME` on the stable toolchain,
//! `cargo +nightly fuzz run NAME` with the address sanitizer too.
//!
//! `QCC_FUZZ_SEED` sets the seed, `QCC_FUZZ_RUNS` how many changed inputs each target gets.

mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use targets::{TARGETS, Target};

struct Rng(u64);

impl Rng {
    fn below(&mut self, end: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end.max(1)
    }
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
}

/// The corpus of one target, in the order of the files' names.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// One of the corpus's inputs, changed a few times.
fn changed(rng: &mut Rng, corpus: &[Vec<u8>]) -> Vec<u8> {
    const PIECES: [&[u8]; 24] = [
        b"\"",
        b"\\",
        b"\\u",
        b"\\ud83d",
        b"\\udc00",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"null",
        b"-",
        b"1e9",
        b"0",
        b"\xEF\xBB\xBF",
        b"\xFF",
        b"\xE4\xBC",
        "企".as_bytes(),
        "（".as_bytes(),
        b"(",
        b"\n",
        b"\"status\":\"200\"",
        b"\"result\":",
    ];
    let mut bytes = corpus[rng.below(corpus.len())].clone();
    for _ in 0..=rng.below(4) {
        let at = rng.below(bytes.len() + 1);
        match rng.below(6) {
            0 if at < bytes.len() => bytes[at] = rng.below(256) as u8,
            1 if at < bytes.len() => bytes[at] ^= 1 << rng.below(8),
            2 => bytes.truncate(at),
            3 => {
                let end = (at + rng.below(9)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let other = &corpus[rng.below(corpus.len())];
                let start = rng.below(other.len() + 1);
                let end = (start + rng.below(64)).min(other.len());
                bytes.splice(at..at, other[start..end].iter().copied());
            }
            _ => {
                bytes.splice(at..at, PIECES[rng.below(PIECES.len())].iter().copied());
            }
        }
    }
    bytes
}

fn run(name: &str, target: Target, bytes: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(bytes))) {
        println!("{name} fails on {:?}", String::from_utf8_lossy(bytes));
        println!("as bytes: {bytes:?}");
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn holds_on_the_corpus_and_on_changes_of_it() {
    let seed = from_environment("QCC_FUZZ_SEED", 1);
    let runs = from_environment("QCC_FUZZ_RUNS", 20_000);
    println!("QCC_FUZZ_SEED={seed} QCC_FUZZ_RUNS={runs}, not guided by coverage");
    for (name, target) in TARGETS {
        let corpus = corpus(name);
        assert!(!corpus.is_empty(), "{name} has no corpus");
        for bytes in &corpus {
            run(name, *target, bytes);
        }
        let mut rng = Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..runs {
            run(name, *target, &changed(&mut rng, &corpus));
        }
        println!("{name}: {} files, {runs} changes", corpus.len());
    }
}

/// cargo-fuzz has a target for each of them.
#[test]
fn has_a_wrapper_for_each_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not in fuzz/Cargo.toml");
        assert!(folder.join(format!("fuzz_targets/{name}.rs")).exists(), "{name}");
    }
}
