// SIGHUP: what changes takes effect, what is broken changes nothing, and no connection notices.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { folder } from './support/kontor.mjs';
import { packed, publish } from './support/packages.mjs';
import { answersIn, RawConnection } from './support/raw.mjs';
import { start } from './support/server.mjs';
import { commonName, connectTls, makeCertificate, replaceWithRubbish } from './support/tls.mjs';

const configFile = (cwd) => path.join(cwd, 'registry.config.json5');
const configure = (cwd, config) => writeFile(configFile(cwd), typeof config === 'string' ? config : JSON.stringify(config));

async function startFrom(t, config) {
  const cwd = await folder(t);
  await configure(cwd, config);
  return Object.assign(await start(t, { cwd }), { cwd });
}

// Sends SIGHUP and waits for the event that tells how it went; yields what was logged on the way.
async function reload(server, event = 'reloaded') {
  const before = server.child.log.length;
  server.child.child.kill('SIGHUP');
  await server.child.event(event, {}, before);
  return server.child.log.slice(before).filter((line) => line.event.startsWith('reload'));
}

const manyHeaders = Array.from({ length: 20 }, (_, i) => `x-${i}: 1\r\n`).join('');
const ask = (headers = '') => `GET /-/ping HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;

// Sends one request on a connection that stays open, yields the status of its answer.
async function status(connection, bytes) {
  connection.received = Buffer.alloc(0);
  connection.write(bytes);
  await connection.until(/\r\n\r\n\{.*\}$/s);
  return answersIn(connection.text)[0].status;
}

describe('a reload', () => {
  test('changes limits under an open connection', async (t) => {
    const server = await startFrom(t, {});
    const open = await RawConnection.open(server.port);
    assert.equal(await status(open, ask(manyHeaders)), 200);
    await configure(server.cwd, { limits: { maxHeaders: 16 } });
    const said = await reload(server);
    assert.deepEqual(said.map(({ event, key }) => [event, key]), [['reload_changed', 'limits.maxHeaders'], ['reloaded', undefined]]);
    assert.equal(await status(open, ask()), 200, 'the connection is the same');
    assert.equal(await status(open, ask(manyHeaders)), 431);
    await open.closed;
    await server.stopCleanly();
  });

  test('changes the log level', async (t) => {
    const server = await startFrom(t, { log: { level: 'warn' } });
    await server.get('/-/ping?quiet');
    await configure(server.cwd, { log: { level: 'info' } });
    await reload(server);
    await server.get('/health');
    await server.child.event('request', { path: '/health' });
    assert.deepEqual(server.child.log.filter(({ path: target }) => target === '/-/ping'), []);
    await server.stopCleanly();
  });

  test('changes who may register and who may read', async (t) => {
    const server = await startFrom(t, {});
    assert.equal((await server.get('/-/v1/search?text=a')).status, 200);
    await configure(server.cwd, { auth: { anonymousRead: false } });
    await reload(server);
    assert.equal((await server.get('/-/v1/search?text=a')).status, 401);
    await server.stopCleanly();
  });

  test('lets a download under way go on', async (t) => {
    const server = await startFrom(t, {});
    const manifest = { name: 'large', version: '1.0.0' };
    const tarball = packed(manifest, { 'random.bin': randomBytes(16 << 20) });
    assert.equal((await publish(server, await server.token(), manifest, { tarball })).status, 201);
    const download = await RawConnection.open(server.port);
    t.after(() => download.destroy());
    download.write('GET /large/-/large-1.0.0.tgz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    await download.until(/^HTTP\/1\.1 200 /);
    download.socket.pause();
    await configure(server.cwd, { limits: { maxTarballBytes: '1KiB', maxConnections: 1 } });
    await reload(server);
    download.socket.resume();
    await download.closed;
    const body = download.received.subarray(download.received.indexOf('\r\n\r\n') + 4);
    assert.ok(body.equals(tarball));
    await server.stopCleanly();
  });

  test('of a broken file keeps what is in effect and says what is wrong', async (t) => {
    const server = await startFrom(t, { limits: { maxHeaders: 16 } });
    await configure(server.cwd, '{\n limits: { maxHeaders: "x" },\n log: { level: "off" } }');
    const said = await reload(server, 'reload_refused');
    assert.deepEqual(said.map(({ level, problem }) => [level, problem]), [
      ['error', 'registry.config.json5:2:24: limits.maxHeaders must be a whole number, not a string'],
    ]);
    assert.equal(await status(await RawConnection.open(server.port), ask(manyHeaders)), 431);
    await configure(server.cwd, {});
    await reload(server);
    const open = await RawConnection.open(server.port);
    assert.equal(await status(open, ask(manyHeaders)), 200, 'mended');
    open.destroy();
    await server.stopCleanly();
  });

  test('names what waits for a restart', async (t) => {
    const server = await startFrom(t, {});
    await configure(server.cwd, { prefixes: ['/other'] });
    const said = await reload(server);
    assert.deepEqual(said.map(({ event, level, problem }) => [event, level, problem]), [
      ['reload_needs_restart', 'warn', 'prefixes has changed and needs a restart'],
      ['reloaded', 'info', undefined],
    ]);
    await server.assertHealthy();
    await server.stopCleanly();
  });
});

describe('a reload of certificates', () => {
  const answers = async (connection) => assert.equal(await status(connection, ask()), 200);

  async function startTls(t) {
    const dir = await folder(t);
    const tls = await makeCertificate(dir, 'first.example');
    return Object.assign(await startFrom(t, { tls }), { dir, ...tls });
  }

  test('gives new connections the new one and lets the old ones be', async (t) => {
    const server = await startTls(t);
    const old = await connectTls(server.port);
    assert.equal(commonName(old), 'first.example');
    await answers(old);
    await makeCertificate(server.dir, 'second.example');
    await reload(server);
    const fresh = await connectTls(server.port);
    assert.equal(commonName(fresh), 'second.example');
    await answers(fresh);
    await answers(old);
    await Promise.all([old.destroy(), fresh.destroy()]);
    await server.stopCleanly();
  });

  test('that cannot be used keeps the one in use', async (t) => {
    const server = await startTls(t);
    await replaceWithRubbish(server);
    const said = await reload(server, 'reload_tls_refused');
    const { level, problem } = said.find(({ event }) => event === 'reload_tls_refused');
    assert.equal(level, 'error');
    assert.equal(problem, `Cannot use the certificate file ${server.certFile}: no start line`);
    const after = await connectTls(server.port);
    assert.equal(commonName(after), 'first.example');
    await answers(after);
    await after.destroy();
    await server.stopCleanly();
  });
});
