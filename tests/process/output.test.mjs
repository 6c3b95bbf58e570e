// What the server prints while it works, in each form, and that nothing depends on who reads it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publish } from './support/packages.mjs';
import { exchange } from './support/raw.mjs';
import { start } from './support/server.mjs';

const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

test('each request is one line of JSON that says who asked for what and what came of it', async (t) => {
  const server = await start(t);
  const token = await server.token();
  const published = await publish(server, token, { name: 'logged', version: '1.0.0' });
  const id = published.headers['x-request-id'];
  const { time: when, us, in: received, out, ...line } = await server.child.event('request', { id });
  assert.match(when, new RegExp(`^${time}$`));
  assert.ok(us > 0 && received > 500 && out > 100, `${us} ${received} ${out}`);
  assert.deepEqual(line, {
    ...{ level: 'info', event: 'request', id, method: 'PUT', path: '/logged', status: 201 },
    ...{ address: '127.0.0.1', user: 'admin', protocol: 'http/1.1', complete: true },
  });
  await server.stopCleanly();
  const lines = server.child.log.filter(({ event }) => event === 'request');
  assert.equal(lines.length, new Set(lines.map((each) => each.id)).size, 'each once');
});

test('what a client sends cannot begin a line or a field of its own', async (t) => {
  const server = await start(t);
  for (const target of ['/"}', '/a%22,%22level%22:%22error', '/%0a%7b%7d', '/\x1b[31m', '/%e2%80%a8']) {
    await exchange(server.port, `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  }
  await server.stopCleanly();
  assert.deepEqual(server.child.log.filter(({ level }) => level !== 'info'), []);
  assert.doesNotMatch(server.child.stdout, /\x1b/);
});

test('as text it is a line for people', async (t) => {
  const server = await start(t, { settings: { 'log.format': 'text' } });
  await server.get('/-/ping');
  await server.stopCleanly();
  const [line] = server.child.stdout.split('\n').filter((each) => each.includes('/-/ping'));
  assert.match(line, new RegExp(`^${time} info +request id="[0-9a-f]{16}" method="GET" path="/-/ping" status=200 `));
});

test('at the level off nothing is logged, at warn no ordinary request', async (t) => {
  const off = await start(t, { settings: { 'log.level': 'off' } });
  await off.get('/-/ping');
  await off.stopCleanly();
  assert.equal(off.child.stdout, '');
  const warn = await start(t, { settings: { 'log.level': 'warn' } });
  await warn.get('/-/ping');
  await warn.stopCleanly();
  assert.deepEqual(warn.child.log, []);
});

test('a server whose output nobody reads any more goes on, and ends cleanly', async (t) => {
  const server = await start(t);
  server.child.child.stdout.destroy();
  server.child.child.stderr.destroy();
  for (let i = 0; i < 50; ++i) assert.equal((await server.get('/-/ping')).status, 200);
  await server.assertHealthy();
  const { code } = await server.stop();
  assert.equal(code, 0);
});
