// kill -9 while sixteen clients publish: what was acknowledged is there afterwards, byte for byte;
// what was not is there whole or not at all, and can be published again.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { committed, staged } from './support/data.mjs';
import { folder } from './support/kontor.mjs';
import { fileName, packed, publish } from './support/packages.mjs';
import { start } from './support/server.mjs';

const rounds = 5;
const clients = 16;

// Publishes version after version, into a package of its own and one shared by all in turn, until
// the server is gone. Each try is noted before it is sent.
async function publishUntilKilled(server, token, round, client, tries, acknowledged) {
  for (let i = 0; ; ++i) {
    const name = i % 2 ? 'shared' : `own-${client}`;
    const manifest = { name, version: `${round}.${client}.${i}` };
    const attempt = { manifest, tarball: packed(manifest, { 'random.bin': randomBytes(20_000) }), acknowledged: false };
    tries.push(attempt);
    const answer = await publish(server, token, manifest, { tarball: attempt.tarball }).catch(() => null);
    if (!answer) return;
    assert.equal(answer.status, 201, answer.text);
    attempt.acknowledged = true;
    acknowledged();
  }
}

// Ends with a killed server and the list of what was tried.
async function round(t, dataDir, number) {
  const server = await start(t, { dataDir });
  const token = await server.token();
  const tries = [];
  let left = 30 + 10 * number; // each round ends at another moment
  const acknowledged = () => --left === 0 && server.stop('SIGKILL');
  const all = Array.from({ length: clients }, (_, i) => publishUntilKilled(server, token, number, i, tries, acknowledged));
  await Promise.all(all);
  assert.equal((await server.child.ended).signal, 'SIGKILL');
  return tries;
}

async function assertWhole(server, { manifest, tarball, acknowledged }) {
  const { name, version } = manifest;
  const document = await server.get(`/${name}`);
  const listed = document.status === 200 && Object.hasOwn(document.json.versions, version);
  const file = await server.get(`/${name}/-/${fileName(manifest)}`);
  if (acknowledged) assert.ok(listed, `${name}@${version} was acknowledged and is gone`);
  assert.equal(file.status, listed ? 200 : 404, `${name}@${version} is half there`);
  if (listed) assert.ok(file.bytes.equals(tarball), `${name}@${version} has other bytes`);
  return listed;
}

test(`${rounds} rounds of kill -9 under ${clients} publishing clients lose nothing`, async (t) => {
  const dataDir = `${await folder(t)}/data`;
  const every = [];
  for (let number = 1; number <= rounds; ++number) {
    const tries = await round(t, dataDir, number);
    every.push(...tries);
    const server = await start(t, { dataDir });
    const token = await server.token();
    await server.assertHealthy();
    assert.deepEqual(await staged(server), [], 'the start sweeps what was being uploaded');
    for (const attempt of tries) await assertWhole(server, attempt);
    for (const { manifest, tarball } of tries.filter(({ acknowledged }) => !acknowledged)) {
      const again = await publish(server, token, manifest, { tarball });
      assert.equal(again.status, 201, again.text);
    }
    await server.stopCleanly();
  }

  const server = await start(t, { dataDir });
  for (const attempt of every) assert.ok(await assertWhole(server, { ...attempt, acknowledged: true }));
  const shared = (await server.get('/shared')).json;
  assert.ok(Object.hasOwn(shared.versions, shared['dist-tags'].latest));
  assert.ok((await committed(server)).length >= every.length);
  await server.stopCleanly();
});
