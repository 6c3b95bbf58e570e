// The registry phase of the Ori plan, item by item, against the real binary: sections 11.2 to 11.4;
// ori_checklist_data.test.mjs has the scanner of advisories and 11.5 to 11.7.
// Every status, body and header of the API is pinned by tests/protocol/golden_ori; here the parts
// are looked at from where the plan names them.
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { archive, change, download, metadata, publishBytes, publishOri, sha256, versions } from './support/ori.mjs';
import { Person } from './support/ori_cli.mjs';
import { start } from './support/server.mjs';

const server = await start({ after });
const admin = await server.token();
const alice = await server.user('alice');
const bob = await server.user('bob');
const life = { name: '@life/tool', version: '1.0.0', description: 'Cuts rope' };

describe('11.2 API endpoint handlers', () => {
  test('all v1 endpoints answer their rightful caller', async () => {
    const published = await publishOri(server, life, alice);
    assert.equal(published.status, 201, published.text);
    for (const target of ['versions', '1.0.0/metadata', '1.0.0/download', 'owners'])
      assert.equal((await server.get(`/v1/packages/life/tool/${target}`)).status, 200, target);
    for (const verb of ['yank', 'unyank']) assert.equal((await change(server, life, verb, alice)).status, 200);
    assert.equal((await change(server, life, 'deprecate', alice, { message: 'old' })).status, 200);
    const offered = await server.request('POST', '/v1/packages/life/tool/transfer', { token: alice, body: { to: 'bob' } });
    assert.equal(offered.status, 202);
    const rejected = await server.request('POST', '/v1/packages/life/tool/transfer/reject', { token: bob, body: {} });
    assert.equal(rejected.status, 200);
    for (const target of ['/v1/search?q=tool', '/v1/tokens', '/v1/whoami'])
      assert.equal((await server.get(target, { token: alice })).status, 200, target);
  });
});

describe('11.2 authentication middleware', () => {
  const issue = async (scope, extra = {}) =>
    (await server.request('POST', '/v1/tokens', { token: alice, body: { scope, password: 'password of alice', ...extra } })).json;

  test('token validation: unknown, expired and revoked ones are refused', async () => {
    const token = await issue('publish');
    assert.equal((await server.get('/v1/whoami', { token: token.token })).status, 200);
    assert.equal((await server.request('DELETE', `/v1/tokens/${token.id}`, { token: alice })).status, 204);
    for (const bad of [token.token, 'ori_unknown', `${token.token}x`]) {
      const answer = await server.get('/v1/whoami', { token: bad });
      assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_credential']);
    }
    const past = await server.request('POST', '/v1/tokens', {
      token: alice, body: { scope: 'read', password: 'password of alice', expiresAt: '2020-01-01T00:00:00Z' },
    });
    assert.equal(past.status, 400);
  });

  test('scope checking: each call wants its scope', async () => {
    const read = (await issue('read')).token;
    const publish = (await issue('publish')).token;
    const next = { ...life, version: '1.1.0' };
    assert.equal((await publishOri(server, next, read)).json.error, 'insufficient_scope');
    assert.equal((await publishOri(server, next, publish)).status, 201);
    const owner = (token) => server.request('PUT', '/v1/packages/life/tool/owners/bob', { token, body: {} });
    assert.equal((await owner(publish)).json.error, 'insufficient_scope');
    assert.equal((await owner(alice)).status, 200);
  });
});

describe('11.2 rate limiting', () => {
  const limits = { 'rateLimit.ori.maxRequests': 20, 'rateLimit.oriAnonymous.maxRequests': 5 };

  test('per-IP: anonymous callers of one address share an allowance, other addresses have their own', async (t) => {
    const limited = await start(t, { settings: limits });
    const ask = (localAddress) => limited.get('/v1/search?q=x', { localAddress });
    for (let left = 4; left >= 0; left--) {
      const answer = await ask();
      assert.deepEqual([answer.status, answer.headers['x-ratelimit-limit'], answer.headers['x-ratelimit-remaining']],
        [200, '5', `${left}`]);
      assert.match(answer.headers.ratelimit, new RegExp(`^"default";r=${left};t=\\d+$`));
      assert.equal(answer.headers['ratelimit-policy'], '"default";q=5;w=60');
    }
    const refused = await ask();
    assert.deepEqual([refused.status, refused.json.error], [429, 'rate_limited']);
    assert.ok(Number(refused.headers['retry-after']) >= 1);
    assert.ok(Number(refused.headers['x-ratelimit-reset']) * 1000 > Date.now() - 1000);
    assert.equal((await ask('127.0.0.2')).status, 200);
  });

  test('per-token: a token is limited whatever address it comes from, and never as a failed login', async (t) => {
    const limited = await start(t, { settings: limits });
    const token = await limited.token();
    const ask = (i) => limited.get('/v1/whoami', { token, localAddress: `127.0.0.${i + 2}` });
    for (let i = 0; i < 20; i++) assert.equal((await ask(i)).status, 200);
    assert.equal((await ask(99)).status, 429);
    const metrics = await limited.get('/metrics', { token });
    assert.doesNotMatch(metrics.text, /kontor_auth_failures_total\{[^}]*\} [1-9]/);
  });

  test('one engine: npm reads and writes have limits of their own', async (t) => {
    const limited = await start(t, { settings: { 'rateLimit.npmRead.maxRequests': 3, 'rateLimit.npmWrite.maxRequests': 9 } });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await limited.get('/no-such-package')).status);
    assert.deepEqual(statuses, [404, 404, 404, 429]);
    const refused = await limited.get('/no-such-package');
    assert.deepEqual([refused.headers['x-ratelimit-limit'], refused.headers['x-ratelimit-remaining']], ['3', '0']);
    const login = await limited.logIn('admin', 'wrong');
    assert.deepEqual([login.status, login.headers['x-ratelimit-limit'], login.headers.ratelimit.slice(0, 13)],
      [401, '9', '"default";r=8']);
    assert.equal((await limited.get('/v1/search?q=x')).status, 200);
  });

  test('downloads that are at hand already count as well, and say what is left', async (t) => {
    const limited = await start(t, { settings: limits });
    const token = await limited.token();
    assert.equal((await publishOri(limited, life, token)).status, 201);
    const etag = (await download(limited, life)).headers.etag;
    for (let left = 3; left >= 0; left--) {
      const answer = await download(limited, life, { headers: left % 2 ? {} : { 'if-none-match': etag } });
      assert.deepEqual([answer.status, answer.headers['x-ratelimit-remaining'], answer.headers['x-ratelimit-limit']],
        [left % 2 ? 200 : 304, `${left}`, '5']);
      assert.match(answer.headers.ratelimit, new RegExp(`^"default";r=${left};t=\\d+$`));
      assert.equal('content-digest' in answer.headers, answer.status === 200);
    }
    assert.equal((await download(limited, life)).status, 429);
    assert.equal((await download(limited, life, { token })).headers['x-ratelimit-remaining'], '18');
  });

  for (const [what, settings] of [
    ['of a window longer than a minute', { 'rateLimit.ori.windowMs': 3_600_000 }],
    ['of any window, where servers share', { 'rateLimit.shared': true }],
  ])
    test(`what is used up ${what} stays so after a restart`, async (t) => {
      const requests = { ...settings, 'rateLimit.ori.maxRequests': 3000 };
      const before = await start(t, { settings: requests });
      const token = await before.token();
      const ask = (server) => server.get('/v1/whoami', { token });
      for (let refused = false; !refused;) {
        const answers = await Promise.all(Array.from({ length: 100 }, () => ask(before)));
        refused = answers.some((answer) => answer.status === 429);
      }
      await before.stopCleanly();
      const after = await start(t, { dataDir: before.dataDir, settings: requests });
      // It learns of it when it first asks the store. These requests alone are too few to take half.
      for (let asked = 0; Number((await ask(after)).headers['x-ratelimit-remaining']) >= 1500; asked++) {
        assert.ok(asked < 1000, 'the allowance is whole again');
        await pause(20);
      }
      await after.stopCleanly();
    });

  test('a reload changes the limits', async (t) => {
    const limited = await start(t, { settings: limits });
    assert.equal((await limited.get('/v1/search?q=x')).headers['x-ratelimit-limit'], '5');
    limited.child.child.kill('SIGHUP');
    await limited.child.event('reloaded');
    assert.equal((await limited.get('/v1/search?q=x')).status, 200);
  });
});

describe('11.2 search indexing', () => {
  test('a published package is found at once, by its kind alone', async () => {
    const rope = { name: '@knots/bowline', version: '1.0.0', description: 'Ties unusual loops' };
    assert.equal((await publishOri(server, rope, alice)).status, 201);
    const found = await server.get('/v1/search?q=unusual');
    assert.deepEqual(found.json.results.map((r) => r.name), ['@knots/bowline']);
    assert.equal((await server.get('/-/v1/search?text=unusual')).json.total, 0);
  });
});

describe('11.3 package processor', () => {
  test('validates uploads in a process of its own, confined', async () => {
    const started = await server.child.event('archive_processor_started');
    assert.match(started.confined, /limits/);
    const status = await readFile(`/proc/${started.pid}/status`, 'utf8');
    assert.notEqual(started.pid, server.child.pid);
    assert.match(status, /^PPid:\t\d+$/m);
    if (started.confined.includes('system calls')) assert.match(status, /^Seccomp:\t2$/m);
    const refused = await publishBytes(server, '@life/bad', Buffer.from('not a gzip file'), alice);
    assert.deepEqual([refused.status, refused.json.error], [422, 'invalid_archive']);
  });

  test('is replaced when it dies, and nobody else notices', async (t) => {
    const own = await start(t);
    const token = await own.token();
    const first = await own.child.event('archive_processor_started');
    process.kill(first.pid, 'SIGKILL');
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push((await publishOri(own, { name: '@a/b', version: `1.0.${i}` }, token)).status);
    assert.ok(answers.filter((status) => status === 201).length >= 2, `${answers}`);
    assert.equal(answers.at(-1), 201);
    await own.assertHealthy();
    await own.stopCleanly();
  });

  test('can be left out on tiny hosts', async (t) => {
    const own = await start(t, { settings: { 'processor.workers': 0 } });
    assert.equal((await publishOri(own, life, await own.token())).status, 201);
    await own.stopCleanly();
    assert.doesNotMatch(own.child.stdout, /archive_processor_started/);
  });

  test('computes checksums: the answer, the metadata and the bytes agree', async () => {
    const pack = { name: '@sums/tool', version: '1.0.0' };
    const bytes = archive(pack);
    const published = await publishBytes(server, pack.name, bytes, alice);
    assert.equal(published.json.checksum, `sha256:${sha256(bytes)}`);
    assert.equal(published.json.size, bytes.length);
    assert.equal((await metadata(server, pack)).json.checksum, published.json.checksum);
    const sent = await download(server, pack);
    assert.ok(sent.bytes.equals(bytes));
    assert.equal(sent.headers.etag, `"sha256-${sha256(bytes)}"`);
    assert.equal(sent.headers['content-digest'], `sha-256=:${Buffer.from(sha256(bytes), 'hex').toString('base64')}:`);
    const wrong = await publishOri(server, { ...pack, version: '1.1.0', checksum: `sha256:${'0'.repeat(64)}  oripk.toml\n` }, alice);
    assert.deepEqual([wrong.status, wrong.json.error], [422, 'checksum_mismatch']);
  });
});

describe('11.4 storage', () => {
  test('package storage: archives lie at their content-addressed path, once', async () => {
    const pack = { name: '@stored/tool', version: '1.0.0' };
    const digest = sha256(archive(pack));
    for (let i = 0; i < 2; i++) assert.equal((await publishOri(server, pack, alice)).status, 201);
    const file = path.join(server.dataDir, 'blobs/ori/sha256', digest.slice(0, 2), digest.slice(2, 4), `${digest}.ori.tar.gz`);
    assert.ok((await readFile(file)).equals(archive(pack)));
    assert.equal((await stat(file)).nlink, 1);
  });

  test('package storage: damaged bytes are found when they are asked for with ?verify=1', async (t) => {
    const own = await start(t);
    const pack = { name: '@stored/tool', version: '1.0.0' };
    assert.equal((await publishOri(own, pack, await own.token())).status, 201);
    const digest = sha256(archive(pack));
    const file = path.join(own.dataDir, 'blobs/ori/sha256', digest.slice(0, 2), digest.slice(2, 4), `${digest}.ori.tar.gz`);
    const bytes = await readFile(file);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(file, bytes);
    assert.equal((await own.get('/v1/packages/stored/tool/1.0.0/download?verify=1')).status, 500);
    await own.stopCleanly();
  });

  test('package storage: a CDN may send the archives', async (t) => {
    const cdn = http.createServer(async (request, response) => {
      assert.equal(request.headers.authorization, undefined);
      response.end(await readFile(path.join(own.dataDir, 'blobs', request.url)));
    });
    await new Promise((listening) => cdn.listen(0, '127.0.0.1', listening));
    t.after(() => cdn.close());
    const url = `http://127.0.0.1:${cdn.address().port}`;
    const own = await start(t, { settings: { 'ori.cdnUrl': url } });
    const pack = { name: '@far/tool', version: '1.0.0' };
    assert.equal((await publishOri(own, pack, await own.token())).status, 201);
    const digest = sha256(archive(pack));
    const sent = await download(own, pack);
    const target = `${url}/ori/sha256/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}.ori.tar.gz`;
    assert.deepEqual([sent.status, sent.headers.location, sent.bytes.length], [302, target, 0]);
    assert.ok(Buffer.from(await (await fetch(target)).arrayBuffer()).equals(archive(pack)));
    const person = await Person.arrive(t, 'user', own.url);
    await person.make('@user/app');
    assert.match(await person.ok('install', '@far/tool:1.0.0'), /^\+ @far\/tool 1\.0\.0$/m);
    const verified = await own.get('/v1/packages/far/tool/1.0.0/download?verify=1');
    assert.ok(verified.bytes.equals(archive(pack)), 'who wants the bytes looked at gets these');
    const removal = { token: await own.token(), body: { kind: 'emergency', reason: 'test' } };
    assert.equal((await own.request('POST', '/v1/admin/packages/far/tool/1.0.0/remove', removal)).status, 200);
    assert.equal((await download(own, pack)).status, 410);
    await own.stopCleanly();
  });

  test('checksum storage: every event is a leaf of the transparency log', async () => {
    const pack = { name: '@logged/tool', version: '1.0.0' };
    const published = await publishOri(server, pack, alice);
    for (const verb of ['yank', 'unyank']) await change(server, pack, verb, alice);
    await change(server, pack, 'deprecate', alice, { message: 'old' });
    const removed = await server.request('POST', '/v1/admin/packages/logged/tool/1.0.0/remove', {
      token: admin, body: { kind: 'emergency', reason: 'test' },
    });
    assert.equal(removed.status, 200);
    const { index, leafHash } = published.json.log;
    const leaves = await leavesOf(server);
    const about = leaves.filter((leaf) => leaf.includes('\npackage ori %40logged/tool\n') || leaf.includes('@logged/tool'));
    const kinds = about.map((leaf) => /^pkglog\/v1 (\S+)/.exec(leaf)[1]);
    assert.deepEqual(kinds.filter((kind) => !['tag', 'owner'].includes(kind)), ['publish', 'yank', 'unyank', 'deprecate', 'withdraw']);
    assert.equal(sha256(Buffer.concat([Buffer.from([0]), Buffer.from(leaves[index])])), leafHash);
  });
});

// All leaves of the public log, once they are published.
async function leavesOf(host) {
  for (;;) {
    const checkpoint = (await host.get('/log/public/checkpoint')).text;
    const size = Number(checkpoint.split('\n')[1]);
    const known = Number((await host.get('/v1/packages/logged/tool/1.0.0/metadata')).json.log.index);
    if (size < known + 5) continue;
    const leaves = [];
    for (let first = 0; first < size; first += 256) {
      const width = Math.min(256, size - first);
      const name = String(first / 256).padStart(3, '0');
      const bundle = (await host.get(`/log/public/tile/entries/${name}${width < 256 ? `.p/${width}` : ''}`)).bytes;
      for (let at = 0; at < bundle.length;) {
        const length = bundle.readUInt16BE(at);
        leaves.push(bundle.subarray(at + 2, at + 2 + length).toString());
        at += 2 + length;
      }
    }
    return leaves;
  }
}
