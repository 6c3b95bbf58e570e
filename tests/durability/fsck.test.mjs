// Clause 9: kontor fsck finds what was done to a store, says what it would do, and makes anew only
// what is derived.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { environment, kontor, run } from '../process/support/kontor.mjs';
import { packed, publish } from '../process/support/packages.mjs';
import { start } from '../process/support/server.mjs';
import { fsck } from './support/store.mjs';

const versions = ['1.0.0', '1.1.0'];

// A stopped store with a package of two versions. Yields its folder and where their archives are.
async function store(t) {
  const server = await start(t);
  const token = await server.token();
  const archives = [];
  for (const version of versions) {
    const manifest = { name: '@acme/pkg', version, description: 'a package', keywords: ['one'] };
    const tarball = packed(manifest);
    assert.equal((await publish(server, token, manifest, { tarball, access: 'public' })).status, 201);
    archives.push(path.join(server.dataDir, 'blobs/sha256', createHash('sha256').update(tarball).digest('hex')));
  }
  await server.stopCleanly();
  return { dataDir: server.dataDir, archives };
}

async function flipBit(file, at) {
  const handle = await open(file, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, at);
  byte[0] ^= 1;
  await handle.write(byte, 0, 1, at);
  await handle.close();
}

const texts = ({ faults }) => faults.map(({ fault, subject, text }) => `${fault} ${subject}: ${text}`);

test('a sound store has no faults, stopped or in use', async (t) => {
  const { dataDir } = await store(t);
  const stopped = await fsck(dataDir);
  assert.deepEqual([stopped.code, stopped.faults], [0, []]);
  assert.equal(stopped.summary.versions, 2);
  const server = await start(t, { dataDir });
  const used = await fsck(dataDir);
  assert.deepEqual([used.code, used.faults], [0, []]);
  const refused = await fsck(dataDir, '--repair');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /stop it before a repair/);
  await server.stopCleanly();
});

test('a flipped bit is found, named, and left as it is', async (t) => {
  const { dataDir, archives } = await store(t);
  await flipBit(archives[1], 40);
  const damaged = await readFile(archives[1]);
  for (const args of [[], ['--repair'], ['--rebuild']]) {
    const found = await fsck(dataDir, ...args);
    assert.equal(found.code, 4);
    assert.equal(found.faults.length, 1);
    assert.match(texts(found)[0], /^damage npm:@acme\/pkg@1\.1\.0: The archive's bytes have changed/);
  }
  assert.deepEqual(await readFile(archives[1]), damaged);
});

test('a missing file and a cut one are damage', async (t) => {
  const { dataDir, archives } = await store(t);
  await rm(archives[0]);
  await writeFile(archives[1], (await readFile(archives[1])).subarray(0, 100));
  const found = await fsck(dataDir);
  assert.equal(found.code, 4);
  assert.match(texts(found)[0], /pkg@1\.0\.0: The archive is missing/);
  assert.match(texts(found)[1], /pkg@1\.1\.0: The archive's bytes have changed/);
});

test('orphans and unfinished uploads are reported and are no fault', async (t) => {
  const { dataDir } = await store(t);
  const orphan = 'ab'.repeat(32);
  await writeFile(path.join(dataDir, 'blobs/sha256', orphan), 'nobody');
  await writeFile(path.join(dataDir, 'blobs/staging', 'cd'.repeat(16)), 'unfinished');
  const found = await fsck(dataDir);
  assert.equal(found.code, 0);
  assert.deepEqual(texts(found), [
    `leftover blob ${orphan}: No version names it (6 bytes).`,
    'leftover uploads: 1 were never finished (10 bytes).',
  ]);
  const repaired = await fsck(dataDir, '--repair');
  assert.equal(repaired.summary.leftovers, 0);
  assert.equal(repaired.summary.orphans, 1);
  assert.equal((await fsck(dataDir)).faults.length, 1);
});

// SQL behind the store's back, by Python's own SQLite.
async function sql(dataDir, script) {
  const program = 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()';
  const { code, stderr } = await run('python3', ['-c', program, path.join(dataDir, 'kontor.db'), script]);
  assert.equal(code, 0, stderr);
}

const stale = {
  'a stale abbreviated manifest': ["UPDATE abbreviated SET fragment = '{}'", 2, /abbreviated manifest/],
  'a stale search entry': ["UPDATE search_entries SET document = '{}'", 1, /search entry/],
  'a stale row of the search index': ["UPDATE search_texts SET description = 'other'", 1, /search index is stale/],
};

for (const [what, [script, count, text]] of Object.entries(stale)) {
  test(`${what} is found, and made anew when asked`, async (t) => {
    const { dataDir } = await store(t);
    await sql(dataDir, script);
    const found = await fsck(dataDir);
    assert.equal(found.code, 3);
    assert.equal(found.summary.stale, count);
    for (const fault of found.faults) assert.match(fault.text, text);
    assert.ok(found.faults.every(({ mended, remedy }) => !mended && remedy.length > 0));
    const repaired = await fsck(dataDir, '--repair');
    assert.deepEqual([repaired.code, repaired.summary.stale], [0, 0]);
    assert.ok(repaired.summary.mended > 0);
    assert.deepEqual((await fsck(dataDir)).faults, []);
    const server = await start(t, { dataDir });
    const hits = (await server.get('/-/v1/search?text=package')).json.objects;
    assert.equal(hits[0].package.name, '@acme/pkg');
    const short = { headers: { accept: 'application/vnd.npm.install-v1+json' } };
    const document = (await server.get('/@acme%2fpkg', short)).json;
    assert.deepEqual(Object.keys(document.versions), versions);
    assert.equal(document.versions['1.1.0'].version, '1.1.0');
    await server.stopCleanly();
  });
}

test('a lost row and a tag that leads nowhere are damage that no repair hides', async (t) => {
  const { dataDir } = await store(t);
  await sql(dataDir, "DELETE FROM manifests WHERE id = (SELECT min(id) FROM versions); UPDATE tags SET version = '9.9.9'");
  for (const args of [[], ['--rebuild']]) {
    const found = await fsck(dataDir, ...args);
    assert.equal(found.code, 4);
    assert.ok(texts(found).some((line) => line.endsWith('@acme/pkg@1.0.0 has no manifest.')), texts(found));
    assert.ok(texts(found).some((line) => /tag latest.* names 9\.9\.9/.test(line)), texts(found));
  }
});

test('what is no data directory is refused, and none is made', async (t) => {
  const { dataDir } = await store(t);
  const found = await kontor(['fsck', '--data-dir', `${dataDir}/nothing`], { env: environment() });
  assert.equal(found.code, 1);
  assert.match(found.stderr, /is not a data directory/);
  assert.equal((await run('ls', [`${dataDir}/nothing`])).code, 2);
});

test('a check beside a server sees no faults in packages that come, change and go meanwhile', async (t) => {
  const server = await start(t);
  const token = await server.token();
  let checking = true;
  const client = async (number) => {
    for (let i = 0; checking; ++i) {
      const name = `pkg-${number}-${i % 3}`;
      const answer = await publish(server, token, { name, version: `1.${i}.0` });
      assert.equal(answer.status, 201, answer.text);
      if (i % 3 !== 2) continue;
      const { _rev: rev } = (await server.get(`/${name}`)).json;
      assert.equal((await server.request('DELETE', `/${name}/-rev/${rev}`, { token })).status, 200);
    }
  };
  const clients = Promise.all([1, 2, 3, 4].map(client));
  const collected = async () => {
    while (checking)
      assert.equal((await server.request('POST', '/-/kontor/v1/gc', { token, body: { grace_seconds: 0 } })).status, 200);
  };
  const collecting = collected();
  const checks = [];
  for (let i = 0; i < 4; ++i) checks.push(await fsck(server.dataDir));
  checking = false;
  await Promise.all([clients, collecting]);
  for (const found of checks) {
    assert.deepEqual(found.faults.filter(({ fault }) => fault !== 'leftover'), []);
    assert.equal(found.code, 0);
  }
  assert.ok(checks.at(-1).summary.versions > 0);
  await server.stopCleanly();
});
