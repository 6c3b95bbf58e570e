// Publishing at the edge: one winner, large bodies in little memory, bodies that break off.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { breakOff, publication, startEdge, stats, tarball } from './support.mjs';

const mostMemory = 16 * 1024 * 1024;

describe('publishing at the edge', { concurrency: 1, timeout: 170_000 }, () => {
  let server, ada;
  before(async () => {
    server = await startEdge();
    ada = await server.user('ada');
  });
  after(() => server?.stop());

  test('of fifty that publish one version at once exactly one wins', async () => {
    const archives = Array.from({ length: 50 }, (_, i) =>
      tarball({ name: 'raced', version: '1.0.0', number: i }, 100),
    );
    const answers = await Promise.all(
      archives.map((archive, i) =>
        server.publish(ada, { name: 'raced', version: '1.0.0', number: i }, archive),
      ),
    );
    const won = answers.flatMap(({ status }, i) => (status === 201 ? [i] : []));
    assert.equal(won.length, 1, `statuses ${answers.map(({ status }) => status)}`);
    for (const { status } of answers) assert.ok([201, 403, 409].includes(status), `${status}`);
    const bytes = await (await server.get('/raced/-/raced-1.0.0.tgz')).arrayBuffer();
    assert.ok(archives[won[0]].equals(Buffer.from(bytes)));
  });

  test('a hundred megabytes go in and out in less than 16 MB of the module', async () => {
    // What base64 makes of it is just below the platform's limit for a body.
    const archive = tarball({ name: 'large', version: '1.0.0' }, 74_000_000);
    const body = publication({ name: 'large', version: '1.0.0' }, archive);
    const published = await server.request('PUT', '/large', { token: ada.token, body });
    assert.equal(published.status, 201, published.text);
    assert.ok(stats(published).memory < mostMemory, `${stats(published).memory} bytes`);
    const answer = await server.get('/large/-/large-1.0.0.tgz');
    assert.ok(archive.equals(Buffer.from(await answer.arrayBuffer())));
    assert.ok(stats(answer).memory < mostMemory);
    const part = await server.get('/large/-/large-1.0.0.tgz', { range: 'bytes=70000000-70000099' });
    assert.equal(part.status, 206);
    assert.ok(archive.subarray(70_000_000, 70_000_100).equals(Buffer.from(await part.arrayBuffer())));
  });

  test('a body that breaks off leaves nothing, and the next publish succeeds', async () => {
    const archive = tarball({ name: 'broken-off', version: '1.0.0' }, 20_000_000);
    const body = publication({ name: 'broken-off', version: '1.0.0' }, archive);
    await breakOff(server, ada, '/broken-off', body, 10_000_000);
    assert.equal((await server.get('/broken-off')).status, 404);
    // A connection that was kept open may have gone with the upload.
    const publish = () => server.publish(ada, { name: 'broken-off', version: '1.0.0' }, archive);
    const again = await publish().catch(publish);
    assert.equal(again.status, 201, again.text);
  });

  test('a tarball that is not what the document says is refused and not stored', async () => {
    const body = publication({ name: 'wrong', version: '1.0.0' }, tarball({ name: 'wrong', version: '1.0.0' }));
    body.versions['1.0.0'].dist.shasum = '0'.repeat(40);
    const refused = await server.request('PUT', '/wrong', { token: ada.token, body });
    assert.equal(refused.status, 400);
    assert.equal(refused.headers.get('kontor-error-code'), 'checksum_mismatch');
    assert.equal((await server.get('/wrong')).status, 404);
  });
});
