// `kontor import`: many tarballs into a data directory at once, seen afterwards by clients.
import assert from 'node:assert/strict';
import { mkdir, watch, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { until } from './support/log_entries.mjs';
import { binary, Child, folder, kontor } from './support/kontor.mjs';
import { fileName, packed, publish } from './support/packages.mjs';
import { start } from './support/server.mjs';
import { assertSound } from '../durability/support/store.mjs';

// A data directory as a first start leaves it, and the command on it.
async function office(t) {
  const server = await start(t);
  await server.stopCleanly();
  const home = await folder(t);
  const put = async (name, bytes) => {
    const file = path.join(home, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
    return file;
  };
  const run = (args, options) => kontor(['import', '--data-dir', server.dataDir, '--json', ...args], options);
  const again = () => start(t, { dataDir: server.dataDir });
  return { home, put, run, again, dataDir: server.dataDir };
}

const counts = ({ stdout }) => {
  const { imported, repeated, refused } = JSON.parse(stdout);
  return { imported, repeated, refused };
};

test('publishes all tarballs below a folder as npm would have', async (t) => {
  const { home, put, run, again, dataDir } = await office(t);
  const manifests = [];
  for (let i = 0; i < 300; ++i)
    for (const version of ['1.0.0', '1.10.0', '1.9.0', '2.0.0-rc.1'])
      manifests.push({ name: i % 2 ? `pkg-${i}` : `@scope/pkg-${i}`, version, description: `number ${i}`, dependencies: { other: '^1.0.0' } });
  const files = { 'index.js': 'module.exports = 1\n', 'README.md': '# read me' };
  for (const manifest of manifests)
    await put(`${manifest.name}/${fileName(manifest)}`, packed(manifest, files));
  await put('pkg-1/notes.txt', 'no tarball');
  const done = await run([home]);
  assert.deepEqual(counts(done), { imported: 1200, repeated: 0, refused: 0 }, done.stderr);
  assert.equal(done.code, 0);
  await assertSound(dataDir);

  const server = await again();
  for (const name of ['pkg-1', '@scope/pkg-298']) {
    const document = (await server.get(`/${name.replace('/', '%2f')}`)).json;
    assert.deepEqual(document['dist-tags'], { latest: '1.10.0' });
    assert.deepEqual(Object.keys(document.versions).sort(), ['1.0.0', '1.10.0', '1.9.0', '2.0.0-rc.1']);
    assert.equal(document.readme, '# read me');
    const version = document.versions['1.9.0'];
    const tarball = await server.get(new URL(version.dist.tarball).pathname);
    assert.ok(tarball.bytes.equals(packed({ name, version: '1.9.0', description: version.description, dependencies: { other: '^1.0.0' } }, files)));
  }

  // The same through npm's own request stores the same.
  const token = await server.token();
  const twin = { name: 'twin', version: '1.10.0', description: 'number 1', dependencies: { other: '^1.0.0' } };
  assert.equal((await publish(server, token, twin, { tarball: packed(twin, files) })).status, 201);
  const plain = ({ json: { versions } }) => {
    const { dist, _id, name, ...rest } = versions['1.10.0'];
    return { ...rest, dist: Object.keys(dist) };
  };
  // What was imported while no server ran is signed by the next one, soon after its start.
  const signed = await until(async () => {
    const answer = await server.get('/pkg-1');
    return Object.values(answer.json.versions).every(({ dist }) => dist.signatures) && answer;
  });
  assert.deepEqual(plain(signed), plain(await server.get('/twin')));
  await server.stopCleanly();
});

test('killed half way, it leaves whole versions and can be run again', async (t) => {
  const { home, put, run, dataDir } = await office(t);
  for (let i = 0; i < 2000; ++i) {
    const manifest = { name: `pkg-${i}`, version: '1.0.0' };
    await put(fileName(manifest), packed(manifest));
  }
  const child = new Child(binary, ['import', '--data-dir', dataDir, home]);
  for await (const { eventType, filename } of watch(dataDir))
    if (eventType === 'change' && filename === 'kontor.db-wal') break; // rows are being committed
  const { signal } = await child.kill('SIGKILL');
  assert.equal(signal, 'SIGKILL');
  await assertSound(dataDir);
  const { imported, repeated, refused } = counts(await run([home]));
  assert.deepEqual([imported + repeated, refused], [2000, 0]);
  assert.ok(imported > 0);
});

test('may be repeated, and says which files it refuses', async (t) => {
  const { put, run, again } = await office(t);
  const good = await put('good.tgz', packed({ name: 'good', version: '1.0.0' }));
  const other = await put('other.tgz', packed({ name: 'good', version: '1.0.0', description: 'changed' }));
  const broken = await put('broken.tgz', 'no gzip');
  const nameless = await put('nameless.tgz', packed({ version: '1.0.0' }));
  assert.deepEqual(counts(await run([good])), { imported: 1, repeated: 0, refused: 0 });
  const done = await run(['-'], { input: `${[good, other, broken, nameless, '/nowhere.tgz'].join('\n')}\n` });
  assert.deepEqual(counts(done), { imported: 0, repeated: 1, refused: 4 });
  assert.equal(done.code, 1);
  for (const file of [other, broken, nameless, '/nowhere.tgz']) assert.ok(done.stderr.includes(`${file}: `), done.stderr);
  assert.match(done.stderr, /previously published versions: 1\.0\.0/);
  const server = await again();
  assert.equal((await server.get('/good')).json.versions['1.0.0'].description, undefined);
  await server.stopCleanly();
});

test('keeps new packages from others where it is told to, and names owners that are not there', async (t) => {
  const { put, run, again } = await office(t);
  const file = await put('hidden.tgz', packed({ name: 'hidden', version: '1.0.0' }));
  const stranger = await run([file, '--owner', 'nobody']);
  assert.equal(stranger.code, 1);
  assert.match(stranger.stderr, /no account nobody/);
  assert.deepEqual(counts(await run([file, '--access', 'restricted'])), { imported: 1, repeated: 0, refused: 0 });
  const server = await again();
  assert.equal((await server.get('/hidden')).status, 404);
  assert.equal((await server.get('/hidden', { token: await server.token() })).status, 200);
  const meanwhile = await run([file]);
  assert.equal(meanwhile.code, 1);
  assert.match(meanwhile.stderr, /another server|in use|holds/i);
  await server.stopCleanly();
});
