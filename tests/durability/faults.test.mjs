// Clause 3: each call that a publish makes to change the disk fails in turn.
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { test } from 'node:test';
import { folder } from '../process/support/kontor.mjs';
import { packed, publish } from '../process/support/packages.mjs';
import { startWithFaults } from './support/faults.mjs';
import { assertSound, assertWhole } from './support/store.mjs';

const mostCalls = 200; // a publish that makes more is not one that this test understands

function attempt(name, version) {
  const manifest = { name, version, description: 'a package', keywords: ['one'] };
  return { manifest, tarball: packed(manifest, { 'random.bin': randomBytes(20_000) }) };
}

async function send(server, token, tried) {
  const answer = await publish(server, token, tried.manifest, { tarball: tried.tarball });
  tried.acknowledged = answer.status === 201;
  return answer;
}

function assertClear(answer, error, call) {
  assert.ok(answer.status >= 500, `${call}: ${answer.status} ${answer.text}`);
  if (error === 'ENOSPC') assert.equal(answer.status, 507, `${call}: ${answer.text}`);
  assert.match(answer.headers['kontor-error-code'], /^storage_(full|failed)$/);
  assert.ok(answer.json.error.length > 20 && !/errno|\/|sqlite/i.test(answer.json.error), answer.json.error);
}

// One publish for each call that it could fail at, until one gets through without meeting its fault.
async function failEachCall(server, faults, token, error) {
  const tries = [];
  const refused = new Set();
  for (let at = 0; ; ++at) {
    assert.ok(at < mostCalls);
    const tried = attempt(at % 2 ? 'shared' : `fresh-${error.toLowerCase()}-${at}`, `1.0.${at}`);
    tries.push(tried);
    await faults.failOne(error, at);
    const answer = await send(server, token, tried);
    const { failed, last } = await faults.state();
    await faults.disarm();
    if (failed === 0) {
      assert.equal(answer.status, 201, answer.text);
      return { tries, refused };
    }
    if (answer.status !== 201) {
      assertClear(answer, error, last);
      refused.add(last);
    }
    const next = attempt('after', `${error === 'EIO' ? 1 : 2}.0.${at}`);
    tries.push(next);
    assert.equal((await send(server, token, next)).status, 201, `a publish after ${last} failed`);
    if (answer.status !== 201) assert.equal((await send(server, token, tried)).status, 201, `again after ${last}`);
  }
}

for (const error of ['EIO', 'ENOSPC']) {
  test(`a publish whose disk says ${error} at any call is refused clearly and can be repeated`, async (t) => {
    const home = await folder(t);
    const { server, faults } = await startWithFaults(t, home);
    const token = await server.token();
    const { tries, refused } = await failEachCall(server, faults, token, error);
    for (const call of ['open', 'write', 'fsync', 'rename', 'pwrite'])
      assert.ok(refused.has(call), `no publish was refused for ${call}: ${[...refused]}`);
    for (const tried of tries) await assertWhole(server, tried);
    await server.assertHealthy();
    await server.stopCleanly();
    await assertSound(server.dataDir);
    t.diagnostic(`${tries.length} publishes, refused at ${[...refused].join(', ')}`);
  });
}

// Publishes are stored together, so a call that fails may belong to many of them.
const crowd = 16;
const rounds = Number(process.env.KONTOR_FAULT_ROUNDS ?? 20);

test(`of ${crowd} publishes at once some fail with the disk, and none is lost or half there`, async (t) => {
  const { server, faults } = await startWithFaults(t, await folder(t));
  const token = await server.token();
  const tries = [];
  let refused = 0;
  for (let round = 0; round < rounds; ++round) {
    const error = round % 2 ? 'EIO' : 'ENOSPC';
    await faults.failOne(error, randomInt(8 * crowd));
    const some = Array.from({ length: crowd }, (_, i) => attempt(i % 2 ? 'shared' : `own-${i}`, `1.${round}.${i}`));
    const answers = await Promise.all(some.map((tried) => send(server, token, tried)));
    const { last } = await faults.state();
    await faults.disarm();
    for (const answer of answers.filter(({ status }) => status !== 201)) assertClear(answer, error, last);
    const again = some.filter((tried) => !tried.acknowledged);
    refused += again.length;
    for (const tried of again) assert.equal((await send(server, token, tried)).status, 201, `again after ${last}`);
    tries.push(...some);
  }
  assert.ok(refused > 0, 'no publish met a fault');
  for (const tried of tries) await assertWhole(server, tried);
  await server.assertHealthy();
  await server.stopCleanly();
  assert.equal((await assertSound(server.dataDir)).versions, tries.length);
  t.diagnostic(`${refused} of ${tries.length} publishes refused`);
});
