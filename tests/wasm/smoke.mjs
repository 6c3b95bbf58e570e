// Runs the smoke test's module: node tests/wasm/smoke.mjs MODULE.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const wasi = new WASI({ version: 'preview1' });
const bytes = await readFile(process.argv[2]);
const { instance } = await WebAssembly.instantiate(bytes, wasi.getImportObject());
wasi.initialize(instance);
assert.equal(instance.exports.smoke(), 0, 'the step of tests/wasm/smoke.cc that went wrong');
console.log(`smoke: a package was published and read inside wasm32`);
