// The worker under miniflare: workerd with R2, D1, KV, Durable Objects and the cache on this machine.
// Nothing leaves it: miniflare is told to ask Cloudflare for nothing.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Log, LogLevel, Miniflare } from 'miniflare';
import { startFront } from './front.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const workerFolder = path.join(root, 'src/apps/edge/worker');
export const wasm = process.env.KONTOR_EDGE_WASM ?? path.join(root, 'build/wasm/kontor.wasm');

// The entry comes first. A test may name its own, which imports the worker.
function modules() {
  const entry = process.env.KONTOR_EDGE_ENTRY ?? path.join(workerFolder, 'worker.mjs');
  const scripts = readdirSync(workerFolder)
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => path.join(workerFolder, name));
  return [
    ...[...new Set([entry, ...scripts])].map((name) => ({ type: 'ESModule', path: name })),
    {
      type: 'CompiledWasm',
      path: path.join(workerFolder, 'kontor.wasm'),
      contents: readFileSync(wasm),
    },
  ];
}

// `variables`: texts, as secrets and variables of a deployment. `objects`: bytes by their keys, put into
// the bucket first. `inspect`: whether V8's inspector is there, and then where. Resolves when the worker
// answers.
export async function startLocal(options) {
  const { port = 0, host = '127.0.0.1', folder, variables, objects = {}, onLine, inspect = false } = options;
  const miniflare = new Miniflare({
    log: new Log(LogLevel.ERROR),
    handleRuntimeStdio(stdout, stderr) {
      stdout.on('data', (chunk) => onLine?.(String(chunk)));
      stderr.on('data', (chunk) => onLine?.(String(chunk)));
    },
    host: '127.0.0.1',
    port: 0,
    ...(inspect ? { inspectorPort: 0 } : {}),
    cf: false,
    telemetry: { enabled: false },
    name: 'kontor',
    modulesRoot: root,
    modules: modules(),
    compatibilityDate: '2025-12-01',
    bindings: variables,
    d1Databases: { DB: 'kontor' },
    d1Persist: path.join(folder, 'd1'),
    r2Buckets: {
      REGISTRY_NPM: 'registry-npm',
      REGISTRY_PRIVATE: 'registry-private',
      REGISTRY_CDN: 'registry-cdn',
    },
    r2Persist: path.join(folder, 'r2'),
    kvNamespaces: { REGISTRY_CACHE: 'registry-cache' },
    kvPersist: path.join(folder, 'kv'),
    durableObjects: {
      SEQUENCER: { className: 'Sequencer', useSQLite: true },
      COUNTERS: { className: 'Counters', useSQLite: true },
      TALLY: { className: 'Tally', useSQLite: true },
      RATES: { className: 'Rates', useSQLite: true },
      ERRORS: { className: 'Errors', useSQLite: true },
      HEALTH: { className: 'Health', useSQLite: true },
      NAMES: { className: 'Names', useSQLite: true },
    },
    durableObjectsPersist: path.join(folder, 'objects'),
    cachePersist: path.join(folder, 'cache'),
  });
  const bucket = await miniflare.getR2Bucket('REGISTRY_NPM');
  for (const [key, bytes] of Object.entries(objects)) await bucket.put(key, Uint8Array.from(bytes));
  const front = await startFront({ host, port, target: String(await miniflare.ready) });
  const worker = await miniflare.getWorker();
  const everyMinute = setInterval(() => worker.scheduled({ cron: '* * * * *' }), 60_000);
  const stop = async () => {
    clearInterval(everyMinute);
    await front.stop();
    await miniflare.dispose();
  };
  const inspector = inspect ? String(await miniflare.getInspectorURL()) : null;
  return { url: front.url, inspector, stop };
}
