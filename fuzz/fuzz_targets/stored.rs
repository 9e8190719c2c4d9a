#![no_main]

#[allow(dead_code, reason = "each wrapper runs one of the targets")]
#[path = "../../tests/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::stored(bytes));
