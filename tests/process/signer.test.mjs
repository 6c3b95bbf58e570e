// The process that holds the signing keys: it comes and goes with the server, comes back when it
// dies, signs for nobody else, and starts with no key that others could have read.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, readFile, readdir, readlink, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { permissionsIn } from './support/data.mjs';
import { binary, Child, environment, folder, kontor } from './support/kontor.mjs';
import { publish } from './support/packages.mjs';
import { start as startServer } from './support/server.mjs';
import { assertSigned, judge, keysOf, packument } from './support/signatures.mjs';

// With no other child beside the signer.
const start = (t, { settings, ...options } = {}) =>
  startServer(t, { ...options, settings: { 'processor.workers': 0, ...settings } });

const version = (number) => ({ name: 'signed', version: number });

async function published(server, number) {
  const answer = await publish(server, await server.token(), version(number));
  assert.equal(answer.status, 201, answer.text);
}

// The signer that this server started.
async function signerOf(server) {
  const tasks = await readdir(`/proc/${server.child.pid}/task`);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${server.child.pid}/task/${task}/children`, 'utf8')),
  );
  const children = lists.join(' ').split(/\s+/).filter(Boolean).map(Number);
  assert.equal(children.length, 1, 'one child');
  return children[0];
}

// Resolves when a process is gone or a zombie.
async function ended(pid) {
  for (;;) {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (!state || state.slice(state.lastIndexOf(')') + 2).startsWith('Z')) return;
    await new Promise(setImmediate);
  }
}

describe('the signing keys', () => {
  test('are held by a process of their own, which has nothing but them', async (t) => {
    const server = await start(t, { env: { KONTOR_METRICS_TOKEN: 'a secret of the server' } });
    await published(server, '1.0.0');
    await assertSigned(server, 'signed', '1.0.0');
    const signer = await signerOf(server);
    // Only an administrator of the machine can look into it at all.
    assert.equal(await readFile(`/proc/${signer}/environ`, 'utf8').catch(() => ''), '');
    const files = await readdir(`/proc/${signer}/fd`).catch(() => []);
    const links = await Promise.all(files.map((fd) => readlink(`/proc/${signer}/fd/${fd}`).catch(() => '')));
    assert.ok(!links.some((link) => /kontor\.db|blobs/.test(link)), links.join('\n'));
    const permissions = await permissionsIn(path.join(server.dataDir, 'keys'));
    for (const [name, mode] of permissions) assert.equal(mode, 0o600, name);
    assert.ok(permissions.some(([name]) => name === 'npm.key'));
    await server.stopCleanly();
    await ended(signer);
  });

  test('sign again at once where their process was killed', async (t) => {
    const server = await start(t);
    await published(server, '1.0.0');
    for (let i = 1; i <= 5; ++i) {
      process.kill(await signerOf(server), 'SIGKILL');
      await published(server, `1.0.${i}`);
    }
    const keys = await keysOf(server);
    assert.equal(keys.length, 1);
    const document = await packument(server, 'signed');
    for (const number of Object.keys(document.versions)) assert.equal(judge(keys, document, number), 'good');
    assert.equal(Object.keys(document.versions).length, 6);
    await server.child.event('signer_started');
    await server.assertHealthy();
    await server.stopCleanly();
  });

  test('never outlive the server', async (t) => {
    const server = await start(t);
    const signer = await signerOf(server);
    await server.stop('SIGKILL');
    await ended(signer);
    const next = await start(t, { dataDir: server.dataDir });
    await published(next, '1.0.0');
    await assertSigned(next, 'signed', '1.0.0');
    await next.stopCleanly();
  });

  test('never outlive the server, not even in a process that hangs', async (t) => {
    const server = await start(t);
    await published(server, '1.0.0');
    const signer = await signerOf(server);
    process.kill(signer, 'SIGSTOP');
    await server.stop('SIGKILL');
    await ended(signer);
    const next = await start(t, { dataDir: server.dataDir });
    await published(next, '1.0.1');
    const hanging = await signerOf(next);
    process.kill(hanging, 'SIGSTOP');
    await next.stopCleanly();
    await ended(hanging);
    const last = await start(t, { dataDir: server.dataDir });
    await published(last, '1.0.2');
    await last.stopCleanly();
  });

  test('are gone with a server that was killed while they came back', async (t) => {
    let server = await start(t);
    const signers = [];
    for (let i = 0; i < 5; ++i) {
      const signer = await signerOf(server);
      process.kill(signer, 'SIGKILL');
      await ended(signer);
      await server.stop('SIGKILL');
      server = await start(t, { dataDir: server.dataDir });
      signers.push(await signerOf(server));
    }
    await published(server, '1.0.0');
    await server.stopCleanly();
    for (const signer of signers) await ended(signer);
  });

  test('stay with their process when somebody asks it to end', async (t) => {
    const server = await start(t);
    const signer = await signerOf(server);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(signer, signal);
    await published(server, '1.0.0');
    assert.equal(await signerOf(server), signer);
    await server.stopCleanly();
  });

  for (const mode of ['separate', 'inside']) {
    test(`${mode}: a key that others may read stops the start`, async (t) => {
      const settings = { 'signing.process': mode };
      const server = await start(t, { settings });
      await server.stopCleanly();
      const file = path.join(server.dataDir, 'keys/npm.key');
      await chmod(file, 0o640);
      const args = ['serve', '--port', '0', '--data-dir', server.dataDir, '--set', `signing.process=${mode}`];
      const refused = await kontor(args, { cwd: await folder(t) });
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /^error: .*Others may read the key file \S+npm\.key; run chmod 600 on it/);
      await chmod(file, 0o600);
      await writeFile(file, 'active AAAA\n');
      const damaged = await kontor(args, { cwd: await folder(t) });
      assert.equal(damaged.code, 1);
      assert.match(damaged.stderr, /keys\/npm\.key is damaged/);
    });
  }

  test('are held by the server where it is told so', async (t) => {
    const server = await start(t, { settings: { 'signing.process': 'inside' } });
    await published(server, '1.0.0');
    await assertSigned(server, 'signed', '1.0.0');
    assert.ok(!existsSync(path.join(server.dataDir, 'signer.sock')));
    await server.stopCleanly();
    const other = await start(t, { dataDir: server.dataDir });
    await assertSigned(other, 'signed', '1.0.0');
    await other.stopCleanly();
  });

  test('may be held by a signer that somebody else runs', async (t) => {
    const dir = await folder(t);
    const socket = path.join(dir, 'signer.sock');
    const settings = { 'signing.process': 'external', 'signing.socket': socket };
    const sets = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const early = await kontor(['serve', '--port', '0', ...sets], { cwd: await folder(t) });
    assert.equal(early.code, 1);
    assert.match(early.stderr, /No signer answers at \S+; start `kontor signer` there/);

    const args = ['signer', '--keys', path.join(dir, 'keys'), '--socket', socket, '--origin', 'registry.example'];
    const startSigner = async () => {
      const signer = new Child(binary, args, { cwd: dir, env: environment() });
      t.after(() => signer.over || signer.kill('SIGKILL'));
      await signer.printed(/^Signs for servers at /m);
      return signer;
    };
    const first = await startSigner();
    assert.equal((await stat(socket)).mode & 0o777, 0o600);
    const server = await start(t, { settings });
    await published(server, '1.0.0');
    assert.deepEqual(await readdir(path.join(server.dataDir, 'keys')).then((names) => names.sort()), [
      'sessions',
      'two-factor',
    ]);
    await first.kill('SIGTERM');
    const [answer, second] = await Promise.all([
      publish(server, await server.token(), version('1.0.1')),
      startSigner(),
    ]);
    assert.equal(answer.status, 201, answer.text);
    await assertSigned(server, 'signed', '1.0.1');
    await server.stopCleanly();
    assert.ok(!second.over, 'it is not the server that ends it');
    await second.kill('SIGTERM');
  });

  test('of one folder are used by one signer at a time', async (t) => {
    const server = await start(t);
    const args = ['--keys', path.join(server.dataDir, 'keys'), '--socket', 'other.sock', '--origin', 'x.example'];
    const second = await kontor(['signer', ...args], { cwd: await folder(t) });
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^error: Another signer uses the keys in /);
    await server.stopCleanly();
  });
});

describe('rotating the key of versions', () => {
  const cli = (server, token, args) =>
    kontor(['keys', ...args, '--registry', server.url], { env: environment({ NPM_TOKEN: token }) });

  test('keeps what the old key signed good, also after a start', async (t) => {
    let server = await start(t);
    await published(server, '1.0.0');
    const token = await server.token();
    const [old] = await keysOf(server);
    const rotated = await cli(server, token, ['rotate', '--json']);
    assert.equal(rotated.code, 0, rotated.stderr);
    await published(server, '1.0.1');
    await server.stopCleanly();
    server = await start(t, { dataDir: server.dataDir });

    const keys = await keysOf(server);
    assert.deepEqual(keys.map(({ keyid }) => keyid), [JSON.parse(rotated.stdout).id, old.keyid]);
    assert.equal(keys[0].expires, null);
    assert.ok(Date.parse(keys[1].expires) > 0);
    const document = await packument(server, 'signed');
    const signedBy = (number) => document.versions[number].dist.signatures[0].keyid;
    assert.deepEqual([signedBy('1.0.0'), signedBy('1.0.1')], [old.keyid, keys[0].keyid]);
    for (const number of ['1.0.0', '1.0.1']) assert.equal(judge(keys, document, number), 'good');
    // A version of after the end, signed with the old key, is not believed.
    document.time['1.0.0'] = keys[1].expires;
    assert.equal(judge(keys, document, '1.0.0'), 'expired key');

    const listed = await cli(server, token, ['list']);
    assert.match(listed.stdout, new RegExp(`releases, in use\n  ${RegExp.escape?.(keys[0].keyid) ?? '\\S+'}`));
    assert.match(listed.stdout, /releases, until \S+Z\n/);
    const json = JSON.parse((await cli(server, token, ['list', '--json'])).stdout);
    assert.deepEqual(json.map(({ use }) => use), ['releases', 'releases', 'public log', 'private log', 'audit log']);
    await server.stopCleanly();
  });

  test('goes on while versions are published, and each of them is good', async (t) => {
    const server = await start(t);
    const token = await server.token();
    const publishes = Array.from({ length: 40 }, (_, i) => published(server, `1.0.${i}`));
    for (let i = 0; i < 5; ++i) {
      const answer = await server.request('POST', '/-/kontor/v1/keys/rotate', { token, body: {} });
      assert.equal(answer.status, 200, answer.text);
    }
    await Promise.all(publishes);
    const keys = await keysOf(server);
    assert.equal(keys.length, 6);
    const document = await packument(server, 'signed');
    for (const number of Object.keys(document.versions)) assert.equal(judge(keys, document, number), 'good', number);
    await server.stopCleanly();
  });

  test('is for administrators', async (t) => {
    const server = await start(t);
    const token = await server.user('bob');
    const refused = await cli(server, token, ['rotate']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^error: /);
    assert.equal((await keysOf(server)).length, 1);
    await server.stopCleanly();
  });
});

test('keys are served at the root and under each prefix', async (t) => {
  const server = await start(t, { settings: { prefixes: '/npm,/deep/er', 'auth.anonymousRead': 'false' } });
  const root = await keysOf(server);
  for (const prefix of ['/npm', '/deep/er']) assert.deepEqual(await keysOf(server, prefix), root);
  await server.stopCleanly();
});
