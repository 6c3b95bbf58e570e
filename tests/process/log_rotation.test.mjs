// Another key for a log: it signs beside the old one until that is retired, the log tells of both
// steps, and each client goes on by the key it has pinned for as long as that signs.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { environment, folder, kontor } from './support/kontor.mjs';
import { logEntries, settled, until } from './support/log_entries.mjs';
import { publish } from './support/packages.mjs';
import { start } from './support/server.mjs';
import { accepts, build, rejects, remove } from './support/verifier.mjs';

const settings = { 'transparency.origin': 'registry.example', 'transparency.interval': '50ms' };

before(build);
after(remove);

// A machine that has pinned the key of the public log.
async function client(t, server) {
  const home = await folder(t);
  const options = { cwd: home, env: environment({ HOME: home, XDG_CONFIG_HOME: '' }) };
  const run = (...args) => kontor(args, options);
  const machine = {
    home,
    pin: (...args) => run('log', 'pin', server.url, ...args),
    verify: (...args) => run('verify', 'tool@1.0.0', '--registry', server.url, ...args),
    verifyLog: () => run('log', 'verify', '--full', '--registry', server.url),
    monitor: () => run('monitor', server.url, '--once', '--json'),
  };
  assert.equal((await machine.pin()).code, 0);
  return machine;
}

async function world(t) {
  const server = await start(t, { settings });
  const token = await server.token();
  assert.equal((await publish(server, token, { name: 'tool', version: '1.0.0' })).status, 201);
  await settled(server);
  const options = { env: environment({ NPM_TOKEN: token }) };
  const keys = async (...args) => {
    const done = await kontor(['keys', ...args, '--registry', server.url], options);
    assert.equal(done.code, 0, done.stderr);
    return done.stdout;
  };
  return { server, token, keys };
}

const vkeyOf = async (server, log = 'public', token) => (await server.get(`/log/${log}/vkey`, { token })).text.trim();
const signersOf = async (server, log = 'public', token) => {
  const { text } = await server.get(`/log/${log}/checkpoint`, { token });
  return [...text.matchAll(/^\u2014 \S+ (\S+)$/gm)].map(([, line]) => Buffer.from(line, 'base64').subarray(0, 4).toString('hex'));
};
const idOf = (vkey) => vkey.split('+')[1];
const keyLeaves = (entries) => entries.filter((entry) => entry.startsWith('pkglog/v1 key\nuse log_public\n'));

function assertHolds(result, note = /^$/) {
  assert.equal(result.code, 0, result.stdout + result.stderr);
  assert.match(result.stderr, note);
}

test('a log is signed by the old and the new key, and by the new one alone once that is told', async (t) => {
  const { server, token, keys } = await world(t);
  const log = `${server.url}/log/public`;
  const old = await vkeyOf(server);
  const [early, late] = [await client(t, server), await client(t, server)];
  assertHolds(await early.monitor());
  const { tarball } = (await server.get('/tool')).json.versions['1.0.0'].dist;
  const file = path.join(early.home, 'tool.tgz');
  await writeFile(file, (await server.get(new URL(tarball).pathname)).bytes);
  assertHolds(await early.verify('--save-proof', path.join(early.home, 'old.proof')));

  const words = await keys('rotate', '--log', 'public');
  const fresh = await vkeyOf(server);
  assert.ok(words.includes(fresh) && words.includes('kontor keys retire --log public'), words);
  assert.notEqual(idOf(fresh), idOf(old));
  assert.equal(fresh.split('+')[0], old.split('+')[0]);
  await until(async () => (await signersOf(server)).length === 2);
  assert.deepEqual(await signersOf(server), [idOf(fresh), idOf(old)]);
  await settled(server);
  assert.equal(keyLeaves(await logEntries(server)).length, 2);
  for (const key of [old, fresh]) await accepts('all', log, key);

  // Who has pinned the old key goes on, is told, and takes the new one over without a doubt.
  assertHolds(await early.verify(), /is signed with another key besides the pinned one.*kontor log pin http/);
  assertHolds(await early.verifyLog(), /another key besides/);
  const monitored = await early.monitor();
  assert.equal(monitored.code, 1);
  assert.deepEqual(monitored.stdout.trim().split('\n').map((line) => JSON.parse(line).rule), ['key_changed']);
  const taken = await early.pin();
  assertHolds(taken);
  assert.ok(taken.stdout.includes(fresh));
  assert.match(taken.stdout, /vouches for this one/);
  assertHolds(await early.verify());
  assertHolds(await early.verifyLog());

  await keys('retire', '--log', 'public');
  await until(async () => (await signersOf(server)).length === 1);
  assert.deepEqual(await signersOf(server), [idOf(fresh)]);
  await settled(server);
  const leaves = keyLeaves(await logEntries(server));
  assert.equal(leaves.length, 3);
  assert.match(leaves[2], new RegExp(`\nkey registry\\.example/log/public\\+${idOf(old)}\n[^]*\nexpires \\d+\n`));
  await accepts('all', log, fresh);
  await rejects('all', log, old);
  assertHolds(await early.verify());
  assertHolds(await early.verifyLog());
  // What the old key signed is good for whoever believes it.
  assertHolds(await early.verify('--file', file, '--proof', path.join(early.home, 'old.proof'), '--key', old));

  // Who missed it all is refused, with what to do; the registry's own word is not enough.
  const refused = await late.verify();
  assert.equal(refused.code, 1);
  assert.ok(refused.stderr.includes(old), refused.stderr);
  assert.match(refused.stderr, /from somewhere else.*kontor log pin \S+ <vkey> --replace/);
  const again = await late.pin();
  assert.equal(again.code, 3);
  assert.ok(again.stderr.includes(old) && again.stderr.includes(fresh), again.stderr);
  assertHolds(await late.pin(fresh, '--replace'));
  assertHolds(await late.verify());

  const listed = JSON.parse(await keys('list', '--json')).filter(({ use }) => use === 'public log');
  assert.deepEqual(listed.map(({ id, active }) => [id, active]), [[fresh, true], [old, false]]);
  const trail = (await kontor(['audit-log', '--data-dir', server.dataDir, '--json'])).stdout;
  for (const action of ['rotate_key', 'retire_keys']) assert.match(trail, new RegExp(action));
  assert.equal((await server.request('POST', '/-/kontor/v1/keys/retire', { token, body: { use: 'public log' } })).status, 409);
  await server.stopCleanly();
});

test('a log that does not grow is signed anew, also by a server that starts between the steps', async (t) => {
  const { server, token, keys } = await world(t);
  const old = await vkeyOf(server, 'private', token);
  await keys('rotate', '--log', 'private');
  const fresh = await vkeyOf(server, 'private', token);
  await until(async () => (await signersOf(server, 'private', token)).length === 2);
  await server.stop('SIGKILL');
  const next = await start(t, { dataDir: server.dataDir, settings });
  assert.equal(await vkeyOf(next, 'private', token), fresh);
  assert.deepEqual(await signersOf(next, 'private', token), [idOf(fresh), idOf(old)]);
  const retired = await next.request('POST', '/-/kontor/v1/keys/retire', { token, body: { use: 'private log' } });
  assert.equal(retired.status, 200, retired.text);
  assert.deepEqual(retired.json.keys.map(({ id, active }) => [id, active]), [[old, false]]);
  await next.stop('SIGKILL');
  const last = await start(t, { dataDir: server.dataDir, settings });
  await until(async () => (await signersOf(last, 'private', token)).length === 1);
  assert.deepEqual(await signersOf(last, 'private', token), [idOf(fresh)]);
  await last.stopCleanly();
});

test('the rest of a pinned policy stays when its key is exchanged', async (t) => {
  const { server, keys } = await world(t);
  const machine = await client(t, server);
  const witness = 'witness a witness.example/w1+561e0bd8+BFWT80vJkwiOyJ8HidnKQimJlD6cAYq3Cm3kezgCwagH';
  const policy = (...logs) => `# of this machine\n${logs.map((vkey) => `log ${vkey}\n`).join('')}${witness}\nquorum none\n`;
  const file = path.join(machine.home, 'mine');
  await writeFile(file, policy(await vkeyOf(server)));
  assertHolds(await machine.pin('--policy', file));
  await keys('rotate', '--log', 'public');
  const second = await vkeyOf(server);
  await until(async () => (await signersOf(server)).length === 2);
  assertHolds(await machine.pin());
  const pinned = path.join(machine.home, '.config/kontor/logs', encodeURIComponent(new URL(server.url).host), 'public/policy');
  assert.equal(await readFile(pinned, 'utf8'), policy(second));
  // Both may be pinned; a third takes the place of both.
  const [first] = JSON.parse(await keys('list', '--json')).filter(({ use }) => use === 'public log').map(({ id }) => id).slice(-1);
  await writeFile(file, policy(first, second));
  assertHolds(await machine.pin('--policy', file, '--replace'));
  await keys('rotate', '--log', 'public');
  const third = await vkeyOf(server);
  await until(async () => (await signersOf(server)).length === 3);
  assertHolds(await machine.pin());
  assert.equal(await readFile(pinned, 'utf8'), policy(third));
  assertHolds(await machine.verify());
  await server.stopCleanly();
});

test('a key that somebody else puts beside the pinned one is not taken over', async (t) => {
  const { server, keys } = await world(t);
  const machine = await client(t, server);
  const stranger = 'registry.example/log/public+ce4b0075+AZcJU5HJ4L7OcMclu/yDaOdiKjRmAI+2gXE+J/cs4nwu';
  const refused = await machine.pin(stranger);
  assert.notEqual(refused.code, 0);
  assertHolds(await machine.verify());
  await keys('rotate', '--log', 'private');
  assertHolds(await machine.verify());
  await server.stopCleanly();
});
