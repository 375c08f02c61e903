#![no_main]

#[path = "../checks.rs"]
#[expect(dead_code, reason = "every target calls one of the checks")]
mod checks;

libfuzzer_sys::fuzz_target!(|text: &str| checks::id(text));
