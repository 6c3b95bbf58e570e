// How often a request goes to the database before it is answered: the table of docs/edge.md.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEdge, stats } from './support.mjs';

describe('round trips to the database', { concurrency: 1, timeout: 120_000 }, () => {
  let server, ada;
  const own = () => ({ authorization: `Bearer ${ada.token}` });

  // A request that no cache answers, by an instance that knows nothing of what it asks.
  async function trips(target, { headers = {}, status = 200 } = {}) {
    const answer = await server.get(target, { origin: 'https://elsewhere.example', ...headers });
    assert.equal(answer.status, status, await answer.text());
    return stats(answer).batches;
  }
  async function publishTrips(name, version, options) {
    const published = await server.publish(ada, { name, version }, undefined, options);
    assert.equal(published.status, 201, published.text);
    return stats(published).batches;
  }
  // The first request of a fresh worker brings up the database; it counts for nothing.
  async function restart() {
    await server.restart();
    await server.get('/-/ping');
  }

  before(async () => {
    server = await startEdge(['publicUrl=https://registry.example']); // the same after a restart
    ada = await server.user('ada');
    await server.publish(ada, { name: 'known', version: '1.0.0' });
    await server.publish(ada, { name: '@ada/hidden', version: '1.0.0' }, undefined, { access: 'restricted' });
  });
  after(() => server?.stop());

  test('a tarball costs one, with or without a credential', async () => {
    await restart();
    assert.equal(await trips('/known/-/known-1.0.0.tgz'), 1);
    assert.equal(await trips('/known/-/known-1.0.0.tgz', { headers: own() }), 1);
    assert.equal(await trips('/@ada/hidden/-/hidden-1.0.0.tgz', { headers: own() }), 1);
  });

  test('a document costs two where nobody has asked for it, and one from then on', async () => {
    await restart();
    assert.equal(await trips('/known'), 2);
    assert.equal(await trips('/known'), 1);
    assert.equal(await trips('/known', { headers: own() }), 1);
    await restart(); // KV still has it
    assert.equal(await trips('/known'), 1);
    assert.equal(await trips('/@ada%2fhidden', { headers: own() }), 2);
  });

  test('a version of a document, and a document that the client has, cost no more', async () => {
    await restart();
    assert.equal(await trips('/known/1.0.0'), 2);
    const etag = (await server.get('/known')).headers.get('etag');
    assert.equal(await trips('/known', { headers: { 'if-none-match': etag }, status: 304 }), 1);
  });

  test('a publish costs three, of a new package too', async () => {
    await restart();
    assert.equal(await publishTrips('known', '1.1.0'), 3);
    await restart();
    assert.equal(await publishTrips('never-seen', '1.0.0'), 3);
    assert.equal(await publishTrips('@ada/scoped', '1.0.0'), 3);
    const dependencies = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`dep-${i}`, '^1.0.0']));
    const published = await server.publish(ada, { name: 'depends', version: '1.0.0', dependencies });
    assert.equal(stats(published).batches, 3);
  });

  test('an audit of many packages costs one', async () => {
    const tree = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`package-${i}`, ['1.0.0']]));
    const audited = await server.request('POST', '/-/npm/v1/security/advisories/bulk', { body: tree });
    assert.equal(audited.status, 200);
    assert.equal(stats(audited).batches, 1);
  });
});
