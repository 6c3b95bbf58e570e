// The cache in front: what it keeps, and that a change is seen at once by whoever made it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEdge, stats } from './support.mjs';

describe('the cache at the edge', { concurrency: 1, timeout: 60_000 }, () => {
  let server, ada;
  const read = async (target, headers) => {
    const answer = await server.get(target, headers);
    return { answer, cached: answer.headers.get('x-cache'), bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  // Keeping happens behind the answer: asks until the cache has it.
  const hit = async (target, headers) => {
    for (let i = 0; i < 50; i += 1) {
      const seen = await read(target, headers);
      if (seen.cached === 'HIT') return seen;
    }
    return assert.fail(`${target} is never kept`);
  };
  before(async () => {
    server = await startEdge(['cache.metadataMaxAge=60s']);
    ada = await server.user('ada');
    assert.equal((await server.publish(ada, { name: 'kept', version: '1.0.0' })).status, 201);
  });
  after(() => server?.stop());

  test('answers a document again with the same bytes, and asks no database', async () => {
    const first = await read('/kept');
    const second = await hit('/kept');
    assert.ok(first.bytes.equals(second.bytes));
    assert.equal(second.answer.headers.get('etag'), first.answer.headers.get('etag'));
    assert.equal(stats(second.answer).batches, 0);
    assert.ok(stats(second.answer).hits > 0);
  });

  test('keeps the forms of a document apart', async () => {
    const full = await hit('/kept');
    const short = await hit('/kept', { accept: 'application/vnd.npm.install-v1+json' });
    assert.notEqual(full.bytes.toString(), short.bytes.toString());
  });

  for (const [what, change] of [
    ['a publish', () => server.publish(ada, { name: 'kept', version: '1.1.0' })],
    [
      'a tag',
      () =>
        server.request('PUT', '/-/package/kept/dist-tags/next', { token: ada.token, body: '1.1.0' }),
    ],
    [
      'a deprecation',
      async () => {
        const body = await server.packument('kept');
        body.versions['1.0.0'].deprecated = 'old';
        return server.request('PUT', '/kept', { token: ada.token, body });
      },
    ],
    [
      'an unpublish',
      async () => {
        const body = await server.packument('kept');
        delete body.versions['1.0.0'];
        return server.request('PUT', `/kept/-rev/${body._rev}`, { token: ada.token, body });
      },
    ],
  ]) {
    test(`forgets what ${what} changes`, async () => {
      const before = await hit('/kept');
      const changed = await change();
      assert.ok(changed.status < 300, changed.text);
      const after = await read('/kept');
      assert.equal(after.cached, 'MISS');
      assert.notEqual(after.bytes.toString(), before.bytes.toString());
    });
  }

  test('forgets what an advisory keeps from being served', async () => {
    const tarball = '/harmful/-/harmful-1.0.0.tgz';
    for (const version of ['1.0.0', '1.1.0'])
      assert.equal((await server.publish(ada, { name: 'harmful', version })).status, 201);
    await hit('/harmful');
    assert.equal((await hit(tarball)).answer.status, 200);
    const planted = await server.request('POST', '/v1/advisories', {
      token: await server.adminToken(),
      body: {
        id: 'MAL-2026-8',
        modified: '2026-11-20T09:00:00Z',
        summary: 'Malicious code in a package',
        affected: [{ package: { ecosystem: 'npm', name: 'harmful' }, versions: ['1.0.0'] }],
      },
    });
    assert.equal(planted.status, 201, planted.text);
    assert.equal((await read(tarball)).answer.status, 403);
    assert.equal(JSON.parse((await read('/harmful')).bytes).versions['1.0.0'], undefined);
  });

  test('counts the downloads it answers', async () => {
    await hit('/kept/-/kept-1.1.0.tgz');
    for (let i = 0; i < 100; i += 1) {
      const { bytes } = await read(`/downloads/point/last-day/kept?${i}`);
      if (JSON.parse(bytes).downloads >= 2) return;
    }
    assert.fail('the downloads are not counted');
  });

  test('never keeps what only some may see', async () => {
    const hidden = await server.publish(ada, { name: '@ada/hidden', version: '1.0.0' }, undefined, {
      access: 'restricted',
    });
    assert.equal(hidden.status, 201, hidden.text);
    const headers = { authorization: `Bearer ${ada.token}` };
    for (let i = 0; i < 3; i += 1) {
      const own = await read('/@ada%2fhidden', headers);
      assert.equal(own.answer.status, 200);
      assert.equal(own.cached, null);
      assert.equal((await read('/@ada%2fhidden')).answer.status, 404);
    }
  });
});
