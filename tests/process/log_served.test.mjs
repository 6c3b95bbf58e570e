// The log of the real server, seen by outsiders: Go's own note and tlog packages and this program's
// client. What is served verifies, grows without contradiction over restarts and kills, and whatever
// is changed in it is found.
import assert from 'node:assert/strict';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binary, Child, environment, folder, kontor } from './support/kontor.mjs';
import { logEntries, settled, until } from './support/log_entries.mjs';
import { publish } from './support/packages.mjs';
import { start } from './support/server.mjs';
import { accepts, build, rejects, remove } from './support/verifier.mjs';

const origin = 'registry.example';
const settings = { 'transparency.origin': origin, 'transparency.interval': '100ms' };

before(build);
after(remove);

const size = async (server, log = 'public', token) =>
  Number((await server.get(`/log/${log}/checkpoint`, { token })).text.split('\n')[1]);
const vkey = async (server) => (await server.get('/log/public/vkey')).text.trim();
const logUrl = (server) => `${server.url}/log/public`;

// Publishes `count` versions, each with leaves of its own and of its tag.
async function fill(server, token, count, name = 'filled') {
  for (let i = 0; i < count; ++i) {
    const answer = await publish(server, token, { name, version: `${Date.now()}.0.${i}` });
    assert.equal(answer.status, 201, answer.text);
  }
}

describe('a served log', () => {
  test('verifies whole, entry by entry, and is only ever extended', async (t) => {
    const home = await folder(t);
    let server = await start(t, { settings, dataDir: path.join(home, 'data') });
    const token = await server.token();
    const key = await vkey(server);
    assert.ok(key.startsWith(`${origin}/log/public+`), key);
    const shown = await kontor(['config', 'load'], { cwd: home, env: environment({ KONTOR_DATA_DIR: server.dataDir }) });
    assert.ok(shown.stdout.includes(`\n// public log: ${key}\n`), shown.stdout + shown.stderr);
    const seen = path.join(home, 'seen');
    await mkdir(seen);
    const before = await settled(server);
    for (let round = 0; round < 4; ++round) {
      await fill(server, token, 45);
      const leaves = before + 90 * (round + 1) + 1; // a publish, its tag, and once the first owner
      await until(async () => (await size(server)) >= leaves);
      assert.equal(Number(await accepts('all', logUrl(server), key)), leaves);
      await writeFile(path.join(seen, `${round}`), (await server.get('/log/public/checkpoint')).bytes);
      for (let old = 0; old <= round; ++old) await accepts('extends', logUrl(server), key, path.join(seen, `${old}`));
      await server.stop(round % 2 ? 'SIGKILL' : 'SIGTERM');
      server = await start(t, { settings, dataDir: server.dataDir });
      assert.equal(await vkey(server), key);
    }
  });

  test('proves a version offline, and refuses what was changed', async (t) => {
    const home = await folder(t);
    const server = await start(t, { settings });
    const token = await server.token();
    await publish(server, token, { name: '@acme/tool', version: '1.2.3' });
    const target = '/log/public/proof/npm/@acme/tool@1.2.3';
    const proof = await until(async () => {
      const answer = await server.get(target);
      return answer.status === 200 ? answer : (assert.equal(answer.headers['retry-after'], '1'), null);
    });
    const key = await vkey(server), file = path.join(home, 'proof');
    await writeFile(file, proof.bytes);
    await accepts('entry', key, file);
    assert.match(proof.text, /^pkglog\/v1 publish\npackage npm\/@acme\/tool\nversion 1\.2\.3\nsize \d+\n/);
    for (const at of [30, proof.text.indexOf('index ') + 6, proof.text.lastIndexOf('\n— ') - 3, proof.bytes.length - 20]) {
      const changed = Buffer.from(proof.bytes);
      changed[at] ^= 1;
      await writeFile(file, changed);
      await rejects('entry', key, file);
    }
    const lookup = await server.get('/log/public/lookup/npm/@acme/tool@1.2.3');
    assert.match(lookup.text, /^\d+\npkglog\/v1 publish\n/);
    assert.equal((await server.get('/log/public/proof/npm/@acme/tool@9.9.9')).status, 404);
    assert.equal((await server.get('/log/public/proof/nothing')).status, 400);
  });

  test('may be kept by caches for ever, but for its checkpoint', async (t) => {
    const server = await start(t, { settings });
    await fill(server, await server.token(), 3);
    const leaves = await until(() => size(server));
    const width = await until(async () => (await server.get(`/log/public/tile/0/000.p/${leaves}`)).status === 200 && leaves);
    for (const kind of ['0', 'entries']) {
      const tile = await server.get(`/log/public/tile/${kind}/000.p/${width}`);
      assert.equal(tile.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(tile.headers['content-type'], 'application/octet-stream');
    }
    const checkpoint = await server.get('/log/public/checkpoint');
    assert.equal(checkpoint.headers['cache-control'], 'public, max-age=1');
    assert.equal(checkpoint.headers['content-type'], 'text/plain; charset=utf-8');
    for (const wrong of ['0/001', '9/000', '00/000', '0/0', '0/000.p/0', '0/000.p/256'])
      assert.equal((await server.get(`/log/public/tile/${wrong}`)).status, 404, wrong);
    assert.equal((await server.get('/log/other/checkpoint')).status, 404);
  });

  test('is the same for whoever asks again, with conditions that it does not know', async (t) => {
    const server = await start(t, { settings });
    await fill(server, await server.token(), 3);
    const leaves = await settled(server);
    const conditions = { 'if-none-match': '*', 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() };
    const lasting = ({ date, 'x-request-id': id, ...headers }) => headers;
    for (const target of ['checkpoint', `tile/0/000.p/${leaves}`, `tile/entries/000.p/${leaves}`]) {
      const first = await server.get(`/log/public/${target}`);
      for (const headers of [{}, {}, conditions, conditions]) {
        const again = await server.get(`/log/public/${target}`, { headers });
        assert.equal(again.status, 200);
        assert.deepEqual(lasting(again.headers), lasting(first.headers));
        assert.deepEqual(again.bytes, first.bytes);
      }
      const head = await server.request('HEAD', `/log/public/${target}`);
      assert.deepEqual(lasting(head.headers), lasting(first.headers));
      assert.equal(head.bytes.length, 0);
    }
  });

  test('never goes back, however many ask while it grows', async (t) => {
    const server = await start(t, { settings: { ...settings, 'transparency.interval': '50ms', 'listen.threads': 2 } });
    const token = await server.token();
    let newest = 0, growing = true, asked = 0;
    const readers = Array.from({ length: 8 }, async () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      for (; growing; ++asked) {
        const known = newest;
        const { text } = await server.get('/log/public/checkpoint', { agent });
        const seen = Number(text.split('\n')[1]);
        assert.ok(seen >= known, `${seen} after ${known}`);
        newest = Math.max(newest, seen);
      }
      agent.destroy();
    });
    await fill(server, token, 60);
    const leaves = await settled(server);
    growing = false;
    await Promise.all(readers);
    assert.ok(newest <= leaves && asked > 100, `${newest} of ${leaves}, asked ${asked} times`);
    assert.equal(await size(server), leaves);
  });

  test('shows restricted packages to those who may read them', async (t) => {
    const server = await start(t, { settings });
    const admin = await server.token();
    await publish(server, admin, { name: '@acme/hidden', version: '1.0.0' }, { access: 'restricted' });
    const leaves = await until(() => size(server, 'private', admin));
    const bundle = `/log/private/tile/entries/000.p/${leaves}`;
    const proof = '/log/private/proof/npm/@acme/hidden@1.0.0';
    assert.equal((await server.get(bundle, { token: admin })).status, 200);
    assert.equal((await server.get(proof, { token: admin })).status, 200);
    assert.match((await server.get(bundle, { token: admin })).headers['cache-control'], /^private, /);
    for (const target of [bundle, proof, '/log/private/checkpoint', '/log/audit/checkpoint'])
      assert.equal((await server.get(target)).status, 401, target);
    assert.ok(!(await logEntries(server)).some((entry) => entry.includes('hidden')));
  });
});

describe('what was published is checked', () => {
  test('by the server itself, where an old database is put in its place', async (t) => {
    const server = await start(t, { settings });
    const token = await server.token(), { dataDir } = server;
    await fill(server, token, 2);
    const leaves = await settled(server);
    await server.stop();
    const database = path.join(dataDir, 'kontor.db');
    await cp(database, `${database}.old`);
    const again = await start(t, { settings, dataDir });
    await fill(again, token, 2, 'more');
    const more = await settled(again);
    await again.stop();
    await rm(`${database}-wal`, { force: true });
    await rm(`${database}-shm`, { force: true });
    await cp(`${database}.old`, database);
    const refused = new Child(binary, ['serve', '--port', '0', '--data-dir', dataDir], {
      cwd: path.dirname(dataDir), env: environment({}),
    });
    const { code } = await refused.ended;
    assert.equal(code, 1);
    assert.ok(
      refused.stderr.includes(`The database is older than its public log: it holds ${leaves} entries, but ${more} were published`),
      refused.stderr,
    );
  });

  test('by nobody where nothing was: the client believes what it is served', async (t) => {
    const server = await start(t, { settings });
    await publish(server, await server.token(), { name: '@acme/tool', version: '1.2.3' });
    await settled(server);
    const home = await folder(t);
    const env = environment({ HOME: home, XDG_CONFIG_HOME: '' });
    const client = (...args) => kontor(args, { cwd: home, env });
    const pinned = await client('log', 'pin', server.url);
    assert.equal(pinned.code, 0, pinned.stderr);
    for (const args of [
      ['verify', '@acme/tool@1.2.3', '--registry', server.url],
      ['log', 'verify', '--full', '--registry', server.url],
    ]) {
      const result = await client(...args);
      assert.equal(result.code, 0, result.stdout + result.stderr);
    }
  });
});
