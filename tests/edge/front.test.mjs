// The worker as a cache in front of a native server: what may be kept is answered by it, what a change
// through it made old is not, and what only some may see never is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from '../process/support/server.mjs';
import { startEdge } from './support.mjs';

test('the worker in front of a native server', { timeout: 120_000 }, async (t) => {
  const settings = { trustedProxies: '127.0.0.1', 'cache.metadataMaxAge': '60s' };
  const origin = await start(t, { settings });
  process.env.KONTOR_EDGE_ORIGIN = origin.url;
  const front = await startEdge();
  delete process.env.KONTOR_EDGE_ORIGIN;
  t.after(() => front.stop());

  const read = async (target, headers) => {
    const answer = await front.get(target, headers);
    return { answer, cached: answer.headers.get('x-cache'), bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  // Keeping happens behind the answer: asks until the cache has it.
  const hit = async (target) => {
    for (let i = 0; i < 50; i += 1) {
      const seen = await read(target);
      if (seen.cached === 'HIT') return seen;
    }
    return assert.fail(`${target} is never kept`);
  };
  const ada = await front.user('ada');
  assert.equal((await front.publish(ada, { name: 'kept', version: '1.0.0' })).status, 201);

  await t.test('documents name tarballs under its own address, and both are kept', async () => {
    const missed = await read('/kept');
    assert.equal(missed.cached, 'MISS');
    const { tarball } = JSON.parse(missed.bytes).versions['1.0.0'].dist;
    assert.ok(tarball.startsWith(`${front.url}/`), tarball);
    const kept = await hit('/kept');
    assert.ok(kept.bytes.equals(missed.bytes));
    assert.equal(kept.answer.headers.get('etag'), missed.answer.headers.get('etag'));
    const target = tarball.slice(front.url.length);
    const first = await read(target);
    const second = await hit(target);
    assert.ok(first.bytes.length > 0 && first.bytes.equals(second.bytes));
  });

  await t.test('conditions and ranges are the origin\'s to answer', async () => {
    const etag = (await hit('/kept')).answer.headers.get('etag');
    assert.equal((await read('/kept', { 'if-none-match': etag })).answer.status, 304);
    const part = await read('/kept/-/kept-1.0.0.tgz', { range: 'bytes=0-9' });
    assert.equal(part.answer.status, 206);
    assert.equal(part.bytes.length, 10);
  });

  await t.test('a publish through it is seen at once', async () => {
    await hit('/kept');
    assert.equal((await front.publish(ada, { name: 'kept', version: '1.1.0' })).status, 201);
    assert.ok(JSON.parse((await read('/kept')).bytes).versions['1.1.0']);
  });

  await t.test('what is restricted is never kept', async () => {
    const mine = { name: '@ada/secret', version: '1.0.0' };
    assert.equal((await front.publish(ada, mine, undefined, { access: 'restricted' })).status, 201);
    const token = { authorization: `Bearer ${ada.token}` };
    for (let i = 0; i < 3; i += 1) {
      assert.equal((await read('/@ada%2fsecret', token)).answer.status, 200);
      assert.equal((await read('/@ada%2fsecret')).answer.status, 404);
    }
  });

  await t.test('without its origin it has what it kept, and says of the rest that it is away', async () => {
    await hit('/kept');
    origin.child.kill('SIGKILL');
    assert.equal((await read('/kept')).cached, 'HIT');
    const away = await read('/other');
    assert.equal(away.answer.status, 503);
    assert.equal(away.answer.headers.get('kontor-error-code'), 'unavailable');
    assert.ok(JSON.parse(away.bytes).error);
  });
});
