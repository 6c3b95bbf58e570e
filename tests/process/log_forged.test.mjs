// A few thousand events of all sorts, and the log of them in the hands of somebody who changes it:
// Go's verifier accepts what was published and nothing else.
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folder } from './support/kontor.mjs';
import { logEntries, logSize, settled, until } from './support/log_entries.mjs';
import { publish } from './support/packages.mjs';
import { start } from './support/server.mjs';
import { TestLog } from './support/tlog.mjs';
import { accepts, build, rejects, remove } from './support/verifier.mjs';

const settings = { 'transparency.origin': 'registry.example', 'transparency.interval': '50ms' };
const packages = 8;
const releases = 120; // of each

before(build);
after(remove);

const vkey = async (server) => (await server.get('/log/public/vkey')).text.trim();

// One package's life: releases, tags, deprecations, withdrawals, owners, a change of visibility.
async function live(server, token, name) {
  const ask = async (method, target, body) => {
    const answer = await server.request(method, target, { token, body });
    assert.ok(answer.status < 300, `${method} ${target}: ${answer.text}`);
  };
  for (let i = 0; i < releases; ++i) {
    const version = `1.0.${i}`;
    const answer = await publish(server, token, { name, version }, { tag: i % 3 ? 'latest' : 'next' });
    assert.equal(answer.status, 201, answer.text);
    if (i % 2) await ask('PUT', `/-/package/${name}/dist-tags/beta`, version);
    if (i % 10 === 5) {
      const { json } = await server.get(`/${name}`);
      json.versions[version].deprecated = `not ${i}`;
      await ask('PUT', `/${name}`, json);
    }
    if (i % 10 === 9) await ask('DELETE', `/-/package/${name}/dist-tags/beta`);
    if (i % 25 === 24) {
      const { json } = await server.get(`/${name}`);
      await ask('DELETE', `/${name}/-/${name}-${version}.tgz/-rev/${json._rev}`);
    }
  }
  await ask('PUT', `/-/package/${name}/owners`, { user: 'bea' });
  await ask('POST', `/-/package/${name}/access`, { access: 'restricted' });
  await ask('POST', `/-/package/${name}/access`, { access: 'public' });
}

// Serves a folder, as any file server could.
async function serveFiles(t, root) {
  const server = http.createServer(async (request, response) => {
    const bytes = await readFile(path.join(root, request.url)).catch(() => null);
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

test('all that was published is accepted, and every forgery is refused', async (t) => {
  const home = await folder(t);
  const server = await start(t, { settings });
  const ada = await server.user('ada');
  await server.user('bea');
  const old = path.join(home, 'old');
  const key = await vkey(server);
  const living = Promise.all(Array.from({ length: packages }, (_, i) => live(server, ada, `pkg-${i}`)));
  await until(async () => (await logSize(server)) > 300);
  await writeFile(old, (await server.get('/log/public/checkpoint')).bytes);
  await living;
  const leaves = await settled(server);
  assert.ok(leaves > 2500, `${leaves}`);
  const kinds = new Set((await logEntries(server)).map((entry) => entry.split('\n')[0].split(' ')[1]));
  for (const kind of ['publish', 'tag', 'deprecate', 'withdraw', 'owner', 'policy', 'token', 'key'])
    assert.ok(kinds.has(kind), kind);

  const served = `${server.url}/log/public`;
  assert.equal(Number(await accepts('all', served, key)), leaves);
  await accepts('extends', served, key, old);
  const proof = path.join(home, 'proof');
  for (const name of ['pkg-0@1.0.0', 'pkg-3@1.0.60', 'pkg-7@1.0.100']) {
    await writeFile(proof, (await server.get(`/log/public/proof/npm/${name}`)).bytes);
    await accepts('entry', key, proof);
  }
  const leaf = await readFile(proof);
  leaf[40] ^= 1;
  await writeFile(proof, leaf);
  await rejects('entry', key, proof);
  await server.stopCleanly();

  const published = path.join(server.dataDir, 'log', 'public');
  const copied = path.join(home, 'copy');
  const url = await serveFiles(t, copied);
  const copy = async () => {
    await rm(copied, { recursive: true, force: true });
    await cp(published, copied, { recursive: true });
  };
  await copy();
  assert.equal(await readFile(path.join(copied, 'vkey'), 'utf8'), `${key}\n`);
  assert.equal(Number(await accepts('all', url, key)), leaves, 'a plain file server is enough');

  const last = `${String(Math.floor(leaves / 256)).padStart(3, '0')}.p/${leaves % 256}`;
  const damaged = ['tile/0/000', `tile/0/${last}`, `tile/1/000.p/${Math.floor(leaves / 256)}`, 'tile/entries/000', `tile/entries/${last}`, 'checkpoint'];
  for (const name of damaged) {
    await copy();
    const file = path.join(copied, name);
    const bytes = await readFile(file);
    bytes[bytes.length - 20] ^= 1;
    await writeFile(file, bytes);
    await rejects('all', url, key);
  }
  for (const name of [`tile/0/${last}`, `tile/entries/${last}`, 'tile/entries/000']) {
    await copy();
    await rm(path.join(copied, name));
    await rejects('all', url, key);
  }
  await copy();
  await rejects('all', url, new TestLog('registry.example/log/public').key.vkey);
});

test('a rewritten history is refused, also under the right key', async (t) => {
  const home = await folder(t);
  const server = await start(t, { settings });
  await publish(server, await server.token(), { name: 'tool', version: '1.0.0' });
  await settled(server);
  const key = await vkey(server);
  const old = path.join(home, 'old');
  await writeFile(old, (await server.get('/log/public/checkpoint')).bytes);
  const entries = await logEntries(server);
  await server.stopCleanly();

  // Another entry in the middle, and everything else made to fit it, but for the signature.
  const forged = new TestLog('registry.example/log/public');
  forged.add(...entries.map((entry, i) => (i === 2 ? entry.replace('\nby ', '\nby x') : entry)));
  forged.publish();
  const place = path.join(home, 'forged');
  for (const [name, bytes] of forged.files) {
    await mkdir(path.dirname(path.join(place, name)), { recursive: true });
    await writeFile(path.join(place, name), bytes);
  }
  const url = await serveFiles(t, place);
  await accepts('all', url, forged.key.vkey);
  await rejects('all', url, key);
  await cp(path.join(server.dataDir, 'log/public/checkpoint'), path.join(place, 'checkpoint'));
  await rejects('all', url, key);

  // Whoever has stolen the key can sign a log of its own, which is none that continues this one.
  const stolen = path.join(home, 'stolen');
  await mkdir(path.join(stolen, 'keys'), { recursive: true, mode: 0o700 });
  await cp(path.join(server.dataDir, 'keys/log-public.key'), path.join(stolen, 'keys/log-public.key'));
  const thief = await start(t, { settings, dataDir: stolen });
  const token = await thief.token();
  for (const version of ['1.0.0', '1.0.1', '1.0.2']) await publish(thief, token, { name: 'tool', version });
  await settled(thief);
  assert.equal(await vkey(thief), key);
  await accepts('all', `${thief.url}/log/public`, key);
  await rejects('extends', `${thief.url}/log/public`, key, old);
});
