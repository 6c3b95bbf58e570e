// The worker under miniflare: workerd with R2, D1, KV, Durable Objects and the cache on this machine.
// Nothing leaves it: miniflare is told to ask Cloudflare for nothing.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Log, LogLevel, Miniflare } from 'miniflare';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const workerFolder = path.join(root, 'src/apps/edge/worker');
const wasm = process.env.KONTOR_EDGE_WASM ?? path.join(root, 'build/wasm/kontor.wasm');

function modules() {
  const scripts = readdirSync(workerFolder).filter((name) => name.endsWith('.mjs'));
  scripts.sort((a, b) => (b === 'worker.mjs') - (a === 'worker.mjs')); // the entry comes first
  return [
    ...scripts.map((name) => ({ type: 'ESModule', path: path.join(workerFolder, name) })),
    {
      type: 'CompiledWasm',
      path: path.join(workerFolder, 'kontor.wasm'),
      contents: readFileSync(wasm),
    },
  ];
}

// `variables`: texts, as secrets and variables of a deployment. Resolves when the worker answers.
export async function startLocal({ port = 0, host = '127.0.0.1', folder, variables, onLine }) {
  const miniflare = new Miniflare({
    log: new Log(LogLevel.ERROR),
    handleRuntimeStdio(stdout, stderr) {
      stdout.on('data', (chunk) => onLine?.(String(chunk)));
      stderr.on('data', (chunk) => onLine?.(String(chunk)));
    },
    host,
    port,
    cf: false,
    telemetry: { enabled: false },
    name: 'kontor',
    modulesRoot: workerFolder,
    modules: modules(),
    compatibilityDate: '2025-12-01',
    bindings: variables,
    d1Databases: { DB: 'kontor' },
    d1Persist: path.join(folder, 'd1'),
    r2Buckets: { REGISTRY_NPM: 'registry-npm', REGISTRY_PRIVATE: 'registry-private' },
    r2Persist: path.join(folder, 'r2'),
    kvNamespaces: { REGISTRY_CACHE: 'registry-cache' },
    kvPersist: path.join(folder, 'kv'),
    cachePersist: path.join(folder, 'cache'),
  });
  const url = String(await miniflare.ready).replace(/\/$/, '');
  return { miniflare, url };
}
