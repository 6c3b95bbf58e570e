// What breaks around the module becomes an error of the catalogue, and the next request works.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { breakOff, publication, startEdge, tarball } from './support.mjs';

describe('faults at the edge', { concurrency: 1, timeout: 120_000 }, () => {
  let server, ada;
  const manifest = { name: 'sound', version: '1.0.0' };
  const stored = async () => (await server.get('/-/objects')).json();

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

  test('a bucket that cannot be read is an error, never an empty tarball', async () => {
    const target = '/sound/-/sound-1.0.0.tgz';
    const answer = await server.get(target, { 'x-fault': 'r2-get' });
    assert.equal(answer.status, 503);
    assert.ok((await answer.json()).error);
    const sound = await server.get(target);
    assert.equal(sound.status, 200);
    assert.ok((await sound.arrayBuffer()).byteLength > 0);
  });

  test('records that cannot be read are a document made anew', async () => {
    const fresh = { origin: 'https://elsewhere.example' };
    const broken = await server.get('/sound', { ...fresh, 'x-fault': 'kv-down' });
    assert.equal(broken.status, 200);
    assert.deepEqual(await broken.json(), await (await server.get('/sound', fresh)).json());
  });

  test('a binding that is not there is told by readiness', async () => {
    assert.equal((await server.get('/health/ready')).status, 200);
    const lacking = await server.get('/health/ready', { 'x-fault': 'no-bucket' });
    assert.equal(lacking.status, 503);
    assert.equal((await lacking.json()).checks.blobs.status, 'failed');
  });

  test('a bucket that refuses leaves neither version nor object', async () => {
    const before = await stored();
    for (const filler of [10, 12_000_000]) {
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
    assert.deepEqual((await stored()).keys, before.keys);
    assert.equal((await server.publish(ada, { name: 'unkept', version: '1.0.0' })).status, 201);
  });

  // The parts of a large one are in the bucket when it turns out to be none.
  test('a refused upload leaves no object, and none of its parts', async () => {
    const before = await stored();
    const wrong = { name: 'wrong', version: '1.0.0' };
    const body = publication(wrong, tarball(wrong, 20_000_000));
    body.versions['1.0.0'].dist.shasum = '0'.repeat(40);
    const refused = await server.request('PUT', '/wrong', { token: ada.token, body });
    assert.equal(refused.status, 400, refused.text);
    await cleaned(before);
  });

  test('an upload that breaks off leaves no object, and none of its parts', async () => {
    const before = await stored();
    const half = { name: 'half', version: '1.0.0' };
    await breakOff(server, ada, '/half', publication(half, tarball(half, 40_000_000)), 1000);
    await cleaned(before);
    assert.equal((await server.get('/half')).status, 404);
  });

  // What is given up is removed behind the answer: asks until an upload in parts was begun and is gone.
  async function cleaned(before) {
    for (let i = 0; i < 500; i += 1) {
      const now = await stored();
      if (now.begun > before.begun && now.uploads.length === 0)
        return assert.deepEqual(now.keys, before.keys);
    }
    return assert.fail(`parts are left: ${JSON.stringify(await stored())}`);
  }
});
