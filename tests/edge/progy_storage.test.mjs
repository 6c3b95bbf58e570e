// Where artifacts lie in the bucket: at Progy's key, with what it tells of them, and once.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { artifact, form, formType, sha256 } from '../process/support/progy.mjs';
import { startEdge } from './support.mjs';

describe('artifacts in the bucket', { concurrency: 1, timeout: 170_000 }, () => {
  let server, ada, admin;
  const course = { name: '@ada/rust', version: '1.0.0' };
  const key = ({ name, version }) => `packages/${name}/v${version}.progy`;
  const keys = async () => (await (await server.get('/-/objects')).json()).keys;
  const held = async () => (await keys()).filter((name) => /^(packages|uploads)\//.test(name));
  const object = async (name) => (await server.get(`/-/object/${encodeURIComponent(name)}`)).json();

  before(async () => {
    const here = path.dirname(fileURLToPath(import.meta.url));
    process.env.KONTOR_EDGE_ENTRY = path.join(here, 'faulty_worker.mjs');
    server = await startEdge(['progy.allowForce=true']);
    ada = await server.user('ada');
    admin = await server.adminToken();
  });
  after(async () => {
    delete process.env.KONTOR_EDGE_ENTRY;
    await server?.stop();
  });

  const send = (metadata, bytes, token = ada.token, headers = {}) =>
    fetch(`${server.url}/registry/publish`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': formType, ...headers },
      body: form(bytes, metadata),
    });
  async function publish(...sent) {
    const answer = await send(...sent);
    const json = await answer.json();
    assert.equal(answer.status, 200, JSON.stringify(json));
    return json;
  }
  async function assertStored(what, bytes) {
    const { contentType, metadata, sha256: digest } = await object(key(what));
    assert.deepEqual([contentType, metadata.version, digest], ['application/octet-stream', what.version, sha256(bytes)]);
    assert.match(metadata.userId, /^\d+$/);
    assert.equal((await object(`blobs/${digest}`)).size, 0, 'the bytes are there once');
  }
  async function assertServed({ name, version }, bytes) {
    const whole = await server.get(`/registry/download/${name}/${version}`);
    assert.ok(Buffer.from(await whole.arrayBuffer()).equals(bytes));
    const range = { range: `bytes=100-${bytes.length - 1}`, 'cache-control': 'no-cache' };
    const part = await server.get(`/registry/download/${name}/${version}?again`, range);
    assert.equal(part.status, 206);
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100)));
  }

  test('have the key, the content type and the metadata that Progy gives them', async () => {
    const bytes = artifact(course);
    const { log } = await publish(course, bytes, ada.token, { prefer: 'wait=10' });
    assert.match(log.proof, /^pkglog\/v1 publish\n.*\n?package progy\b/m);
    await assertStored(course, bytes);
    await assertServed(course, bytes);
  });

  test('are moved there where they came in parts', async () => {
    const large = { ...course, version: '1.1.0' };
    const bytes = artifact({ ...large, files: { 'assets/noise': randomBytes(30_000_000) } });
    await publish(large, bytes);
    await assertStored(large, bytes);
    await assertServed(large, bytes);
    assert.deepEqual(await held(), [key(course), key(large)]);
  });

  test('get a key that failed within a minute, and are served meanwhile', async () => {
    const late = { name: '@ada/late', version: '1.0.0' };
    const bytes = artifact(late);
    await publish(late, bytes, ada.token, { 'x-fault': 'names' });
    assert.ok(!(await keys()).includes(key(late)));
    await assertServed(late, bytes);
    assert.equal((await server.get('/-/minute')).status, 204);
    await assertStored(late, bytes);
    await assertServed(late, bytes);
    const removed = await server.request('DELETE', '/registry/packages/@ada%2Flate', { token: ada.token });
    assert.equal(removed.status, 200, removed.text);
  });

  test('keep their bytes when one version is published and replaced many times at once', async () => {
    const twin = { name: '@ada/twin', version: '1.0.0' };
    const variants = ['a', 'b', 'c', 'd'].map((text) => artifact({ ...twin, files: { 'content/t.md': text } }));
    const first = await Promise.all(Array.from({ length: 5 }, () => send(twin, variants[0])));
    // The same bytes by the same user are no conflict where they meet, and are refused where they come late.
    const statuses = first.map(({ status }) => status).sort();
    assert.equal(statuses[0], 200);
    assert.ok(statuses.every((status) => status === 200 || status === 409), `${statuses}`);
    await assertServed(twin, variants[0]);
    await Promise.all(variants.map((bytes) => publish({ ...twin, force: true }, bytes, admin)));
    const { checksum } = await (await server.get('/registry/resolve/@ada%2Ftwin')).json();
    const current = variants.find((bytes) => sha256(bytes) === checksum);
    await assertServed(twin, current);
    assert.equal((await server.get('/-/minute')).status, 204);
    await assertStored(twin, current);
    for (const bytes of variants) {
      const { size } = await object(`blobs/${sha256(bytes)}`);
      assert.equal(size, bytes === current ? 0 : bytes.length);
    }
    const removed = await server.request('DELETE', '/registry/packages/@ada%2Ftwin', { token: ada.token });
    assert.equal(removed.status, 200, removed.text);
  });

  test('stay under their digest when they are replaced', async () => {
    const other = artifact({ ...course, files: { 'content/more.md': 'more' } });
    await publish({ ...course, force: true }, other, admin);
    await assertStored(course, other);
    await assertServed(course, other);
    const before = await object(`blobs/${sha256(artifact(course))}`);
    assert.equal(before.sha256, sha256(artifact(course)));
  });

  test('follow their user, and lose the key with their version', async () => {
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' };
    const ask = (method, target, body) =>
      fetch(server.url + target, { method, headers, body: body && JSON.stringify(body) });
    const renamed = await ask('POST', '/registry/users/ada/rename', { name: 'countess' });
    assert.equal(renamed.status, 200, await renamed.text());
    const moved = ['1.0.0', '1.1.0'].map((version) => ({ name: '@countess/rust', version }));
    assert.deepEqual(await held(), moved.map(key));
    const bytes = artifact({ ...course, files: { 'content/more.md': 'more' } });
    await assertStored(moved[0], bytes);
    await assertServed(moved[0], bytes);
    const removed = await ask('DELETE', '/registry/packages/@countess%2Frust');
    assert.equal(removed.status, 200, await removed.text());
    assert.deepEqual(await held(), []);
    assert.equal((await object(`blobs/${sha256(bytes)}`)).sha256, sha256(bytes));
  });
});
