// Clause 12: the process dies, or the disk refuses, at each call that integrating and signing make
// to change it. A client that records every checkpoint it ever sees finds all of them in every
// later one: no second history is ever signed.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folder, kontor } from '../process/support/kontor.mjs';
import { logSize } from '../process/support/log_entries.mjs';
import { publish } from '../process/support/packages.mjs';
import { start } from '../process/support/server.mjs';
import { sql } from '../process/support/sql.mjs';
import { accepts, build, remove } from '../process/support/verifier.mjs';
import { startWithFaults } from './support/faults.mjs';
import { publishSome, Recorder, settled } from './support/recorder.mjs';
import { assertSound } from './support/store.mjs';

const rounds = Number(process.env.KONTOR_LOG_ROUNDS ?? 24);
const settings = { 'transparency.origin': 'registry.example', 'transparency.interval': '50ms' };
const widest = 24; // calls of one publication of the log; later ones begin again with the first

before(build);
after(remove);

// Publishes and records until the server is gone, or the armed call was never reached.
async function workUntil(server, token, round, recorder, done) {
  const publishing = publishSome(server, token, round);
  while (!server.child.over && !(await done())) await recorder.look(server);
  await publishing;
}

for (const below of ['log', 'keys']) {
  test(`${rounds} rounds of kill -9 at the calls that change ${below}/ fork no log`, async (t) => {
    const home = await folder(t);
    await mkdir(path.join(home, 'seen'));
    const recorder = new Recorder(path.join(home, 'seen'));
    let key;
    let killed = 0;
    for (let round = 0; round < rounds; ++round) {
      const { server, faults } = await startWithFaults(t, home, { below, settings });
      const served = (await server.get('/log/public/vkey')).text.trim();
      key ??= served;
      assert.equal(served, key);
      const token = await server.token();
      await settled(server, recorder);
      await recorder.check(server, key, 3);
      await faults.killAt(round % widest);
      await workUntil(server, token, round, recorder, async () => {
        const [leaves] = await sql(server, 'SELECT count(*) FROM log_leaves WHERE id >> 48 = 1').catch(() => [Infinity]);
        return (await faults.state()).failed > 0 || (await logSize(server).catch(() => 0)) >= leaves;
      });
      await faults.disarm();
      if ((await faults.state()).failed > 0) {
        ++killed;
        assert.equal((await server.child.ended).signal, 'SIGKILL');
      } else {
        await server.stopCleanly();
      }
      await server.child.ended;
    }
    assert.ok(killed >= Math.min(rounds, 6), `${killed} of ${rounds} were killed`);
    const server = await start(t, { dataDir: path.join(home, 'data'), settings });
    await settled(server, recorder);
    await accepts('all', `${server.url}/log/public`, key);
    await recorder.check(server, key);
    await server.stopCleanly();
    const verified = await kontor(['log', 'verify', '--data-dir', server.dataDir, '--key', key]);
    assert.equal(verified.code, 0, verified.stderr);
    await assertSound(server.dataDir);
    t.diagnostic(`${killed} kills, ${recorder.seen.size} checkpoints seen`);
  });

  for (const error of ['EIO', 'ENOSPC']) {
    test(`a disk that says ${error} at the calls that change ${below}/ delays the log and forks none`, async (t) => {
      const home = await folder(t);
      await mkdir(path.join(home, 'seen'));
      const recorder = new Recorder(path.join(home, 'seen'));
      const { server, faults } = await startWithFaults(t, home, { below, settings });
      const key = (await server.get('/log/public/vkey')).text.trim();
      const token = await server.token();
      let met = 0;
      for (let at = 0; at < rounds; ++at) {
        await settled(server, recorder);
        await faults.failOne(error, at % widest);
        for (let i = 0; i < 3; ++i) {
          const answer = await publish(server, token, { name: `pkg-${at % 7}`, version: `${at}.0.${i}` });
          assert.equal(answer.status, 201, 'publishing does not depend on the log being published');
        }
        await settled(server, recorder);
        met += (await faults.state()).failed;
        await faults.disarm();
        await recorder.check(server, key, 2);
      }
      assert.ok(met >= Math.min(rounds, 6), `${met} faults were met`);
      await accepts('all', `${server.url}/log/public`, key);
      await recorder.check(server, key);
      await server.stopCleanly();
      await assertSound(server.dataDir);
    });
  }
}
