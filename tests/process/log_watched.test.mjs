// `kontor monitor` and `kontor verify` on the log of a real server: an ordinary life breaks no rule,
// and whoever owns a package hears of what others do to it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { binary, Child, environment, folder, kontor } from './support/kontor.mjs';
import { entryThat, settled, until } from './support/log_entries.mjs';
import { packed, publish } from './support/packages.mjs';
import { start } from './support/server.mjs';

const settings = { 'transparency.origin': 'registry.example', 'transparency.interval': '50ms' };

async function world(t) {
  const server = await start(t, { settings });
  const home = await folder(t);
  const options = { cwd: home, env: environment({ HOME: home, XDG_CONFIG_HOME: '' }) };
  const pinned = await kontor(['log', 'pin', server.url], options);
  assert.equal(pinned.code, 0, pinned.stderr);
  return { server, home, options };
}

async function webhook(t) {
  const got = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    got.push(JSON.parse(body));
    response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}/`, got };
}

test('owners hear of what others publish, by webhook, and of nothing else', async (t) => {
  const { server, options } = await world(t);
  const ada = await server.user('ada');
  const eve = await server.user('eve');
  await publish(server, ada, { name: '@acme/tool', version: '1.0.0' });
  const owner = await entryThat(server, (entry) => entry.startsWith('pkglog/v1 owner\npackage npm/@acme/tool'));
  const account = /^account (.*)$/m.exec(owner)[1];
  const hook = await webhook(t);
  const monitor = new Child(
    binary,
    ['monitor', server.url, '--json', '--interval', '1', '--package', '@acme/*', '--account', account, '--webhook', hook.url],
    options,
  );
  t.after(() => monitor.over || monitor.kill('SIGKILL'));

  const put = (name, user) => server.request('PUT', `/-/package/${name}/owners`, { token: ada, body: { user } });
  await publish(server, ada, { name: '@acme/tool', version: '1.0.1' });
  assert.ok((await put('@acme%2ftool', 'eve')).status < 300);
  await publish(server, eve, { name: 'other', version: '1.0.0' });
  await publish(server, eve, { name: '@acme/tool', version: '6.6.6' });
  await until(() => hook.got.some(({ text }) => text.includes('6.6.6')));
  assert.ok(hook.got.every(({ rule, package: name }) => rule === 'watched' && name === '@acme/tool'), JSON.stringify(hook.got));
  assert.ok(hook.got.every(({ text }) => !text.startsWith(account)), 'their own changes are no news');
  const root = await server.token();
  assert.ok((await server.request('DELETE', '/-/kontor/v1/users/eve', { token: root })).status < 300);
  await until(() => hook.got.some(({ text }) => /owner @acme\/tool/.test(text)));
  await monitor.kill('SIGTERM');
});

test('releases are proved, online and offline, and others are not', async (t) => {
  const { server, home, options } = await world(t);
  const token = await server.token();
  const manifest = { name: '@acme/tool', version: '1.2.3' };
  const tarball = packed(manifest);
  await publish(server, token, manifest, { tarball });
  await publish(server, token, { name: '@acme/gone', version: '1.0.0' });
  await settled(server);
  const verify = (...args) => kontor(['verify', ...args, '--registry', server.url], options);
  const file = path.join(home, 'tool.tgz'), proof = path.join(home, 'proof');
  await writeFile(file, tarball);
  for (const args of [['@acme/tool@1.2.3'], ['@acme/tool@1.2.3', '--file', file, '--save-proof', proof]]) {
    const found = await verify(...args);
    assert.equal(found.code, 0, found.stderr);
  }
  const other = path.join(home, 'other.tgz');
  await writeFile(other, packed(manifest, { 'index.js': 'module.exports = 2\n' }));
  const refuted = await verify('@acme/tool@1.2.3', '--file', other);
  assert.equal(refuted.code, 1);
  assert.match(refuted.stderr, /sha512-\S+.*sha512-\S+/s);
  assert.equal((await verify('@acme/tool@9.9.9')).code, 1);
  const full = await kontor(['log', 'verify', '--full', '--registry', server.url], options);
  assert.equal(full.code, 0, full.stderr);
  await server.stopCleanly();
  const offline = await verify('@acme/tool@1.2.3', '--file', file, '--proof', proof);
  assert.equal(offline.code, 0, offline.stderr);
});
