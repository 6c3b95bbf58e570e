// Clause 1 of docs/durability.md: kill -9 at random moments under 32 publishing clients.
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import path from 'node:path';
import { test } from 'node:test';
import { folder } from '../process/support/kontor.mjs';
import { packed, publish } from '../process/support/packages.mjs';
import { start } from '../process/support/server.mjs';
import { assertSound, assertWhole } from './support/store.mjs';

const rounds = Number(process.env.KONTOR_KILL_ROUNDS ?? 10);
const clients = 32;
const remembered = 2000; // versions of earlier rounds that are read again at the end, at most
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

test(`${rounds} rounds of kill -9 under ${clients} publishing clients lose nothing`, async (t) => {
  const dataDir = `${await folder(t)}/data`;
  const again = { dataDir, cwd: path.dirname(dataDir) };
  let kept = []; // the newest that are there
  let stored = 0;
  let acknowledged = 0;
  for (let number = 1; number <= rounds; ++number) {
    const tries = await round(t, dataDir, number);
    acknowledged += tries.filter((attempt) => attempt.acknowledged).length;
    await assertSound(dataDir); // before any server has opened it again
    const server = await start(t, again);
    const whole = [];
    for (const attempt of tries) if (await assertWhole(server, attempt)) whole.push(attempt);
    await server.stopCleanly();
    stored += whole.length;
    kept = [...kept, ...whole].slice(-remembered);
  }
  const server = await start(t, again);
  for (const attempt of kept) assert.ok(await assertWhole(server, { ...attempt, acknowledged: true }));
  const { versions: listed } = (await server.get('/shared')).json;
  for (const { manifest } of kept.filter((one) => one.manifest.name === 'shared')) assert.ok(listed[manifest.version]);
  await server.stopCleanly();
  const { versions } = await assertSound(dataDir);
  assert.equal(versions, stored);
  t.diagnostic(`${acknowledged} publishes acknowledged, ${versions} versions stored`);
});
