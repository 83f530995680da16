//! The fuzzer. `FUZZ_TARGET` names the target; arguments are libFuzzer's. `cargo xtask fuzz` builds and calls it.

#![no_main]

use std::sync::LazyLock;

use fuzz_targets::Target;
use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    fuzz_targets::find(&name).unwrap_or_else(|| panic!("there is no target {name}"))
});

fuzz_target!(|input: &[u8]| (TARGET.run)(input));
