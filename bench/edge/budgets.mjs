// node bench/edge/budgets.mjs [requests a case]: what the worker costs, each figure beside its budget.
// Fails where one that does not depend on the machine's load is over it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { publication, stats, tarball } from '../../tests/edge/support.mjs';
import { startLocal, wasm } from '../../tools/edge/local.mjs';
import { attachProfiler } from './profiler.mjs';

const requests = Number(process.argv[2] ?? 500);
const password = 'correct horse battery';
const megabyte = 1024 * 1024;
let over = 0;
let misses = 0;

function tell(what, value, unit, budget, counts = true) {
  const fits = value <= budget;
  if (!fits && counts) over += 1;
  const shown = Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2);
  const line = `${what.padEnd(44)} ${`${shown} ${unit}`.padStart(18)}   budget ${budget.toLocaleString('en')}`;
  console.log(fits ? line : `${line}   OVER`);
}

async function sent(url, method, target, { token, body, headers = {} } = {}) {
  const answer = await fetch(url + target, {
    method,
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(`${method} ${target}: ${answer.status} ${bytes}`);
  return { answer, bytes };
}

const folder = mkdtempSync(path.join(tmpdir(), 'kontor-edge-bench-'));
const variables = { AUTH_SECRET: '5'.repeat(64), KONTOR_ADMIN_PASSWORD: password, EDGE_STATS: '1' };
for (const group of ['NPM_READ', 'NPM_WRITE']) variables[`KONTOR_RATE_LIMIT_${group}_MAX_REQUESTS`] = '0';
variables.KONTOR_CACHE_METADATA_MAX_AGE = '60s'; // as `kontor deploy cdn` sets it
const worker = await startLocal({ folder, variables, inspect: true });
const profiler = await attachProfiler(worker.inspector, 'kontor');
const send = (...request) => sent(worker.url, ...request);
try {
  tell('module, gzipped', gzipSync(readFileSync(wasm), { level: 9 }).length, 'bytes', megabyte);

  const login = await send('PUT', '/-/user/org.couchdb.user:admin', {
    body: { name: 'admin', password },
  });
  const { token } = JSON.parse(login.bytes);
  const publish = (name, version, filler = 0) => {
    const manifest = { name, version };
    const body = publication(manifest, tarball(manifest, filler));
    return send('PUT', `/${name}`, { token, body });
  };

  const upload = await publish('large', '1.0.0', 74_000_000);
  tell('memory after an upload of 100 MB', stats(upload.answer).memory, 'bytes', 16 * megabyte);
  const download = await send('GET', '/large/-/large-1.0.0.tgz');
  tell('memory after its download', stats(download.answer).memory, 'bytes', 16 * megabyte);

  for (let i = 0; i < 20; i += 1) await publish('small', `1.${i}.0`);
  // `origin` keeps a request from the cache.
  const uncached = { headers: { origin: 'https://elsewhere.example' } };
  const trips = async (what, request, budget) =>
    tell(`round trips, ${what}`, stats((await request).answer).batches, '', budget);
  await send('GET', '/small', uncached);
  await trips('document', send('GET', '/small', uncached), 1);
  await trips('document by a token', send('GET', '/small', { ...uncached, token }), 1);
  await trips('tarball', send('GET', '/small/-/small-1.0.0.tgz', uncached), 1);
  await trips('publish', publish('small', '2.0.0'), 3);
  await trips('publish of a new package', publish('other', '1.0.0'), 3);

  const timed = async (what, budget, ask) => {
    for (let i = 0; i < requests; i += 1) await ask(); // until the code is compiled well
    const { worker, runtime } = await profiler.measure(async () => {
      for (let i = 0; i < requests; i += 1) await ask();
    });
    tell(`CPU of a request, ${what}`, worker / requests, 'ms', budget, false);
    console.log(`${'  the whole runtime with it'.padEnd(44)} ${(runtime / requests).toFixed(2).padStart(15)} ms`);
  };
  await timed('document from the cache', 1, async () => {
    const { answer } = await send('GET', '/small');
    if (answer.headers.get('x-cache') !== 'HIT') misses += 1;
  });
  tell('of these not answered by the cache', misses, '', 2);
  await timed('document, not cached', 5, () => send('GET', '/small', uncached));
  await timed('document of a version', 5, () => send('GET', '/small/1.3.0', uncached));
  await timed('tarball, not cached', 5, () => send('GET', '/small/-/small-1.0.0.tgz', uncached));
} finally {
  profiler.close();
  await worker.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (over) throw new Error(`${over} figures are over their budget`);
