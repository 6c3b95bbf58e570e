// Where artifacts lie: under their digest, and by Progy's key as another name of the same file.
import assert from 'node:assert/strict';
import { access, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { folder, kontor } from './support/kontor.mjs';
import { artifact, download, publishBytes, publishCourse, sha256 } from './support/progy.mjs';
import { start } from './support/server.mjs';

const course = { name: '@diego/rust-mastery', version: '1.0.0' };
const key = ({ name, version }) => `packages/${name}/v${version}.progy`;
const blob = (server, name) => path.join(server.dataDir, 'blobs', name);
const isThere = (file) => access(file).then(() => true, () => false);

// That the key holds these bytes, which are in the store once.
async function assertStored(server, what, bytes = artifact(what)) {
  const named = blob(server, key(what));
  assert.deepEqual(await readFile(named), bytes);
  const [file, content] = [await stat(named), await stat(blob(server, `sha256/${sha256(bytes)}`))];
  assert.deepEqual([file.ino, file.nlink], [content.ino, 2]);
}

const fsck = async (dataDir) => {
  const checked = await kontor(['fsck', '--data-dir', dataDir]);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
};

test('an artifact lies at its key as long as its version is there', async (t) => {
  const server = await start(t);
  const diego = await server.user('diego');
  assert.equal((await publishCourse(server, course, diego)).status, 200);
  await assertStored(server, course);
  const renamed = await server.request('POST', '/registry/users/diego/rename', { token: diego, body: { name: 'don' } });
  assert.equal(renamed.status, 200, renamed.text);
  const moved = { ...course, name: '@don/rust-mastery' };
  await assertStored(server, moved, artifact(course));
  assert.equal(await isThere(blob(server, key(course))), false);
  const removed = await server.request('DELETE', '/registry/packages/@don%2Frust-mastery', { token: diego });
  assert.equal(removed.status, 200, removed.text);
  assert.equal(await isThere(blob(server, key(moved))), false);
  await server.stopCleanly();
  await fsck(server.dataDir);
});

test('an artifact that is replaced stays under its digest', async (t) => {
  const server = await start(t, { settings: { 'progy.allowForce': true } });
  const diego = await server.user('diego');
  assert.equal((await publishCourse(server, course, diego)).status, 200);
  const other = artifact({ ...course, files: { 'content/more.md': 'more' } });
  const forced = await publishBytes(server, { ...course, force: true }, other, await server.token());
  assert.equal(forced.status, 200, forced.text);
  await assertStored(server, course, other);
  assert.deepEqual(await readFile(blob(server, `sha256/${sha256(artifact(course))}`)), artifact(course));
  await server.stopCleanly();
});

test('a start makes the keys what the rows say, also after a restore', async (t) => {
  const server = await start(t);
  const diego = await server.user('diego');
  const next = { ...course, version: '1.1.0' };
  for (const one of [course, next]) assert.equal((await publishCourse(server, one, diego)).status, 200);
  await server.stopCleanly();
  await rm(blob(server, key(course)));
  await mkdir(blob(server, 'packages/@nobody/gone'), { recursive: true });
  await writeFile(blob(server, 'packages/@nobody/gone/v1.0.0.progy'), 'left behind');
  const again = await start(t, { dataDir: server.dataDir });
  for (const one of [course, next]) await assertStored(again, one);
  assert.equal(await isThere(blob(again, 'packages/@nobody')), false);
  await again.stopCleanly();

  const home = await folder(t);
  const made = await kontor(['backup', 'create', '--to', home, '--data-dir', server.dataDir, '--json']);
  assert.equal(made.code, 0, made.stderr);
  const dataDir = path.join(home, 'restored');
  const restored = await kontor(['backup', 'restore', JSON.parse(made.stdout).path, '--data-dir', dataDir]);
  assert.equal(restored.code, 0, restored.stderr);
  const back = await start(t, { dataDir });
  for (const one of [course, next]) {
    assert.deepEqual(await readFile(blob(back, key(one))), artifact(one));
    assert.deepEqual((await download(back, one)).bytes, artifact(one));
  }
  await back.stopCleanly();
  await fsck(dataDir);
});
