// Ori at the edge: where its archives lie, limits that all instances count together, and failures
// that are found again by the id of their request.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEdge } from './support.mjs';
import { archive, sha256 } from '../process/support/ori.mjs';
import { binary } from '../clients/support/server.mjs';

const run = promisify(execFile);
const objectKey = (digest) => `ori/sha256/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}.ori.tar.gz`;

async function publish(server, pack, token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/gzip' };
  const target = `${server.url}/v1/packages/${pack.name.slice(1)}/publish`;
  const answer = await fetch(target, { method: 'POST', headers, body: archive(pack) });
  return { status: answer.status, text: await answer.text() };
}

describe('Ori at the edge', { concurrency: 1, timeout: 120_000 }, () => {
  let server, ada, admin;
  const pack = { name: '@edge/knot', version: '1.0.0' };
  const digest = sha256(archive(pack));
  const objects = async () => (await (await server.get('/-/objects')).json()).keys;

  before(async () => {
    const here = path.dirname(fileURLToPath(import.meta.url));
    process.env.KONTOR_EDGE_ENTRY = path.join(here, 'faulty_worker.mjs');
    server = await startEdge();
    ada = await server.user('ada');
    admin = await server.adminToken();
  });
  after(async () => {
    delete process.env.KONTOR_EDGE_ENTRY;
    await server?.stop();
  });

  test('archives are objects by their content, and legal removal erases them', async () => {
    const published = await publish(server, pack, ada.token);
    assert.equal(published.status, 201, published.text);
    assert.ok((await objects()).includes(objectKey(digest)));
    const sent = await server.get('/v1/packages/edge/knot/1.0.0/download');
    assert.ok(Buffer.from(await sent.arrayBuffer()).equals(archive(pack)));
    const removed = await server.request('POST', '/v1/admin/packages/edge/knot/1.0.0/remove', {
      token: admin,
      body: { kind: 'legal', reason: 'test' },
    });
    assert.equal(removed.status, 200, removed.text);
    assert.ok(!(await objects()).includes(objectKey(digest)));
  });

  test('downloads that the cache answered are counted, as the others are', async () => {
    assert.equal((await publish(server, { name: '@edge/counted', version: '1.0.0' }, ada.token)).status, 201);
    const caches = [];
    for (let i = 0; i < 5; i += 1) {
      const sent = await server.get('/v1/packages/edge/counted/1.0.0/download');
      await sent.arrayBuffer();
      caches.push(sent.headers.get('x-cache'));
    }
    assert.ok(caches.includes('HIT'), `${caches}`);
    const counted = async () => (await (await server.get('/-/downloads')).json())['@edge/counted'];
    for (let i = 0; i < 200 && (await counted()) < 5; i += 1); // they are written behind the answers
    assert.equal(await counted(), 5);
  });

  // Noted behind the answer: asks until it is there.
  async function errors(...words) {
    const { stdout } = await run(binary, ['errors', ...words, '--registry', server.url, '--token', admin]);
    return stdout;
  }
  async function found(id) {
    for (let i = 0; i < 100; i += 1) {
      const listed = await server.request('GET', '/api/errors', { token: admin });
      if (listed.json.errors.some((group) => group.requests.includes(id))) return errors('show', id);
    }
    return assert.fail(`no failure has the request ${id}`);
  }
  for (const [fault, code] of [['d1-broken', 'storage_failed'], ['out-of-memory', 'unavailable']])
    test(`a failure by ${fault} has an id that finds it in kontor errors`, async () => {
      const failed = await server.get('/v1/packages/edge/other/versions', { 'x-fault': fault });
      assert.ok(failed.status >= 500);
      const id = failed.headers.get('x-request-id');
      assert.match(await found(id), new RegExp(`^${code}, \\d+ times\\n[^]*^ {2}${id}$`, 'm'));
    });

  test('failures are listed, and forgotten when an administrator says so', async () => {
    assert.match(await errors('list'), /storage_failed: .*disk I\/O error/);
    assert.equal((await server.get('/api/errors')).status, 401);
    assert.equal(await errors('clear'), 'Forgotten.\n');
    assert.equal(await errors('list'), 'No failure is remembered.\n');
  });
});

describe('limits of requests at the edge', { concurrency: 1, timeout: 120_000 }, () => {
  let server;
  const ask = async (target, address = '192.0.2.1') => {
    const answer = await server.get(target, { 'x-forwarded-for': address });
    await answer.arrayBuffer();
    return answer;
  };
  const remaining = (answer) => Number(answer.headers.get('x-ratelimit-remaining'));
  before(async () => {
    const limits = ['rateLimit.oriAnonymous.maxRequests=20', 'rateLimit.npmWrite.maxRequests=3'];
    server = await startEdge([...limits, 'trustedProxies=127.0.0.1']);
  });
  after(() => server?.stop());

  test('are counted once, however many instances answer', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(`/v1/search?q=${i}`)));
    const admitted = answers.filter((answer) => answer.status === 200);
    assert.equal(admitted.length, 20);
    assert.deepEqual(admitted.map(remaining).sort((a, b) => b - a), Array.from({ length: 20 }, (_, i) => 19 - i));
    const refused = answers.find((answer) => answer.status === 429);
    assert.equal(refused.headers.get('kontor-error-code'), 'rate_limited');
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
    assert.equal((await ask('/v1/search?q=1', '192.0.2.2')).status, 200, 'others have their own');
  });

  test('hold for npm too', async () => {
    const write = () => server.request('PUT', '/nobodys', { body: {}, headers: { 'x-forwarded-for': '192.0.2.9' } });
    const seen = [];
    for (let i = 0; i < 5; i += 1) seen.push((await write()).status);
    assert.deepEqual(seen, [401, 401, 401, 429, 429]);
  });

  test('count what the cache answers, and show what is left for who asks', async () => {
    const ada = await server.user('ada');
    assert.equal((await publish(server, { name: '@edge/kept', version: '1.0.0' }, ada.token)).status, 201);
    const target = '/v1/packages/edge/kept/1.0.0/download';
    const seen = [];
    for (let i = 0; i < 20; i += 1) seen.push(await ask(target, '192.0.2.3'));
    assert.deepEqual(seen.map((answer) => answer.status), Array(20).fill(200));
    assert.ok(seen.some((answer) => answer.headers.get('x-cache') === 'HIT'));
    assert.deepEqual(seen.map(remaining), Array.from({ length: 20 }, (_, i) => 19 - i));
    assert.equal((await ask(target, '192.0.2.3')).status, 429);
  });
});
