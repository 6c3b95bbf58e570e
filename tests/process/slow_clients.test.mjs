// Clients that send or close too little: each is told, or let go, and others are served meanwhile.
// Time limits are short here so that they end by themselves; nothing is asserted about how long.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from './support/data.mjs';
import { assertError } from './support/hostile.mjs';
import { publishDocument } from './support/packages.mjs';
import { answersIn, RawConnection } from './support/raw.mjs';
import { request, start } from './support/server.mjs';

const get = (target) => `GET ${target} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

// Sends a byte after the other until the server ends the connection.
async function drip(connection, bytes) {
  let next = 0;
  const timer = setInterval(() => connection.socket.write(bytes[next++ % bytes.length]), 20);
  await connection.closed.finally(() => clearInterval(timer));
}

describe('a head', () => {
  const settings = { 'limits.headerTimeout': '200ms' };

  test('that stops half way gets 408', async (t) => {
    const server = await start(t, { settings });
    const connection = await RawConnection.open(server.port);
    connection.write('GET /-/ping HTTP/1.1\r\nhost: loc');
    await connection.closed;
    assertError(answersIn(connection.text)[0], 408, 'request_timeout');
    await server.stopCleanly();
  });

  test('that comes byte by byte gets 408: each byte does not buy more time', async (t) => {
    const server = await start(t, { settings });
    const connection = await RawConnection.open(server.port);
    connection.write('GET /-/ping HTTP/1.1\r\nx: ');
    await drip(connection, 'a');
    assertError(answersIn(connection.text)[0], 408, 'request_timeout');
    await server.stopCleanly();
  });

  test('that never comes ends the connection without a word', async (t) => {
    const server = await start(t, { settings });
    const connection = await RawConnection.open(server.port);
    await connection.closed;
    assert.equal(connection.text, '');
    await server.stopCleanly();
  });

  test('of 200 clients at once that never ends does not keep others out', async (t) => {
    const server = await start(t);
    const slow = await Promise.all(Array.from({ length: 200 }, () => RawConnection.open(server.port)));
    for (const connection of slow) connection.write('GET /-/ping HTTP/1.1\r\nx');
    await server.assertHealthy();
    assert.ok(!slow.some(({ over }) => over), 'they were all there');
    await Promise.all(slow.map((connection) => connection.destroy()));
    await server.stopCleanly();
  });
});

describe('a body', () => {
  const settings = { 'limits.bodyTimeout': '200ms' };

  async function startPublish(t) {
    const server = await start(t, { settings });
    const body = JSON.stringify(publishDocument({ name: 'slow', version: '1.0.0' }));
    const connection = await RawConnection.open(server.port);
    connection.write(
      `PUT /slow HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${await server.token()}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    return { server, connection, body };
  }

  async function assertTimedOut({ server, connection }) {
    assertError(answersIn(connection.text)[0], 408, 'request_timeout');
    assert.equal((await server.get('/slow')).status, 404);
    await server.stopCleanly();
  }

  test('that stops half way gets 408, and nothing is published', async (t) => {
    const publish = await startPublish(t);
    publish.connection.write(publish.body.slice(0, -10));
    await publish.connection.closed;
    await assertTimedOut(publish);
  });

  test('that comes byte by byte gets 408', async (t) => {
    const publish = await startPublish(t);
    await drip(publish.connection, publish.body);
    await assertTimedOut(publish);
  });
});

test('an idle connection is closed', async (t) => {
  const server = await start(t, { settings: { 'limits.idleTimeout': '100ms' } });
  const connection = await RawConnection.open(server.port);
  connection.write(get('/-/ping'));
  await connection.closed;
  assert.equal(answersIn(connection.text)[0].status, 200);
  await server.stopCleanly();
});

describe('connections', () => {
  const served = (connection) => connection.until(/^HTTP\/1\.1 200 /);

  async function occupy(server, count) {
    const taken = await Promise.all(Array.from({ length: count }, () => RawConnection.open(server.port)));
    for (const connection of taken) connection.write(get('/-/ping'));
    await Promise.all(taken.map(served));
    return taken;
  }

  async function assertTooMany(server) {
    const connection = await RawConnection.open(server.port);
    await connection.closed;
    const [answer] = answersIn(connection.text);
    assertError(answer, 503, 'too_many_connections');
    assert.equal(answer.headers['retry-after'], '5');
    assert.equal(answer.headers.connection, 'close');
  }

  // Asks until there is room: the server sees the end of a connection a moment after we do.
  const servedAgain = (server) =>
    eventually(async () => (await server.get('/-/ping').catch(() => null))?.status === 200);

  const leave = (connections) => Promise.all(connections.map((connection) => connection.destroy()));

  test('beyond those an address may have are told so and closed; other addresses are served', async (t) => {
    const server = await start(t, { settings: { 'limits.maxConnectionsPerAddress': 4 } });
    const taken = await occupy(server, 4);
    await assertTooMany(server);
    await server.child.event('connection_refused', { address: '127.0.0.1' });
    const other = await request(server.url, { target: '/-/ping', localAddress: '127.0.0.2' });
    assert.equal(other.status, 200);
    await leave(taken);
    await servedAgain(server);
    await server.stopCleanly();
  });

  test('of a trusted proxy are not counted', async (t) => {
    const settings = { 'limits.maxConnectionsPerAddress': 2, trustedProxies: '127.0.0.1' };
    const server = await start(t, { settings });
    await leave(await occupy(server, 8));
    await server.stopCleanly();
  });

  test('beyond those the server may have are told so and closed', async (t) => {
    const server = await start(t, { settings: { 'limits.maxConnections': 3 } });
    const taken = await occupy(server, 3);
    await assertTooMany(server);
    await leave(taken);
    await servedAgain(server);
    await server.stopCleanly();
  });
});
