// Clause 12 with the keys in a process of their own: it dies, or its disk refuses, at each call that
// changes what it remembers of the heads it signed, and the server goes on. No second history is
// ever signed.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folder } from '../process/support/kontor.mjs';
import { start } from '../process/support/server.mjs';
import { accepts, build, remove } from '../process/support/verifier.mjs';
import { startSignerWithFaults } from './support/faults.mjs';
import { publishSome, Recorder, settled } from './support/recorder.mjs';
import { assertSound } from './support/store.mjs';

const rounds = Number(process.env.KONTOR_LOG_ROUNDS ?? 24);
const widest = 8; // calls by which a head is remembered; later ones are of the next head

before(build);
after(remove);

async function world(t) {
  const home = await folder(t);
  await mkdir(path.join(home, 'seen'));
  const place = { keys: path.join(home, 'keys'), socket: path.join(home, 'signer.sock'), origin: 'registry.example' };
  const startSigner = () => startSignerWithFaults(t, home, place);
  const held = await startSigner();
  const settings = { 'transparency.interval': '50ms', 'signing.process': 'external', 'signing.socket': place.socket };
  const server = await start(t, { cwd: home, settings });
  const key = (await server.get('/log/public/vkey')).text.trim();
  return { server, key, token: await server.token(), recorder: new Recorder(path.join(home, 'seen')), held, startSigner };
}

// All that was ever seen is in what is served at the end, and the store is whole.
async function checkAll({ server, key, recorder }) {
  await settled(server, recorder);
  await accepts('all', `${server.url}/log/public`, key);
  await recorder.check(server, key);
  await server.stopCleanly();
  await assertSound(server.dataDir);
}

test(`${rounds} rounds of kill -9 of the signer fork no log`, async (t) => {
  const all = await world(t);
  const { server, key, token, recorder, startSigner } = all;
  let { signer, faults } = all.held;
  let killed = 0;
  for (let round = 0; round < rounds; ++round) {
    await faults.killAt(round % widest);
    let published = false;
    const publishing = publishSome(server, token, round).then(() => (published = true));
    while (!signer.over && !published) await recorder.look(server);
    if (!signer.over) await Promise.race([settled(server, recorder), signer.ended]);
    await faults.disarm();
    if (signer.over) {
      ++killed;
      assert.equal((await signer.ended).signal, 'SIGKILL');
      ({ signer, faults } = await startSigner());
    }
    await publishing;
    await settled(server, recorder);
    await recorder.check(server, key, 3);
  }
  assert.ok(killed >= Math.min(rounds, 6), `${killed} of ${rounds} were killed`);
  await checkAll(all);
  t.diagnostic(`${killed} kills, ${recorder.seen.size} checkpoints seen`);
});

for (const error of ['EIO', 'ENOSPC'])
  test(`a disk of the signer that says ${error} delays the log and forks none`, async (t) => {
    const all = await world(t);
    const { server, key, token, recorder } = all;
    const { faults } = all.held;
    let met = 0;
    for (let round = 0; round < rounds; ++round) {
      await faults.failOne(error, round % widest);
      await publishSome(server, token, round);
      await settled(server, recorder);
      met += (await faults.state()).failed;
      await faults.disarm();
      await recorder.check(server, key, 2);
    }
    assert.ok(met >= Math.min(rounds, 6), `${met} faults were met`);
    await checkAll(all);
  });
