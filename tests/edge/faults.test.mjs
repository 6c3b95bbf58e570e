// What breaks around the module becomes an error of the catalogue, and the next request works.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { publication, startEdge, tarball } from './support.mjs';

describe('faults at the edge', { concurrency: 1, timeout: 60_000 }, () => {
  let server, ada;
  const manifest = { name: 'sound', version: '1.0.0' };
  const objects = async () => (await server.get('/-/objects')).json();

  before(async () => {
    const here = path.dirname(fileURLToPath(import.meta.url));
    process.env.KONTOR_EDGE_ENTRY = path.join(here, 'faulty_worker.mjs');
    server = await startEdge();
    ada = await server.user('ada');
    assert.equal((await server.publish(ada, manifest)).status, 201);
  });
  after(async () => {
    delete process.env.KONTOR_EDGE_ENTRY;
    await server?.stop();
  });

  for (const [fault, status, code] of [
    ['d1-down', 503, 'unavailable'],
    ['d1-broken', 500, 'storage_failed'],
    ['out-of-memory', 503, 'unavailable'],
  ]) {
    test(`${fault} is answered as ${code}, and the next request works`, async () => {
      const answer = await server.get('/sound', { 'x-fault': fault });
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get('kontor-error-code'), code);
      assert.ok((await answer.json()).error);
      assert.equal((await server.get('/sound')).status, 200);
    });
  }

  test('a bucket that refuses leaves neither version nor object', async () => {
    const before = await objects();
    for (const filler of [10, 9_000_000]) {
      const broken = { name: 'unkept', version: '1.0.0' };
      const body = publication(broken, tarball(broken, filler));
      const refused = await server.request('PUT', '/unkept', {
        token: ada.token,
        body,
        headers: { 'x-fault': 'r2-put' },
      });
      assert.equal(refused.status, 500, refused.text);
      assert.equal(refused.headers.get('kontor-error-code'), 'storage_failed');
      assert.equal((await server.get('/unkept')).status, 404);
    }
    assert.deepEqual(await objects(), before);
    assert.equal((await server.publish(ada, { name: 'unkept', version: '1.0.0' })).status, 201);
  });
});
