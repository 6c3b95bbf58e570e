// Courses at the edge: the same routes on D1 and R2, with large artifacts in little memory.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { artifact, form, formType, sha256 } from '../process/support/progy.mjs';
import { startEdge, stats } from './support.mjs';

const mostMemory = 16 * 1024 * 1024;

describe('courses at the edge', { concurrency: 1, timeout: 170_000 }, () => {
  let server, ada;
  before(async () => {
    server = await startEdge();
    ada = await server.user('ada');
  });
  after(() => server?.stop());

  const publish = (course, bytes) =>
    fetch(`${server.url}/registry/publish`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.token}`, 'content-type': formType },
      body: form(bytes, course),
    });

  test('a course is published, resolved, downloaded and shown', async () => {
    const course = { name: '@ada/rust', version: '1.0.0' };
    const bytes = artifact({ ...course, files: { 'README.md': '# Rust' } });
    const published = await publish(course, bytes);
    assert.equal(published.status, 200, await published.clone().text());
    assert.equal((await published.json()).checksum, sha256(bytes));
    assert.equal((await publish(course, bytes)).status, 409);
    const told = await (await server.get('/registry/resolve/@ada%2Frust')).json();
    assert.equal(told.latest, '1.0.0');
    const got = await server.get('/registry/download/@ada/rust/1.0.0');
    assert.deepEqual(Buffer.from(await got.arrayBuffer()), bytes);
    assert.equal(got.headers.get('x-checksum-sha256'), sha256(bytes));
    assert.equal(await (await server.get('/registry/@ada/rust/1.0.0/README.md')).text(), '# Rust');
    const found = await (await server.get('/registry?query=rust')).json();
    assert.deepEqual(found.courses.map(({ name }) => name), ['@ada/rust']);
  });

  test('downloads that the cache answered are counted, as the others are', async () => {
    assert.equal((await publish({ name: '@ada/counted', version: '1.0.0' }, artifact({ name: '@ada/counted', version: '1.0.0' }))).status, 200);
    const caches = [];
    for (let i = 0; i < 5; i += 1) {
      const sent = await server.get('/registry/download/@ada/counted/1.0.0');
      await sent.arrayBuffer();
      caches.push(sent.headers.get('x-cache'));
    }
    assert.ok(caches.includes('HIT'), `${caches}`);
    const counted = async () => (await server.request('GET', '/registry/packages/@ada%2Fcounted', { token: ada.token })).json.downloads;
    for (let i = 0; i < 200 && (await counted()) < 5; i += 1); // they are written behind the answers
    assert.equal(await counted(), 5);
  });

  test('an artifact of fifty megabytes passes through little of the module', async () => {
    const course = { name: '@ada/large', version: '1.0.0' };
    const bytes = artifact({ ...course, files: { 'assets/noise': randomBytes(50_000_000) } });
    const published = await publish(course, bytes);
    assert.equal(published.status, 200, await published.clone().text());
    assert.ok(stats(published).memory < mostMemory, `${stats(published).memory} bytes`);
    const part = await server.get('/registry/download/@ada/large/1.0.0', { range: 'bytes=40000000-40000099' });
    assert.equal(part.status, 206);
    assert.ok(bytes.subarray(40_000_000, 40_000_100).equals(Buffer.from(await part.arrayBuffer())));
  });

  test('an artifact over 100 MB is refused while it arrives', async () => {
    const course = { name: '@ada/heavy', version: '1.0.0' };
    const answer = await publish(course, Buffer.alloc(105 << 20));
    assert.equal(answer.status, 413);
    assert.equal((await answer.json()).code, 'PAYLOAD_TOO_LARGE');
    assert.ok(stats(answer).memory < mostMemory, `${stats(answer).memory} bytes`);
  });

  test('what is no course is refused by the same table', async () => {
    const answer = await publish({ name: '@ada/bad', version: '1.0.0' }, Buffer.from('no archive'));
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).code, 'INVALID_FILE');
    assert.equal((await server.get('/registry/resolve/@ada/bad')).status, 404);
  });
});

describe('limits of courses at the edge', { concurrency: 1, timeout: 170_000 }, () => {
  let server, ada;
  before(async () => {
    server = await startEdge(['rateLimit.progyPublish.maxRequests=2', 'rateLimit.progyDownload.maxRequests=3']);
    ada = await server.user('ada');
  });
  after(() => server?.stop());

  const publish = async (version) => {
    const course = { name: '@ada/rust', version };
    const answer = await fetch(`${server.url}/registry/publish`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.token}`, 'content-type': formType },
      body: form(artifact(course), course),
    });
    await answer.arrayBuffer();
    return answer;
  };

  test('are publishes of a user, of which refused ones do not count, and downloads of an address', async () => {
    const said = [];
    for (const version of ['1.0.0', '1.0.0', '1.0.1', '1.0.2']) said.push((await publish(version)).status);
    assert.deepEqual(said, [200, 409, 200, 429]);
    const got = [];
    for (let i = 0; i < 4; i += 1) {
      const answer = await server.get(`/registry/download/@ada/rust/1.0.1?${i}`, { 'cache-control': 'no-cache' });
      await answer.arrayBuffer();
      got.push(answer.status);
    }
    assert.deepEqual(got, [200, 200, 200, 429]);
  });
});
