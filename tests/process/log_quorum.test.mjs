// A registry whose checkpoints wait for witnesses: real ones, of which one may be down, and one may
// lie; without a quorum nothing new is published, and everything else goes on.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { binary, Child, folder, kontor, freePort } from './support/kontor.mjs';
import { logSize, until } from './support/log_entries.mjs';
import { publish } from './support/packages.mjs';
import { start } from './support/server.mjs';
import { cosignedAt } from './support/tlog.mjs';

const settings = { 'transparency.origin': 'registry.example', 'transparency.interval': '50ms' };

class Witness {
  constructor(dir, name, log, port) {
    Object.assign(this, { dir, name, log, port });
  }

  get url() {
    return `http://127.0.0.1:${this.port}/`;
  }

  async start(t) {
    const args = ['witness', '--dir', this.dir, '--name', this.name, '--port', `${this.port}`, '--log', this.log];
    this.child = new Child(binary, args);
    t.after(() => this.child.over || this.child.kill('SIGKILL'));
    [, this.vkey] = await this.child.until(() => /^(\S+)\nwitness listens/.exec(this.child.stdout), 'its port');
  }
}

// Answers as a witness does that has cosigned something else.
async function liar(t, port, vkey) {
  const server = http.createServer((request, response) => {
    const signature = Buffer.alloc(76);
    Buffer.from(vkey.split('+')[1], 'hex').copy(signature);
    request.resume().on('end', () => response.end(`— ${vkey.split('+')[0]} ${signature.toString('base64')}\n`));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => server.close());
}

async function cosigners(server, witnesses) {
  const { text } = await server.get('/log/public/checkpoint');
  const lines = text.slice(text.indexOf('\n\n') + 2).split(/(?<=\n)/);
  return witnesses.filter(({ vkey }) => lines.some((line) => cosignedAt(line, vkey, text))).map(({ name }) => name);
}

test('checkpoints wait for a quorum of witnesses, and clients can demand it', async (t) => {
  const home = await folder(t);
  const first = await start(t, { settings, dataDir: path.join(home, 'data') });
  const log = (await first.get('/log/public/vkey')).text.trim();
  await first.stopCleanly();

  const witnesses = [];
  for (const name of ['a', 'b', 'c']) {
    const witness = new Witness(path.join(home, name), `witness.example/${name}`, log, await freePort());
    await witness.start(t);
    witnesses.push(witness);
  }
  const policy = path.join(home, 'policy');
  const lines = witnesses.map(({ vkey, url }, i) => `witness ${'abc'[i]} ${vkey} ${url}\n`);
  await writeFile(policy, `log ${log}\n${lines.join('')}group two 2 a b c\nquorum two\n`);
  const withPolicy = { ...settings, 'transparency.witnesses': policy };
  const port = await freePort();
  const server = await start(t, { settings: withPolicy, dataDir: first.dataDir, port });
  const token = await server.token();
  const release = async (version) => {
    const answer = await publish(server, token, { name: 'tool', version });
    assert.equal(answer.status, 201, answer.text);
    return answer.json.tlog.index;
  };
  const published = (index) => until(async () => (await logSize(server)) > index);

  await published(await release('1.0.0'));
  assert.ok((await cosigners(server, witnesses)).length >= 2);
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: '' };
  const client = (...args) => kontor(args, { cwd: home, env });
  const pinned = await client('log', 'pin', server.url, '--policy', policy);
  assert.equal(pinned.code, 0, pinned.stderr);

  await witnesses[0].child.kill('SIGKILL');
  await published(await release('1.0.1'));
  assert.deepEqual(await cosigners(server, witnesses), ['witness.example/b', 'witness.example/c']);

  await liar(t, witnesses[0].port, witnesses[0].vkey);
  await witnesses[1].child.kill('SIGKILL');
  const before = (await server.get('/log/public/checkpoint')).text;
  const waiting = await release('1.0.2');
  const told = await server.child.event('log_waits_for_witnesses');
  assert.equal(told.log, 'public');
  assert.match(told.problem, /1 witnesses have cosigned it, which is no quorum\. a: .* b: /);
  assert.equal((await server.get('/log/public/checkpoint')).text, before);
  assert.equal((await server.get('/log/public/proof/npm/tool@1.0.2')).status, 503);
  assert.equal((await server.get('/tool')).json.versions['1.0.2'].version, '1.0.2', 'installing goes on');
  assert.ok((await logSize(server, { log: 'audit', token })) > 0, 'the other logs do not wait');

  await server.stopCleanly();
  const again = await start(t, { settings: withPolicy, dataDir: first.dataDir, port });
  await again.assertHealthy();
  assert.equal((await again.get('/log/public/checkpoint')).text, before, 'a start publishes nothing without them');
  await witnesses[1].start(t);
  await until(async () => (await logSize(again)) > waiting);
  assert.ok((await cosigners(again, witnesses)).includes('witness.example/b'));
  const verified = await client('log', 'verify', '--full', '--registry', again.url);
  assert.equal(verified.code, 0, verified.stderr);
});

test('a policy that cannot be used keeps the server from starting, with its reason', async (t) => {
  const home = await folder(t);
  const policy = path.join(home, 'policy');
  await writeFile(policy, 'witness a nonsense\n');
  const refused = new Child(binary, ['serve', '--port', '0', '--data-dir', path.join(home, 'data'), '--set', `transparency.witnesses=${policy}`]);
  const { code } = await refused.ended;
  assert.equal(code, 1);
  assert.ok(refused.stderr.includes(policy), refused.stderr);
});
