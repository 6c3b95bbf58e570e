// SIGTERM and SIGINT: requests under way finish, new ones find nobody, and the exit status tells.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { eventually } from './support/data.mjs';
import { packed, publish, publishDocument } from './support/packages.mjs';
import { answersIn, RawConnection } from './support/raw.mjs';
import { start } from './support/server.mjs';

const large = { name: 'large', version: '1.0.0' };
const get = (target) => `GET ${target} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
const logged = ({ child }) => child.log.find(({ event }) => event === 'stopped')?.clean;

// A tarball that no socket buffer takes whole.
async function publishLarge(server) {
  const tarball = packed(large, { 'random.bin': randomBytes(16 << 20) });
  const answer = await publish(server, await server.token(), large, { tarball });
  assert.equal(answer.status, 201, answer.text);
  return tarball;
}

// A download whose reader has stopped after the first bytes.
async function stuckDownload(t, server) {
  const connection = await RawConnection.open(server.port);
  t.after(() => connection.destroy());
  connection.write(get('/large/-/large-1.0.0.tgz'));
  await connection.until(/^HTTP\/1\.1 200 /);
  connection.socket.pause();
  return connection;
}

// Sends the signal and waits until the server has taken it.
async function signal(server, name) {
  server.child.child.kill(name);
  await server.child.event('draining', { signal: name });
}

// Knocks until nobody opens: the listeners close a moment after the drain was announced.
async function refused({ port }) {
  const { code } = await eventually(async () => {
    const opened = await RawConnection.open(port).catch((error) => error);
    if (opened instanceof Error) return opened;
    opened.destroy();
    return null;
  });
  assert.equal(code, 'ECONNREFUSED');
}

describe('a drain', () => {
  test('finishes a slow download, refuses new connections, ends with 0', async (t) => {
    const server = await start(t);
    const tarball = await publishLarge(server);
    const download = await stuckDownload(t, server);
    await signal(server, 'SIGTERM');
    await refused(server);
    download.socket.resume();
    await download.closed;
    const body = download.received.subarray(download.received.indexOf('\r\n\r\n') + 4);
    assert.ok(body.equals(tarball), 'the whole tarball');
    const { code } = await server.child.ended;
    assert.equal(code, 0, server.child.stderr);
    assert.equal(logged(server), true);
  });

  test('finishes a publish that was half sent, and it stays', async (t) => {
    const server = await start(t);
    const token = await server.token();
    const manifest = { name: 'half', version: '1.0.0' };
    const body = Buffer.from(JSON.stringify(publishDocument(manifest)));
    const upload = await RawConnection.open(server.port);
    upload.write(
      `PUT /half HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`,
    );
    await upload.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    await upload.write(body.subarray(0, body.length / 2));
    await signal(server, 'SIGTERM');
    await refused(server);
    upload.write(body.subarray(body.length / 2));
    await upload.closed;
    const [answer] = answersIn(upload.text.replace('HTTP/1.1 100 Continue\r\n\r\n', ''));
    assert.equal(answer.status, 201, answer.body);
    assert.equal(answer.headers.connection, 'close');
    assert.equal((await server.child.ended).code, 0);
    const again = await start(t, { dataDir: server.dataDir });
    assert.deepEqual((await again.get('/half')).json['dist-tags'], { latest: '1.0.0' });
    await again.stopCleanly();
  });

  test('by SIGINT is the same; idle connections end at once; readiness says no', async (t) => {
    const server = await start(t);
    const idle = await RawConnection.open(server.port);
    idle.write(get('/health'));
    await idle.until(/"version":"[^"]*"\}$/);
    // The second request has begun when the first is answered: both came in one piece.
    const busy = await RawConnection.open(server.port);
    const ready = get('/health/ready');
    busy.write(get('/health') + ready.slice(0, 10));
    await busy.until(/"version":"[^"]*"\}$/);
    await signal(server, 'SIGINT');
    await idle.closed;
    await refused(server); // then every loop drains
    busy.write(ready.slice(10));
    await busy.closed;
    const [, answer] = answersIn(busy.text);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.connection, 'close');
    const ok = { status: 'ok' };
    const checks = { metadata: ok, writes: ok, blobs: ok, logs: ok, draining: true };
    assert.deepEqual(JSON.parse(answer.body), { status: 'not ready', checks });
    assert.equal((await server.child.ended).code, 0);
  });

  test('ends with 1 where its time is over before the requests are', async (t) => {
    const server = await start(t, { settings: { drainTimeout: '100ms' } });
    await publishLarge(server);
    await stuckDownload(t, server);
    const { code } = await server.stop();
    assert.equal(code, 1);
    assert.equal(logged(server), false);
  });

  for (const second of ['SIGTERM', 'SIGINT']) {
    test(`is cut short by a second signal (${second})`, async (t) => {
      const server = await start(t, { settings: { drainTimeout: '1h' } });
      await publishLarge(server);
      await stuckDownload(t, server);
      await signal(server, 'SIGTERM');
      const { code } = await server.stop(second);
      assert.equal(code, 1);
      assert.equal(logged(server), false);
    });
  }

  test('with nothing under way and no time at all is a clean one', async (t) => {
    const server = await start(t, { settings: { drainTimeout: 0 } });
    await server.stopCleanly();
    assert.equal(logged(server), true);
  });
});
