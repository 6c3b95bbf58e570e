// Clauses 4 and 5: a disk that is full or read-only, no descriptors left, a clock that goes back.
// Reads go on, writes fail clearly, and when the trouble is over nobody has to restart anything.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../process/support/data.mjs';
import { binary, Child, environment, folder } from '../process/support/kontor.mjs';
import { packed, publish, publishDocument } from '../process/support/packages.mjs';
import { adminPassword, Server } from '../process/support/server.mjs';
import { startWithFaults } from './support/faults.mjs';
import { assertSound, assertWhole } from './support/store.mjs';

function attempt(name, version, size = 5000) {
  const manifest = { name, version };
  return { manifest, tarball: packed(manifest, { 'random.bin': randomBytes(size) }) };
}

async function send(server, token, tried) {
  const answer = await publish(server, token, tried.manifest, { tarball: tried.tarball });
  tried.acknowledged = answer.status === 201;
  return answer;
}

async function assertReads(server, tried) {
  assert.ok(await assertWhole(server, { ...tried, acknowledged: true }));
  assert.equal((await server.get('/-/v1/search?text=before')).json.objects.length, 1);
}

function assertRefused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['kontor-error-code'], code);
  assert.ok(answer.json.error.length > 20);
}

// --- the disk -----------------------------------------------------------------------------------

const disks = {
  ENOSPC: { name: 'full', status: 507, code: 'storage_full', options: { spareUnlink: true } },
  EROFS: { name: 'read-only', status: 500, code: 'storage_failed', options: {} },
  EIO: { name: 'broken', status: 500, code: 'storage_failed', options: {} },
};

for (const [error, { name, status, code, options }] of Object.entries(disks)) {
  test(`on a ${name} disk reads go on, writes are refused, and later they work again`, async (t) => {
    const { server, faults } = await startWithFaults(t, await folder(t));
    const token = await server.token();
    const before = attempt('before', '1.0.0');
    assert.equal((await send(server, token, before)).status, 201);
    await faults.failAll(error, options);
    for (let i = 0; i < 5; ++i) {
      assertRefused(await send(server, token, attempt('before', `2.${i}.0`)), status, code);
      assertRefused(await send(server, token, attempt(`new-${i}`, '1.0.0')), status, code);
    }
    const moved = await server.request('PUT', '/-/package/before/dist-tags/next', { token, body: '1.0.0' });
    assertRefused(moved, status, code);
    await assertReads(server, before);
    await faults.disarm();
    const after = attempt('before', '3.0.0');
    assert.equal((await send(server, token, after)).status, 201);
    await assertWhole(server, after);
    await server.assertHealthy();
    const document = (await server.get('/before')).json;
    assert.deepEqual(Object.keys(document.versions), ['1.0.0', '3.0.0']);
    await server.stopCleanly();
    assert.equal((await assertSound(server.dataDir)).versions, 2);
  });
}

// A real small disk: a file system in memory, in a mount namespace of the server's own. A ballast
// file is what the operator then removes; it is reached through the server's own view of its files.
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
const megabytes = 12;

async function startOnSmallDisk(t) {
  const home = await folder(t);
  const script =
    'mount -t tmpfs -o size="$2"m none "$1" && head -c 4M /dev/zero > "$1/ballast" && shift 2 && exec "$@"';
  const child = new Child(
    'unshare',
    ['-rm', 'sh', '-c', script, 'sh', home, String(megabytes), binary, 'serve', '--port', '0', '--data-dir', `${home}/data`],
    { cwd: '/', env: environment({ KONTOR_ADMIN_PASSWORD: adminPassword }) },
  );
  t.after(() => child.over || child.kill('SIGKILL'));
  const [, url] = await child.printed(/^Kontor \S+ serves (\S+)\/$/m);
  return { server: new Server(child, url, null), ballast: path.join(`/proc/${child.pid}/root`, home, 'ballast') };
}

test('a disk that fills up refuses publishes until there is space again', { skip: !canMount }, async (t) => {
  const { server, ballast } = await startOnSmallDisk(t);
  const token = await server.token();
  const tries = [attempt('before', '1.0.0')];
  assert.equal((await send(server, token, tries[0])).status, 201);
  let answer;
  do {
    assert.ok(tries.length < 100, 'the disk never filled up');
    tries.push(attempt(`big-${tries.length}`, '1.0.0', 300_000));
    answer = await send(server, token, tries.at(-1));
  } while (answer.status === 201);
  assertRefused(answer, 507, 'storage_full');
  await assertReads(server, tries[0]);
  await rm(ballast);
  const after = attempt('after', '1.0.0', 300_000);
  tries.push(after);
  assert.equal((await send(server, token, after)).status, 201);
  for (const tried of tries) await assertWhole(server, tried);
  await server.assertHealthy();
  await server.stopCleanly();
});

// --- descriptors --------------------------------------------------------------------------------

const descriptors = 64;

async function startWithFewDescriptors(t) {
  const home = await folder(t);
  const dataDir = path.join(home, 'data');
  const child = new Child(
    'sh',
    ['-c', `ulimit -n ${descriptors} && exec "$@"`, 'sh', binary, 'serve', '--port', '0', '--data-dir', dataDir],
    { cwd: home, env: environment({ KONTOR_ADMIN_PASSWORD: adminPassword }) },
  );
  t.after(() => child.over || child.kill('SIGKILL'));
  const [, url] = await child.printed(/^Kontor \S+ serves (\S+)\/$/m);
  return new Server(child, url, dataDir);
}

// Connections that do nothing, more than the server has descriptors for; yields when it has none.
async function crowdOut(t, server) {
  const crowd = Array.from({ length: 2 * descriptors }, () =>
    net.connect(server.port, '127.0.0.1').on('error', () => {}),
  );
  t.after(() => crowd.forEach((socket) => socket.destroy()));
  const open = () => readdir(`/proc/${server.child.pid}/fd`);
  await eventually(async () => (await open()).length >= descriptors);
  return crowd;
}

test('without descriptors left writes are refused, and all is well when some are free again', async (t) => {
  const server = await startWithFewDescriptors(t);
  const token = await server.token();
  const before = attempt('before', '1.0.0');
  const after = attempt('before', '3.0.0');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const sendKept = (tried) =>
    server.request('PUT', '/before', { token, agent, body: publishDocument(tried.manifest, tried.tarball) });
  assert.equal((await sendKept(before)).status, 201);
  const crowd = await crowdOut(t, server);

  assertRefused(await sendKept(attempt('before', '2.0.0')), 503, 'unavailable');
  assert.equal((await server.get('/before', { agent })).json['dist-tags'].latest, '1.0.0');

  for (const socket of crowd) socket.destroy();
  await eventually(async () => (await sendKept(after)).status === 201);
  for (const tried of [before, after]) assert.ok(await assertWhole(server, { ...tried, acknowledged: true }));
  await server.assertHealthy();
  agent.destroy();
  await server.stopCleanly();
  assert.equal((await assertSound(server.dataDir)).versions, 2);
});

// --- the clock ----------------------------------------------------------------------------------

test('when the clock goes back an hour everything goes on, and no time goes back with it', async (t) => {
  const { server, faults } = await startWithFaults(t, await folder(t));
  const token = await server.token();
  const tries = [attempt('before', '1.0.0'), attempt('before', '1.1.0'), attempt('later', '1.0.0')];
  assert.equal((await send(server, token, tries[0])).status, 201);
  const first = (await server.get('/before')).json;
  await faults.setClockBack(3600);
  for (const tried of tries.slice(1)) assert.equal((await send(server, token, tried)).status, 201);
  assert.equal((await server.request('POST', '/-/kontor/v1/gc', { token, body: { grace_seconds: 0 } })).status, 200);
  for (const tried of tries) await assertWhole(server, tried);
  const second = (await server.get('/before')).json;
  assert.equal(second['dist-tags'].latest, '1.1.0');
  assert.ok(second.time.modified >= first.time.modified, 'npm would take its cached copy for the newer one');
  assert.ok(second.time['1.1.0'] < first.time['1.0.0'], 'the clock did not go back');
  assert.equal((await server.get('/-/whoami', { token })).json.username, 'admin');
  await faults.setClockBack(0);
  const third = attempt('before', '1.2.0');
  assert.equal((await send(server, token, third)).status, 201);
  await server.assertHealthy();
  await server.stopCleanly();
  assert.equal((await assertSound(server.dataDir)).versions, 4);
});
