// Clause 10: orphans are collected while publishes go on, and none that a publish counts on.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { committed } from '../process/support/data.mjs';
import { environment, kontor } from '../process/support/kontor.mjs';
import { packed, publish } from '../process/support/packages.mjs';
import { start } from '../process/support/server.mjs';
import { assertSound, assertWhole } from './support/store.mjs';

const publishes = Number(process.env.KONTOR_GC_PUBLISHES ?? 1500);
const clients = 16;

async function putOrphan(server, ageInHours = 0, bytes = randomBytes(1000)) {
  const name = createHash('sha256').update(bytes).digest('hex');
  const file = path.join(server.dataDir, 'blobs/sha256', name);
  await writeFile(`${file}.new`, bytes);
  await rename(`${file}.new`, file);
  const then = new Date(Date.now() - ageInHours * 3_600_000);
  if (ageInHours > 0) await utimes(file, then, then);
  return name;
}

async function gc(server, ...args) {
  const env = environment({ NPM_TOKEN: await server.token() });
  const { code, stdout, stderr } = await kontor(['gc', '--json', '--registry', server.url, ...args], { env });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

test('kontor gc counts orphans, then removes those past the grace period and nothing else', async (t) => {
  const server = await start(t);
  const token = await server.token();
  const kept = { manifest: { name: 'kept', version: '1.0.0' }, acknowledged: true };
  kept.tarball = packed(kept.manifest);
  assert.equal((await publish(server, token, kept.manifest, { tarball: kept.tarball })).status, 201);
  const old = [await putOrphan(server, 25), await putOrphan(server, 48)];
  const young = await putOrphan(server, 23);

  const counted = await gc(server, '--dry-run');
  assert.deepEqual(
    { orphans: counted.orphans, bytes: counted.orphan_bytes, young: counted.young, removed: counted.removed },
    { orphans: 2, bytes: 2000, young: 1, removed: 0 },
  );
  assert.equal((await committed(server)).length, 4);

  const removed = await gc(server);
  assert.equal(removed.removed, 2);
  assert.equal(removed.removed_bytes, 2000);
  const left = await committed(server);
  assert.ok(left.includes(young) && !left.includes(old[0]) && left.length === 2);
  assert.equal((await gc(server, '--grace', '22h')).removed, 1);
  await assertWhole(server, kept);
  await server.stopCleanly();
  await assertSound(server.dataDir);
});

test('only an administrator may collect', async (t) => {
  const server = await start(t);
  const token = await server.user('ann');
  const orphan = await putOrphan(server, 48);
  assert.equal((await server.request('POST', '/-/kontor/v1/gc', { token, body: {} })).status, 403);
  assert.deepEqual(await committed(server), [orphan]);
  await server.stopCleanly();
});

// Each publish finds its bytes there already, as an orphan that a failed one has left and that a
// collection may be about to remove; every other one is sent twice at once.
async function publishOntoOrphans(server, token, client, tries) {
  for (let i = 0; i < publishes / clients; ++i) {
    const manifest = { name: `pkg-${client}-${i % 10}`, version: `1.${i}.0` };
    const tarball = packed(manifest, { 'random.bin': randomBytes(500) });
    await putOrphan(server, 0, tarball);
    const sent = Array.from({ length: 1 + (i % 2) }, () => publish(server, token, manifest, { tarball }));
    for (const answer of await Promise.all(sent)) assert.equal(answer.status, 201, answer.text);
    const tried = { manifest, tarball, acknowledged: true };
    tries.push(tried);
    await assertWhole(server, tried);
  }
}

test(`${publishes} publishes onto orphans with collections always under way lose none`, async (t) => {
  const server = await start(t);
  const token = await server.token();
  const tries = [];
  let publishing = true;
  let collected = 0;
  const collect = async () => {
    while (publishing) {
      const answer = await server.request('POST', '/-/kontor/v1/gc', { token, body: { grace_seconds: 0 } });
      assert.equal(answer.status, 200, answer.text);
      collected += answer.json.removed;
    }
  };
  const collecting = Promise.all([collect(), collect()]);
  const all = Array.from({ length: clients }, (_, i) => publishOntoOrphans(server, token, i, tries));
  await Promise.all(all).finally(() => (publishing = false));
  await collecting;
  t.diagnostic(`${collected} orphans collected under ${tries.length} publishes`);
  assert.ok(collected > 0, 'no collection met a publish');
  for (const tried of tries) await assertWhole(server, tried);
  await server.stopCleanly();
  assert.equal((await assertSound(server.dataDir)).versions, tries.length);
});

test('the server collects by itself every gc.interval', async (t) => {
  const server = await start(t, { settings: { 'gc.interval': '50ms', 'gc.grace': '1h' } });
  await server.child.event('gc', { removed: 0 });
  const young = await putOrphan(server);
  await putOrphan(server, 2);
  await server.child.event('gc', { removed: 1, bytes: 1000 });
  assert.deepEqual(await committed(server), [young]);
  await server.stopCleanly();
});
