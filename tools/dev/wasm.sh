wasm_build_and_measure() { skip_step "not yet"; }
