// Clause 1 of docs/durability.md: kill -9 at random moments under 32 publishing clients.
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import path from 'node:path';
import { test } from 'node:test';
import { staged } from '../process/support/data.mjs';
import { folder } from '../process/support/kontor.mjs';
import { packed, publish } from '../process/support/packages.mjs';
import { start } from '../process/support/server.mjs';
import { assertSound, assertWhole } from './support/store.mjs';

const rounds = Number(process.env.KONTOR_KILL_ROUNDS ?? 10);
const clients = 32;
const roundsOfStore = 30; // then another one: each round reads all of it
const longestWait = 120; // publishes acknowledged before the kill, at most

// Publishes into a package of its own and one shared by all in turn, until the server is gone.
async function publishUntilKilled(server, token, round, client, tries, acknowledged) {
  for (let i = 0; ; ++i) {
    const manifest = { name: i % 2 ? 'shared' : `own-${client}`, version: `${round}.${client}.${i}` };
    const attempt = { manifest, tarball: packed(manifest, { 'random.bin': randomBytes(randomInt(1, 30_000)) }) };
    tries.push(attempt);
    const answer = await publish(server, token, manifest, { tarball: attempt.tarball }).catch(() => null);
    if (!answer) return;
    assert.equal(answer.status, 201, answer.text);
    attempt.acknowledged = true;
    acknowledged();
  }
}

// Starts on what the last round left, and ends with a killed server. The moment is random twice:
// after some number of answers, and some turns of this process later.
async function round(t, dataDir, number) {
  const server = await start(t, { dataDir, cwd: path.dirname(dataDir) });
  const token = await server.token();
  const tries = [];
  let left = randomInt(1, longestWait);
  const kill = (turns) => (turns > 0 ? setImmediate(kill, turns - 1) : server.stop('SIGKILL'));
  const acknowledged = () => --left === 0 && kill(randomInt(0, 20));
  await Promise.all(
    Array.from({ length: clients }, (_, i) => publishUntilKilled(server, token, number, i, tries, acknowledged)),
  );
  assert.equal((await server.child.ended).signal, 'SIGKILL');
  return tries;
}

// What was not acknowledged is there whole or not at all, and can be published again.
async function assertRepeatable(server, tries) {
  const token = await server.token();
  for (const { manifest, tarball, acknowledged } of tries) {
    if (acknowledged) continue;
    const again = await publish(server, token, manifest, { tarball });
    assert.equal(again.status, 201, again.text);
  }
}

// As many rounds on one store. Yields how many publishes were acknowledged and are stored.
async function roundsOnOneStore(t, count) {
  const dataDir = path.join(await folder(t), 'data');
  const again = { dataDir, cwd: path.dirname(dataDir) };
  const kept = [];
  let acknowledged = 0;
  for (let number = 1; number <= count; ++number) {
    const tries = await round(t, dataDir, number);
    acknowledged += tries.filter((attempt) => attempt.acknowledged).length;
    await assertSound(dataDir); // before any server has opened it again
    const server = await start(t, again);
    assert.deepEqual(await staged(server), [], 'the start sweeps what was being uploaded');
    for (const attempt of tries) await assertWhole(server, attempt);
    await assertRepeatable(server, tries);
    kept.push(...tries);
    await server.stopCleanly();
  }
  const server = await start(t, again);
  for (const attempt of kept) assert.ok(await assertWhole(server, { ...attempt, acknowledged: true }));
  const shared = (await server.get('/shared')).json;
  const listed = shared?.versions ?? {};
  for (const { manifest } of kept) if (manifest.name === 'shared') assert.ok(listed[manifest.version]);
  if (shared) assert.ok(listed[shared['dist-tags'].latest]);
  await server.stopCleanly();
  const { versions } = await assertSound(dataDir);
  assert.equal(versions, kept.length);
  return { acknowledged, versions };
}

test(`${rounds} rounds of kill -9 under ${clients} publishing clients lose nothing`, async (t) => {
  const sum = { acknowledged: 0, versions: 0 };
  for (let left = rounds; left > 0; left -= roundsOfStore) {
    const { acknowledged, versions } = await roundsOnOneStore(t, Math.min(left, roundsOfStore));
    sum.acknowledged += acknowledged;
    sum.versions += versions;
  }
  t.diagnostic(`${sum.acknowledged} publishes acknowledged, ${sum.versions} versions stored`);
});
