// Clause 11: a backup of a running server, proved by restoring it and comparing everything.
import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { folder, kontor } from '../process/support/kontor.mjs';
import { settled } from '../process/support/log_entries.mjs';
import { archive, download, publishOri } from '../process/support/ori.mjs';
import { packed, publish } from '../process/support/packages.mjs';
import { start } from '../process/support/server.mjs';
import { accepts, build, remove } from '../process/support/verifier.mjs';
import { assertSound, assertWhole, fsck } from './support/store.mjs';

async function publishOne(server, token, name, version) {
  const manifest = { name, version };
  const tried = { manifest, tarball: packed(manifest, { 'file.txt': `${name} ${version}`.repeat(50) }) };
  tried.acknowledged = (await publish(server, token, manifest, { tarball: tried.tarball })).status === 201;
  return tried;
}

async function backup(dataDir, to) {
  const { code, stdout, stderr } = await kontor(['backup', 'create', '--json', '--to', to, '--data-dir', dataDir]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

const restore = (from, dataDir) => kontor(['backup', 'restore', from, '--data-dir', dataDir]);

// All that readers of a registry see, without what its address and its clock put into it.
async function everything(server, tries) {
  const seen = {};
  for (const { manifest } of tries) {
    const document = await server.get(`/${manifest.name}`);
    seen[manifest.name] = document.text.replaceAll(server.url, 'base');
  }
  seen.search = (await server.get('/-/v1/search?text=pkg&size=250')).json.objects.map(({ package: found }) => found.name).sort();
  return seen;
}

test('a backup made under publishes restores to a registry that is whole', async (t) => {
  const home = await folder(t);
  const server = await start(t);
  const token = await server.token();
  const before = [];
  for (let i = 0; i < 20; ++i) before.push(await publishOne(server, token, `pkg-${i % 5}`, `1.${i}.0`));
  let running = true;
  const during = [];
  const client = async (number) => {
    for (let i = 0; running; ++i) during.push(await publishOne(server, token, `more-${number}`, `1.${i}.0`));
  };
  const clients = Promise.all([1, 2, 3, 4].map(client));
  const made = await backup(server.dataDir, path.join(home, 'backups'));
  running = false;
  await clients;
  assert.equal(made.missing, 0);
  assert.match(path.basename(made.path), /^\d{8}T\d{6}Z$/);
  assert.equal((await kontor(['backup', 'verify', made.path])).code, 0);

  const dataDir = path.join(home, 'restored');
  const { code, stderr } = await restore(made.path, dataDir);
  assert.equal(code, 0, stderr);
  assert.equal((await assertSound(dataDir)).versions, made.versions);
  const restored = await start(t, { dataDir });
  for (const tried of before) assert.ok(await assertWhole(restored, tried));
  for (const tried of during) await assertWhole(restored, { ...tried, acknowledged: false });
  assert.equal((await publishOne(restored, await restored.token(), 'pkg-0', '9.0.0')).acknowledged, true);
  await restored.stopCleanly();
  await server.stopCleanly();
});

test('a restored registry shows exactly what the one that was backed up showed', async (t) => {
  const home = await folder(t);
  const server = await start(t);
  const token = await server.token();
  await server.user('ann');
  const tries = [];
  for (let i = 0; i < 12; ++i) tries.push(await publishOne(server, token, `pkg-${i % 3}`, `1.${i}.0`));
  await server.request('PUT', '/-/package/pkg-0/dist-tags/old', { token, body: '1.0.0' });
  const expected = await everything(server, tries);
  const made = await backup(server.dataDir, path.join(home, 'backups'));
  await server.stopCleanly();
  const dataDir = path.join(home, 'restored');
  assert.equal((await restore(made.path, dataDir)).code, 0);
  const restored = await start(t, { dataDir });
  assert.deepEqual(await everything(restored, tries), expected);
  for (const tried of tries) assert.ok(await assertWhole(restored, tried));
  assert.equal((await restored.get('/-/whoami', { token })).json.username, 'admin');
  assert.equal((await restored.logIn('ann', 'password of ann')).status, 201);
  await restored.stopCleanly();
});

async function smallBackup(t) {
  const home = await folder(t);
  const server = await start(t);
  const token = await server.token();
  for (let i = 0; i < 3; ++i) await publishOne(server, token, 'pkg', `1.${i}.0`);
  await server.stopCleanly();
  return { home, server, made: await backup(server.dataDir, path.join(home, 'backups')) };
}

test("Ori's archives are restored to the place they had", async (t) => {
  const server = await start(t);
  const pack = { name: '@kept/tool', version: '1.0.0' };
  assert.equal((await publishOri(server, pack, await server.token())).status, 201);
  const home = await folder(t);
  const made = await backup(server.dataDir, path.join(home, 'backups'));
  await server.stopCleanly();
  const dataDir = path.join(home, 'restored');
  assert.equal((await restore(made.path, dataDir)).code, 0);
  const files = async (data) => (await readdir(path.join(data, 'blobs/ori'), { recursive: true })).sort();
  assert.equal((await files(dataDir)).at(-1).split('.').slice(1).join('.'), 'ori.tar.gz');
  assert.deepEqual(await files(dataDir), await files(server.dataDir));
  const again = await start(t, { dataDir });
  assert.ok((await download(again, pack)).bytes.equals(archive(pack)));
  await again.stopCleanly();
});

test('a restore refuses a folder that holds anything, and leaves it as it was', async (t) => {
  const { home, made } = await smallBackup(t);
  const dataDir = path.join(home, 'used');
  await mkdir(dataDir);
  await writeFile(path.join(dataDir, 'file'), 'mine');
  const refused = await restore(made.path, dataDir);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /is not empty/);
  assert.deepEqual(await readdir(dataDir), ['file']);
  await rm(path.join(dataDir, 'file'));
  assert.equal((await restore(made.path, dataDir)).code, 0);
});

const broken = {
  'a blob that was changed': async (made) => {
    const [name] = await readdir(path.join(made.path, 'blobs/sha256'));
    const file = path.join(made.path, 'blobs/sha256', name);
    const bytes = await readFile(file);
    await rm(file); // it is a link to the store's own
    bytes[10] ^= 1;
    await writeFile(file, bytes);
  },
  'a blob that is gone': async (made) => {
    const [name] = await readdir(path.join(made.path, 'blobs/sha256'));
    await rm(path.join(made.path, 'blobs/sha256', name));
  },
  'another database': (made) => writeFile(path.join(made.path, 'kontor.db'), 'not a database'),
  'a cut list': (made) => writeFile(path.join(made.path, 'blobs.txt'), ''),
};

for (const [what, damage] of Object.entries(broken)) {
  test(`a backup with ${what} is neither verified nor restored`, async (t) => {
    const { home, server, made } = await smallBackup(t);
    await damage(made);
    assert.notEqual((await kontor(['backup', 'verify', made.path])).code, 0);
    const refused = await restore(made.path, path.join(home, 'restored'));
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /not what was backed up|missing from the backup/);
    assert.ok(!(await readdir(home)).some((name) => name.startsWith('restored')), 'nothing is left');
    assert.equal((await fsck(server.dataDir)).code, 0, 'the store itself is untouched');
  });
}

test('backups are listed oldest first, and bytes they share are stored once', async (t) => {
  const { home, server, made } = await smallBackup(t);
  const to = path.join(home, 'backups');
  let second;
  for (;;) {
    second = await kontor(['backup', 'create', '--json', '--to', to, '--data-dir', server.dataDir]);
    if (second.code === 0) break;
    assert.match(second.stderr, /this very second/);
  }
  const { code, stdout } = await kontor(['backup', 'list', '--json', to]);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout).map((info) => info.path), [made.path, JSON.parse(second.stdout).path]);
  const [name] = await readdir(path.join(made.path, 'blobs/sha256'));
  assert.equal((await stat(path.join(made.path, 'blobs/sha256', name))).nlink, 3);
});

test('backups past their time go when a new one is there, and the others stay whole', async (t) => {
  const { home, server, made } = await smallBackup(t);
  const to = path.join(home, 'backups');
  const args = ['backup', 'create', '--to', to, '--data-dir', server.dataDir];
  const older = path.join(to, '20250101T000000Z');
  const info = JSON.parse(await readFile(path.join(made.path, 'backup.json'), 'utf8'));
  await rename(made.path, older);
  await writeFile(path.join(older, 'backup.json'), JSON.stringify({ ...info, created: '2025-01-01T00:00:00.000Z' }));
  const refused = await kontor([...args, '--keep', 'for ever']);
  assert.equal(refused.code, 1);
  assert.deepEqual(await readdir(to), ['.lock', '20250101T000000Z'], 'what cannot be read does nothing');
  assert.equal((await kontor(args)).code, 0);
  let done;
  do done = await kontor([...args, '--keep', '300d']);
  while (/this very second/.test(done.stderr));
  assert.match(done.stderr, /removed 1 old backups/);
  const left = (await readdir(to)).filter((name) => name !== '.lock').sort();
  assert.equal(left.length, 2);
  assert.ok(!left.includes('20250101T000000Z'));
  for (const name of left) assert.equal((await kontor(['backup', 'verify', path.join(to, name)])).code, 0);
});

test('the drill is one command, under both names, on a running server', async (t) => {
  const home = await folder(t);
  const server = await start(t);
  const token = await server.token();
  await publishOne(server, token, 'pkg', '1.0.0');
  const args = ['--to', path.join(home, 'backups'), '--data-dir', server.dataDir];
  const { code, stdout, stderr } = await kontor(['registry', 'backup', 'drill', ...args]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /The drill succeeded\.\n$/);
  assert.deepEqual((await readdir(path.join(home, 'backups'))).filter((name) => !/^(\.lock|\d{8}T\d{6}Z)$/.test(name)), []);
  await server.stopCleanly();
});

test('a store that has lost a blob is backed up all the same, and says so', async (t) => {
  const { home, server } = await smallBackup(t);
  const [name] = await readdir(path.join(server.dataDir, 'blobs/sha256'));
  await rm(path.join(server.dataDir, 'blobs/sha256', name));
  const { code, stderr } = await kontor(['backup', 'create', '--to', path.join(home, 'others'), '--data-dir', server.dataDir]);
  assert.equal(code, 4);
  assert.match(stderr, /has lost 1 blobs/);
});

// --- the logs -------------------------------------------------------------------------------------

const origin = { 'transparency.origin': 'registry.example', 'transparency.interval': '50ms' };

// A server with a log of more than one bundle, backed up: { home, server, key, seen, made }.
async function loggedBackup(t, ...flags) {
  const home = await folder(t);
  const server = await start(t, { settings: origin });
  const token = await server.token();
  for (let i = 0; i < 130; ++i) await publishOne(server, token, `pkg-${i % 5}`, `1.${i}.0`);
  await settled(server);
  const key = (await server.get('/log/public/vkey')).text.trim();
  const seen = path.join(home, 'seen');
  await writeFile(seen, (await server.get('/log/public/checkpoint')).bytes);
  const to = path.join(home, 'backups');
  const { code, stdout, stderr } = await kontor(['backup', 'create', '--json', ...flags, '--to', to, '--data-dir', server.dataDir]);
  assert.equal(code, 0, stderr);
  return { home, server, token, key, seen, made: JSON.parse(stdout) };
}

describe('a restored log', () => {
  before(build);
  after(remove);

  test('goes on under its key, where the keys were backed up', async (t) => {
    const { home, server, token, key, seen, made } = await loggedBackup(t, '--with-keys');
    assert.equal(made.keys, true);
    await publishOne(server, token, 'later', '1.0.0');
    await server.stopCleanly();
    const dataDir = path.join(home, 'restored');
    const done = await restore(made.path, dataDir);
    assert.equal(done.code, 0, done.stderr);
    assert.equal((await stat(path.join(dataDir, 'keys'))).mode & 0o777, 0o700);
    assert.equal((await stat(path.join(dataDir, 'keys/log-public.key'))).mode & 0o777, 0o600);
    const restored = await start(t, { dataDir, settings: origin });
    await publishOne(restored, await restored.token(), 'pkg-0', '9.0.0');
    await settled(restored);
    assert.equal((await restored.get('/log/public/vkey')).text.trim(), key);
    await accepts('all', `${restored.url}/log/public`, key);
    await accepts('extends', `${restored.url}/log/public`, key, seen);
    await restored.stopCleanly();
    const verified = await kontor(['log', 'verify', '--data-dir', dataDir, '--key', key]);
    assert.equal(verified.code, 0, verified.stderr);
    await assertSound(dataDir);
  });

  test('has no keys unless they were asked for, and takes those of the old server', async (t) => {
    const { home, server, key, seen, made } = await loggedBackup(t);
    assert.equal(made.keys, false);
    assert.ok(!(await readdir(made.path)).includes('keys'));
    await server.stopCleanly();
    const dataDir = path.join(home, 'restored');
    assert.equal((await restore(made.path, dataDir)).code, 0);
    await cp(path.join(server.dataDir, 'keys'), path.join(dataDir, 'keys'), { recursive: true });
    const restored = await start(t, { dataDir, settings: origin });
    await accepts('extends', `${restored.url}/log/public`, key, seen);
    await restored.stopCleanly();
  });

  test('is not signed where the keys have signed more than the backup holds', async (t) => {
    const { home, server, token, made } = await loggedBackup(t);
    await publishOne(server, token, 'later', '1.0.0');
    await settled(server);
    await server.stopCleanly();
    const dataDir = path.join(home, 'restored');
    assert.equal((await restore(made.path, dataDir)).code, 0);
    await cp(path.join(server.dataDir, 'keys'), path.join(dataDir, 'keys'), { recursive: true });
    const refused = await kontor(['serve', '--port', '0', '--data-dir', dataDir]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /The database is older than its public log/);
  });

  test('is not restored where a tile was changed', async (t) => {
    const { home, server, made } = await loggedBackup(t);
    await server.stopCleanly();
    const tile = path.join(made.path, 'log/public/tile/entries/000');
    const bytes = await readFile(tile);
    await rm(tile);
    await writeFile(tile, Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1) ^ 1)]));
    const refused = await restore(made.path, path.join(home, 'restored'));
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /entries\/000 is not what was backed up/);
  });
});
