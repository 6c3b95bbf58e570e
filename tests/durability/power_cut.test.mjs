// Clause 2: bytes and names that were not synced are dropped at random points.
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { folder } from '../process/support/kontor.mjs';
import { archive, download, publishBytes } from '../process/support/ori.mjs';
import { packed, publish } from '../process/support/packages.mjs';
import { start } from '../process/support/server.mjs';
import { startWithFaults } from './support/faults.mjs';
import { Disk, diskAfter, records, seeded } from './support/power_cut.mjs';
import { assertSound, assertWhole, fsck } from './support/store.mjs';

const cuts = Number(process.env.KONTOR_POWER_CUTS ?? 15);
const seed = Number(process.env.KONTOR_SEED ?? randomInt(2 ** 32));
const clients = 8;
const publishes = 12; // of each client

// Notes with each answer how long the trace was when it had come: what a cut must have kept.
async function publishMany(server, faults, token, client, tries) {
  for (let i = 0; i < publishes; ++i) {
    const manifest = { name: i % 2 ? 'shared' : `own-${client}`, version: `1.${client}.${i}` };
    const attempt = { manifest, tarball: packed(manifest, { 'random.bin': randomBytes(randomInt(1, 30_000)) }) };
    tries.push(attempt);
    const answer = await publish(server, token, manifest, { tarball: attempt.tarball });
    assert.equal(answer.status, 201, answer.text);
    attempt.answeredAt = (await faults.state()).traced;
  }
}

// Ori's archives lie in folders that are made for them.
async function publishArchives(server, faults, token, client, archives) {
  for (let i = 0; i < publishes / 3; ++i) {
    const pack = { name: `@power/own-${client}`, version: `1.0.${i}` };
    const attempt = { pack, bytes: archive({ ...pack, files: { 'src/random.txt': randomBytes(randomInt(1, 9000)).toString('hex') } }) };
    archives.push(attempt);
    const answer = await publishBytes(server, pack.name, attempt.bytes, token);
    assert.equal(answer.status, 201, answer.text);
    attempt.answeredAt = (await faults.state()).traced;
  }
}

async function recordedRun(t, home) {
  const trace = path.join(home, 'trace');
  const { server, faults } = await startWithFaults(t, home, { trace });
  const token = await server.token();
  const first = (await faults.state()).traced;
  const tries = [];
  const archives = [];
  await Promise.all(Array.from({ length: clients }, (_, i) => publishMany(server, faults, token, i, tries)));
  await Promise.all(Array.from({ length: clients }, (_, i) => publishArchives(server, faults, token, i, archives)));
  const last = (await faults.state()).traced;
  await server.stopCleanly();
  return { trace, first, last, tries, archives };
}

test(`${cuts} power cuts that forget what was not synced lose nothing acknowledged`, async (t) => {
  t.diagnostic(`KONTOR_SEED=${seed}`);
  const random = seeded(seed);
  const home = await folder(t);
  const { trace, first, last, tries, archives } = await recordedRun(t, home);
  for (let cut = 0; cut < cuts; ++cut) {
    const length = Math.floor(first + random() * (last - first));
    const left = path.join(await folder(t), 'left');
    await (await diskAfter(trace, length)).leave(left, random);
    const dataDir = path.join(left, 'data');
    await assertSound(dataDir);
    const server = await start(t, { dataDir });
    for (const attempt of tries)
      await assertWhole(server, { ...attempt, acknowledged: attempt.answeredAt <= length });
    for (const { pack, bytes, answeredAt } of archives) {
      const sent = await download(server, pack);
      if (answeredAt <= length || sent.status === 200) assert.ok(sent.bytes.equals(bytes), `${pack.name}@${pack.version}: ${sent.status}`);
    }
    await server.stopCleanly();
    await rm(left, { recursive: true });
  }
});

// A server that never synced its blobs' folder would lose names: the model shows it.
test('the model would notice a server that does not sync the names of its blobs', async (t) => {
  const home = await folder(t);
  const { trace, last } = await recordedRun(t, home);
  const disk = new Disk();
  for (const record of records(await readFile(trace), last))
    if (!(record.call === 'sync' && record.file.endsWith('/sha256'))) disk.run(record);
  const left = path.join(home, 'left');
  await disk.leave(left, () => 0);
  const { code, faults } = await fsck(path.join(left, 'data'));
  assert.equal(code, 4);
  assert.ok(faults.some(({ text }) => text.startsWith('The archive is missing')));
});

// The model itself: a program that does not sync loses what it wrote.
function diskOf(...calls) {
  const disk = new Disk();
  for (const [call, file, { inode = '1', offset = 0, text = '', other = '' } = {}] of calls)
    disk.run({ call, file, inode, offset, data: Buffer.from(text), other });
  return disk;
}

test('the model forgets a name whose folder was not synced, and keeps one whose folder was', () => {
  const unsynced = diskOf(['create', '/a'], ['write', '/a', { text: 'bytes' }], ['sync', '/a']);
  assert.deepEqual([...unsynced.root.left(() => 0).keys()], []);
  unsynced.root.sync();
  assert.deepEqual([...unsynced.root.left(() => 0).keys()], ['a']);
});

test('the model forgets bytes that were not synced, also of a file that was renamed into place', () => {
  const disk = diskOf(['create', '/a'], ['write', '/a', { text: 'bytes' }], ['rename', '/a', { other: '/b' }]);
  disk.root.sync();
  const [[name, file]] = disk.root.left(() => 0);
  assert.equal(name, 'b');
  assert.equal(file.left(() => 0).length, 0);
  assert.equal(file.left(() => 0.99).toString(), 'bytes');
  file.sync();
  assert.equal(file.left(() => 0).toString(), 'bytes');
});

test('the model tears a write that was not synced', () => {
  const disk = diskOf(['create', '/a'], ['write', '/a', { text: 'x'.repeat(2000) }]);
  const [[, file]] = disk.root.left(() => 0.99);
  assert.equal(file.left(() => 0.5).length, 1024);
});
