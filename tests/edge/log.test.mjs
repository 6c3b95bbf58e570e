// The logs at the edge: the same files, proofs and keys as natively, with the sequencer's Durable Object
// as the one that signs and the bucket for the tiles.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binary, Child, environment, folder, freePort, kontor } from '../process/support/kontor.mjs';
import { logEntries, logSize, until } from '../process/support/log_entries.mjs';
import { cosignedAt } from '../process/support/tlog.mjs';
import { accepts, build, rejects, remove } from '../process/support/verifier.mjs';
import { startEdge } from './support.mjs';

const settings = ['transparency.origin=registry.example'];
const waiting = { headers: { prefer: 'wait=10' } };

before(build);
after(remove);

// The server as the helpers of the native log's tests ask it.
const reader = (server) => ({
  get: async (target) => {
    const answer = await fetch(server.url + target);
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, bytes, text: bytes.toString() };
  },
});
const checkpointOf = async (server) => (await reader(server).get('/log/public/checkpoint')).text;
const vkeyOf = async (server) => (await reader(server).get('/log/public/vkey')).text.trim();
const idOf = (vkey) => vkey.split('+')[1];
const signersOf = (checkpoint) =>
  [...checkpoint.matchAll(/^\u2014 \S+ (\S+)$/gm)].map(([, line]) =>
    Buffer.from(line, 'base64').subarray(0, 4).toString('hex'),
  );
const kindsOf = (entries) => new Set(entries.map((entry) => entry.split('\n')[0].split(' ')[1]));

// A publish whose proof is waited for; yields what its answer says of the log.
async function logged(server, user, name, version = '1.0.0') {
  const answer = await server.publish(user, { name, version }, undefined, waiting);
  assert.equal(answer.status, 201, answer.text);
  return answer.json.tlog;
}

describe('the logs at the edge', { concurrency: 1, timeout: 170_000 }, () => {
  let server, ada;
  before(async () => {
    server = await startEdge(settings);
    ada = await server.user('ada');
  });
  after(() => server?.stop());

  test('are looked at when somebody asks for readiness', async () => {
    await logged(server, ada, 'ready');
    const ready = await server.get('/health/ready');
    const { checks } = await ready.json();
    assert.deepEqual([ready.status, checks.logs], [200, { status: 'ok' }]);
  });

  test('tell of changes, rules and keys, and verify whole', async (t) => {
    await logged(server, ada, 'first');
    const { index, proof } = await logged(server, ada, '@acme/tool');
    const vkey = await vkeyOf(server);
    assert.ok(vkey.startsWith('registry.example/log/public+'), vkey);
    const file = path.join(await folder(t), 'proof');
    await writeFile(file, proof);
    await accepts('entry', vkey, file);
    await writeFile(file, proof.replace('@acme/tool', '@acme/toot'));
    await rejects('entry', vkey, file);
    const log = `${server.url}/log/public`;
    const entries = await logEntries(reader(server));
    await until(async () => Number(await accepts('all', log, vkey)) === entries.length);
    assert.match(entries[index], /^pkglog\/v1 publish\npackage npm\/@acme\/tool\n/);
    for (const kind of ['publish', 'tag', 'owner', 'policy', 'token', 'key']) assert.ok(kindsOf(entries).has(kind), kind);
  });

  test('are what kontor verifies, also file by file', async (t) => {
    const home = await folder(t);
    const options = { cwd: home, env: environment({ HOME: home, XDG_CONFIG_HOME: '' }) };
    const run = async (...args) => {
      const done = await kontor([...args, '--registry', server.url], options);
      assert.equal(done.code, 0, done.stdout + done.stderr);
    };
    assert.equal((await kontor(['log', 'pin', server.url], options)).code, 0);
    await logged(server, ada, 'verified');
    await run('verify', 'verified@1.0.0');
    await run('log', 'verify', '--full');
  });

  test('have a key that is exchanged in two steps, of which the log tells', async () => {
    const token = await server.adminToken();
    const keys = async (verb, use) => {
      const answer = await server.request('POST', `/-/kontor/v1/keys/${verb}`, { token, body: { use } });
      assert.equal(answer.status, 200, answer.text);
      return answer.json;
    };
    const old = await vkeyOf(server);
    const log = `${server.url}/log/public`;
    await keys('rotate', 'public log');
    const fresh = await vkeyOf(server);
    assert.notEqual(idOf(fresh), idOf(old));
    await until(async () => signersOf(await checkpointOf(server)).length === 2);
    assert.deepEqual(signersOf(await checkpointOf(server)), [idOf(fresh), idOf(old)]);
    for (const key of [old, fresh]) await accepts('all', log, key);

    await keys('retire', 'public log');
    await until(async () => signersOf(await checkpointOf(server)).length === 1);
    assert.deepEqual(signersOf(await checkpointOf(server)), [idOf(fresh)]);
    await accepts('all', log, fresh);
    await rejects('all', log, old);
    const again = await server.request('POST', '/-/kontor/v1/keys/retire', { token, body: { use: 'public log' } });
    assert.equal(again.status, 409);
    const told = await until(async () => {
      const entries = await logEntries(reader(server));
      const keys = entries.filter((entry) => entry.startsWith('pkglog/v1 key\nuse log_public\n'));
      return keys.length === 3 && keys;
    });
    assert.match(told[2], new RegExp(`\\+${idOf(old)}\n[^]*\nexpires \\d+\n`));
    const shown = (await server.request('GET', '/-/kontor/v1/keys', { token })).json.keys;
    assert.deepEqual(
      shown.filter(({ use }) => use === 'public log').map(({ id, active }) => [id, active]),
      [[fresh, true], [old, false]],
    );
  });

  test('wait for their witnesses', async (t) => {
    process.env.AUTH_SECRET = randomBytes(32).toString('hex'); // makes the same key in both deployments
    t.after(() => delete process.env.AUTH_SECRET);
    const first = await startEdge(settings);
    const log = await vkeyOf(first);
    await first.stop();

    const home = await folder(t);
    const port = `${await freePort()}`;
    const args = ['witness', '--dir', path.join(home, 'w'), '--name', 'witness.example/w', '--port', port, '--log', log];
    let witness = new Child(binary, args);
    t.after(() => witness.over || witness.kill('SIGKILL'));
    const listens = () => witness.until(() => /^(\S+)\nwitness listens/.exec(witness.stdout), 'its port');
    const [, vkey] = await listens();
    const policy = path.join(home, 'policy');
    await writeFile(policy, `log ${log}\nwitness w ${vkey} http://127.0.0.1:${port}/\ngroup all all w\nquorum all\n`);
    const waits = await startEdge(settings, { 'transparency.witnesses': policy });
    t.after(() => waits.stop());
    const bea = await waits.user('bea');
    assert.ok((await logged(waits, bea, 'cosigned')).proof);
    const checkpoint = await checkpointOf(waits);
    const lines = checkpoint.slice(checkpoint.indexOf('\n\n') + 2).split(/(?<=\n)/);
    assert.ok(lines.some((line) => cosignedAt(line, vkey, checkpoint)), checkpoint);

    witness.kill('SIGKILL');
    await witness.ended;
    const { index, proof } = await logged(waits, bea, 'waits');
    assert.equal(proof, undefined);
    assert.ok((await logSize(reader(waits))) <= index, 'nothing is published without a quorum');
    witness = new Child(binary, args);
    await listens();
    await until(async () => (await logSize(reader(waits))) > index);
    await accepts('all', `${waits.url}/log/public`, log);
  });
});
