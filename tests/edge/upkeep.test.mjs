// Looking after a deployment: orphans are collected, the cache is counted, and local state persists.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEdge, tarball } from './support.mjs';

describe('upkeep at the edge', { concurrency: 1, timeout: 120_000 }, () => {
  let server, ada, admin;
  before(async () => {
    const here = path.dirname(fileURLToPath(import.meta.url));
    process.env.KONTOR_EDGE_ENTRY = path.join(here, 'faulty_worker.mjs');
    process.env.KONTOR_CACHE_METADATA_MAX_AGE = '77s';
    server = await startEdge();
    ada = await server.user('ada');
    admin = await server.adminToken();
  });
  after(async () => {
    delete process.env.KONTOR_EDGE_ENTRY;
    delete process.env.KONTOR_CACHE_METADATA_MAX_AGE;
    await server?.stop();
  });
  const collect = async (body) => {
    const done = await server.request('POST', '/-/kontor/v1/gc', { token: admin, body });
    assert.equal(done.status, 200, done.text);
    return done.json;
  };
  const blobs = async () => {
    const { keys } = await (await server.get('/-/objects')).json();
    return keys.filter((key) => key.startsWith('blobs/')).length;
  };

  test('every minute the own endpoints are asked, what expired is removed, and failures are told', async () => {
    const minute = async (fault) => {
      const headers = fault ? { 'x-fault': fault } : {};
      assert.equal((await server.get('/-/minute', headers)).status, 204);
    };
    const history = async (most) => {
      for (let i = 0; i < 100; i += 1) {
        const told = await server.request('GET', '/-/kontor/v1/health/history', { token: admin });
        assert.equal(told.status, 200, told.text);
        if (told.json.rounds.length >= most) return told.json.rounds;
      }
      return assert.fail('no round came');
    };
    await minute();
    const [first] = await history(1);
    assert.equal(first.ok, true);
    assert.deepEqual(
      first.endpoints.map(({ target, status }) => [target.split('?')[0], status]),
      ['/health', '/health/ready', '/-/ping', '/-/v1/search', '/v1/search', '/registry', '/v1/advisories']
        .map((target) => [target, 200]),
    );
    await minute('no-bucket');
    const rounds = await history(2);
    assert.equal(rounds[0].ok, false);
    assert.equal(rounds[0].endpoints.find(({ target }) => target === '/health/ready').status, 503);
    assert.deepEqual(rounds[1], first);
    const metrics = await server.request('GET', '/metrics', { token: admin });
    assert.match(metrics.text, /^kontor_self_check_up\{endpoint="\/health"\} 1/m);
    assert.match(metrics.text, /^kontor_self_check_up\{endpoint="\/health\/ready"\} 0/m);
    assert.equal((await server.get('/-/kontor/v1/health/history')).status, 401);
  });

  test('a collection removes the bytes of an unpublished version and nothing else', async () => {
    for (const name of ['gone', 'kept'])
      assert.equal((await server.publish(ada, { name, version: '1.0.0' })).status, 201);
    const document = await server.packument('gone');
    const removed = await server.request('DELETE', `/gone/-rev/${document._rev}`, { token: ada.token });
    assert.ok(removed.status < 300, removed.text);
    const before = await blobs();
    assert.equal((await collect({})).young, 1);
    assert.equal(await blobs(), before);
    const counted = await collect({ grace_seconds: 0, dry_run: true });
    assert.equal(counted.orphans, 1);
    assert.equal(counted.removed, 0);
    const done = await collect({ grace_seconds: 0 });
    assert.equal(done.removed, 1);
    assert.equal(await blobs(), before - 1);
    assert.equal((await server.get('/kept/-/kept-1.0.0.tgz')).status, 200);
    const refused = await server.request('POST', '/-/kontor/v1/gc', { token: ada.token, body: {} });
    assert.equal(refused.status, 403);
  });

  test('what an erasure left in the middle is removed when it can be under way no more', async () => {
    const large = { name: 'long', version: '1.0.0' };
    assert.equal((await server.publish(ada, large, tarball(large, 15_000_000))).status, 201);
    const left = async () => {
      const { keys } = await (await server.get('/-/objects')).json();
      return keys.filter((key) => /^(erasing|uploads)\//.test(key));
    };
    const [upload] = await left();
    assert.equal((await server.get('/-/plant?key=erasing/left')).status, 204);
    assert.equal((await server.get('/-/minute')).status, 204);
    assert.deepEqual(await left(), ['erasing/left', upload]);
    assert.equal((await server.get('/-/hours-later')).status, 204);
    assert.deepEqual(await left(), [upload]);
    const sent = await server.get('/long/-/long-1.0.0.tgz');
    assert.ok((await sent.arrayBuffer()).byteLength > 15_000_000);
  });

  test('hits and misses of the cache are counted, over restarts', async () => {
    const counted = async () => {
      const answer = await server.get('/metrics', { authorization: `Bearer ${admin}` });
      const text = await answer.text();
      const value = (name) => Number(new RegExp(`^kontor_edge_cache_${name}_total (\\d+)$`, 'm').exec(text)?.[1]);
      return { hits: value('hits'), misses: value('misses') };
    };
    const before = await counted();
    let hits = 0;
    let misses = 0;
    while (hits < 3) {
      const seen = (await server.get('/kept')).headers.get('x-cache');
      if (seen === 'HIT') hits += 1;
      else misses += 1;
    }
    const after = await counted();
    assert.equal(after.hits - before.hits, hits);
    assert.equal(after.misses - before.misses, misses);
    await server.restart();
    assert.deepEqual(await counted(), after);
  });

  test('another process on the same folder goes on with the same registry', async () => {
    const before = await (await server.get('/kept')).text();
    await server.restart();
    const answer = await server.get('/kept', { origin: 'https://elsewhere.example' });
    assert.equal(await answer.text(), before.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, server.url));
    assert.equal((await server.request('GET', '/-/whoami', { token: ada.token })).json.username, 'ada');
  });

  test('variables of the environment count as natively', async () => {
    const answer = await server.get('/kept', { origin: 'https://elsewhere.example' });
    assert.match(answer.headers.get('cache-control'), /s-maxage=77\b/);
  });
});
