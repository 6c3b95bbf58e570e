// `kontor witness` as a process: what it cosigns, what it refuses, and that it forgets nothing.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { binary, Child, folder, kontor } from './support/kontor.mjs';
import { cosignedAt, TestLog } from './support/tlog.mjs';

const origin = 'registry.example/log/public';

function grown(log, leaves) {
  for (let i = 0; i < leaves; ++i) log.add(`entry ${log.size}\n`);
  log.publish();
  return log;
}

class Witness {
  static async start(t, dir, args) {
    const child = new Child(binary, ['witness', '--dir', dir, '--port', '0', ...args]);
    t.after(() => child.kill('SIGKILL'));
    const started = await child.until(() => /^(\S+)\nwitness listens on port (\d+)\n/.exec(child.stdout), 'its port');
    return Object.assign(new Witness(), { child, vkey: started[1], url: `http://127.0.0.1:${started[2]}` });
  }

  async ask(body) {
    const answer = await fetch(`${this.url}/add-checkpoint`, { method: 'POST', body });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  }
}

test('a growing log is cosigned, over restarts and kill -9', async (t) => {
  const dir = path.join(await folder(t), 'witness');
  const log = new TestLog(origin);
  let old = 0;
  let vkey;
  for (const leaves of [1, 0, 299, 5]) {
    const witness = await Witness.start(t, dir, ['--log', log.key.vkey, ...(vkey ? [] : ['--name', 'witness.example/w1'])]);
    vkey ??= witness.vkey;
    assert.equal(witness.vkey, vkey);
    grown(log, leaves);
    const answer = await witness.ask(log.addCheckpoint(old));
    assert.equal(answer.status, 200, answer.text);
    assert.ok(cosignedAt(answer.text, vkey, log.checkpoint) > 1_700_000_000, answer.text);
    old = log.size;
    const digest = createHash('sha256').update(origin).digest('hex');
    const kept = await fetch(`${witness.url}/${digest}/checkpoint`);
    assert.equal(await kept.text(), log.checkpoint);
    await witness.child.kill('SIGKILL');
  }
  assert.equal((await stat(path.join(dir, 'key'))).mode & 0o777, 0o600);
});

test('a fork, another log and a lost count are answered as the protocol says', async (t) => {
  const log = grown(new TestLog(origin), 300);
  const witness = await Witness.start(t, await folder(t), ['--name', 'w', '--log', log.key.vkey]);
  assert.equal((await witness.ask(log.addCheckpoint(0))).status, 200);

  const lost = await witness.ask(grown(log, 2).addCheckpoint(299));
  assert.deepEqual([lost.status, lost.type, lost.text], [409, 'text/x.tlog.size', '300\n']);

  const fork = new TestLog(origin);
  fork.add('another first entry\n');
  assert.equal((await witness.ask(grown(fork, 299).addCheckpoint(300))).status, 422);
  assert.equal((await witness.ask(grown(fork, 10).addCheckpoint(300))).status, 422);
  const other = grown(new TestLog('other.example/log'), 3);
  assert.equal((await witness.ask(other.addCheckpoint(0))).status, 404);
  const imposter = grown(new TestLog(origin, 'another key'), 310);
  assert.equal((await witness.ask(imposter.addCheckpoint(300))).status, 403);
  assert.equal((await witness.ask('old 1\n')).status, 400);
  assert.equal((await fetch(`${witness.url}/add-checkpoint`)).status, 405);
  assert.equal((await fetch(`${witness.url}/key/checkpoint`)).status, 404);

  assert.equal((await witness.ask(log.addCheckpoint(300))).status, 200);
  const ended = await witness.child.kill('SIGTERM');
  assert.equal(ended.code, 0, ended.stderr);
});

test('concurrent requests never cosign two histories', async (t) => {
  const log = grown(new TestLog(origin), 10);
  const witness = await Witness.start(t, await folder(t), ['--name', 'w', '--log', log.key.vkey]);
  assert.equal((await witness.ask(log.addCheckpoint(0))).status, 200);
  const requests = [];
  for (let i = 0; i < 20; ++i) {
    const branch = new TestLog(origin);
    branch.add(...log.leaves, `branch ${i}\n`);
    branch.publish();
    requests.push(branch.addCheckpoint(10));
  }
  const answers = await Promise.all(requests.map((body) => witness.ask(body)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal(answers.filter(({ status, text }) => status === 409 && text === '11\n').length, 19);
});

test('a witness needs a name once, logs, a whole key and a folder of its own', async (t) => {
  const dir = await folder(t);
  const log = new TestLog(origin);
  const start = (...args) => kontor(['witness', '--dir', dir, '--port', '0', ...args]);
  assert.match((await start('--log', log.key.vkey)).stderr, /give it a name by --name/);
  assert.match((await start('--name', 'w')).stderr, /Name the logs to witness/);
  assert.match((await start('--name', 'v', '--log', log.key.vkey)).stderr, /has the name w and no other/);
  const shown = await start('--show-key');
  assert.deepEqual([shown.code, /^w\+[0-9a-f]{8}\+\S+\n$/.test(shown.stdout)], [0, true]);
  const witness = await Witness.start(t, dir, ['--log', log.key.vkey]);
  assert.match((await start('--log', log.key.vkey)).stderr, /Another witness works in/);
  await witness.child.kill('SIGTERM');
  await writeFile(path.join(dir, 'key'), 'PRIVATE+KEY+w+00000000+AAAA\n');
  assert.match((await start('--log', log.key.vkey)).stderr, /key file is damaged/);
});
