// kill -9 while courses are published: what was acknowledged is there whole, what was not is there
// whole or not at all, and can be published.
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import path from 'node:path';
import { test } from 'node:test';
import { staged } from '../process/support/data.mjs';
import { folder } from '../process/support/kontor.mjs';
import { artifact, download, publishBytes, sha256 } from '../process/support/progy.mjs';
import { start } from '../process/support/server.mjs';
import { available, startWithFaults } from './support/faults.mjs';
import { assertSound } from './support/store.mjs';

const rounds = Number(process.env.KONTOR_KILL_ROUNDS ?? 5);
const clients = 8;

async function publishUntilKilled(server, token, round, client, tries, acknowledged) {
  for (let i = 0; ; ++i) {
    const course = { name: i % 2 ? '@admin/shared' : `@admin/own-${client}`, version: `${round}.${client}.${i}` };
    const noise = randomBytes(randomInt(1, 200_000)).toString('base64');
    const attempt = { course, bytes: artifact({ ...course, files: { 'content/noise': noise } }) };
    tries.push(attempt);
    const answer = await publishBytes(server, course, attempt.bytes, token).catch(() => null);
    if (!answer) return;
    assert.equal(answer.status, 200, answer.text);
    attempt.acknowledged = true;
    acknowledged();
  }
}

async function round(t, dataDir, number) {
  const server = await start(t, { dataDir, cwd: path.dirname(dataDir) });
  const token = await server.token();
  const tries = [];
  let left = randomInt(1, 40);
  const kill = (turns) => (turns > 0 ? setImmediate(kill, turns - 1) : server.stop('SIGKILL'));
  const acknowledged = () => --left === 0 && kill(randomInt(0, 20));
  await Promise.all(
    Array.from({ length: clients }, (_, i) => publishUntilKilled(server, token, number, i, tries, acknowledged)),
  );
  assert.equal((await server.child.ended).signal, 'SIGKILL');
  return tries;
}

async function assertWhole(server, token, { course, bytes, acknowledged }) {
  const got = await download(server, course);
  if (acknowledged) assert.equal(got.status, 200, got.text);
  if (got.status === 200) {
    assert.equal(sha256(got.bytes), sha256(bytes));
    assert.equal(got.headers['x-checksum-sha256'], sha256(bytes));
    return;
  }
  assert.equal(got.status, 404, got.text);
  const again = await publishBytes(server, course, bytes, token);
  assert.equal(again.status, 200, again.text);
}

test('on a full disk a publish is refused as section 9 has it, and nothing is lost', { skip: !available }, async (t) => {
  const { server, faults } = await startWithFaults(t, await folder(t));
  const token = await server.token();
  const course = (version) => ({ name: '@admin/rust', version });
  const publish = (version) => publishBytes(server, course(version), artifact(course(version)), token);
  assert.equal((await publish('1.0.0')).status, 200);
  await faults.failAll('ENOSPC', { spareUnlink: true });
  const refused = await publish('1.1.0');
  assert.equal(refused.status, 500, refused.text);
  assert.deepEqual([refused.json.code, refused.json.error], ['R2_UPLOAD_FAILED', 'Storage upload failed']);
  assert.equal((await download(server, course('1.0.0'))).status, 200);
  await faults.disarm();
  assert.equal((await publish('1.1.0')).status, 200);
  await server.stopCleanly();
});

test('no acknowledged course is lost, and none is there in part', async (t) => {
  const dataDir = path.join(await folder(t), 'data');
  let acknowledged = 0;
  for (let number = 1; number <= rounds; ++number) {
    const tries = await round(t, dataDir, number);
    acknowledged += tries.filter((attempt) => attempt.acknowledged).length;
    await assertSound(dataDir);
    const server = await start(t, { dataDir, cwd: path.dirname(dataDir) });
    const token = await server.token();
    assert.deepEqual(await staged(server), [], 'the start sweeps what was being uploaded');
    for (const attempt of tries) await assertWhole(server, token, attempt);
    await server.stopCleanly();
  }
  assert.ok(acknowledged >= rounds);
  t.diagnostic(`${acknowledged} acknowledged in ${rounds} rounds`);
});
