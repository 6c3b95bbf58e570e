// What a registry signs, as clients judge it: npm's own code, `npm audit signatures` and `pnpm audit
// signatures` accept what is good and tell everything else apart; also across a rotation.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { clients, Workplace } from './support/clients.mjs';
import { lies, Mirror } from './support/mirror.mjs';
import { verdict } from './support/pacote.mjs';
import { startServer } from './support/server.mjs';
import { Sigstore } from './support/sigstore.mjs';
import { TrustRepository } from './support/tuf.mjs';

const named = (name) => clients.find((client) => client.name === name);

for (const prefix of ['', '/npm']) {
  describe(`signatures at ${prefix || '/'}`, { concurrency: 1 }, () => {
    let server, user, dir, mirror, trust, npm;
    before(async () => {
      server = await startServer();
      user = await server.user('ada');
      dir = await mkdtemp(path.join(tmpdir(), 'kontor-signatures-'));
      mirror = await Mirror.start(server.url + prefix);
      trust = await TrustRepository.start(dir, (await Sigstore.create()).trustedRoot());
      npm = new Workplace(named('npm11'), path.join(dir, 'npm'), `${mirror.url}/`, user.token);
      for (const name of ['honest', '@acme/scoped', ...Object.keys(lies).map(liar)]) await publish(name, '1.0.0');
    });
    after(async () => {
      await mirror?.stop();
      await trust?.stop();
      await server?.stop();
      if (dir) await rm(dir, { recursive: true, force: true });
    });

    const liar = (lie) => `liar-${lie.replace(' ', '-')}`;
    const startLying = () => Object.entries(lies).forEach(([name, lie]) => mirror.lies.set(liar(name), lie));
    const stopLying = () => mirror.lies.clear();

    async function publish(name, version) {
      const project = await npm.project(`${name.replace('/', '_')}-${version}`, { name, version });
      await npm.ok(['publish', '--access', 'public'], project);
    }

    async function install(work, names) {
      const project = await work.project('app', {
        name: 'app',
        version: '1.0.0',
        dependencies: Object.fromEntries(names.map((name) => [name, '*'])),
      });
      await work.ok(['install'], project);
      return project;
    }

    test("npm's own code tells good, bad, missing and tampered ones apart", async () => {
      const cache = path.join(dir, 'pacote');
      for (const name of ['honest', '@acme/scoped', liar('bad')])
        assert.equal(await verdict(mirror.url, `${name}@1.0.0`, cache), 'good', name);
      startLying();
      assert.deepEqual(
        {
          honest: await verdict(mirror.url, 'honest@1.0.0', cache),
          bad: await verdict(mirror.url, `${liar('bad')}@1.0.0`, cache),
          missing: await verdict(mirror.url, `${liar('missing')}@1.0.0`, cache),
          tampered: await verdict(mirror.url, `${liar('tampered')}@1.0.0`, cache),
          unknown: await verdict(mirror.url, `${liar('unknown key')}@1.0.0`, cache),
        },
        {
          honest: 'good',
          bad: 'EINTEGRITYSIGNATURE',
          missing: 'missing',
          tampered: 'EINTEGRITYSIGNATURE',
          unknown: 'EMISSINGSIGNATUREKEY',
        },
      );
      stopLying();
    });

    test('npm audit signatures verifies what was installed', async () => {
      const work = new Workplace(named('npm11'), path.join(dir, 'audit'), `${mirror.url}/`, user.token);
      const names = ['honest', '@acme/scoped', liar('bad'), liar('missing')];
      const project = await install(work, names);
      const env = await trust.environment(work.environment());
      const audit = () => work.run(['audit', 'signatures', '--json'], project, { env });
      const good = await audit();
      assert.equal(good.code, 0, good.output);
      assert.deepEqual(JSON.parse(good.stdout), { invalid: [], missing: [] });
      const counted = await work.ok(['audit', 'signatures'], project, { env });
      assert.match(counted.stdout, /4 packages have verified registry signatures/);
      startLying();
      const bad = await audit();
      stopLying();
      assert.equal(bad.code, 1, bad.output);
      const { invalid, missing } = JSON.parse(bad.stdout);
      assert.deepEqual(invalid.map(({ name }) => name), [liar('bad')]);
      assert.deepEqual(missing.map(({ name }) => name), [liar('missing')]);
    });

    test('pnpm audit signatures verifies what was installed', async () => {
      const work = new Workplace(named('pnpm12'), path.join(dir, 'pnpm'), `${mirror.url}/`, user.token);
      const project = await install(work, ['honest', '@acme/scoped', liar('bad'), liar('missing')]);
      const audit = () => work.run(['audit', 'signatures'], project);
      const good = await audit();
      assert.equal(good.code, 0, good.output);
      assert.match(good.output, /4/);
      startLying();
      const bad = await audit();
      stopLying();
      assert.notEqual(bad.code, 0, bad.output);
      assert.match(bad.output, new RegExp(liar('bad')));
      assert.match(bad.output, new RegExp(liar('missing')));
      assert.doesNotMatch(bad.output, /honest|scoped/);
    });

    test('what an old key signed stays good after a rotation', async () => {
      const token = await server.adminToken();
      const rotated = await server.request('POST', '/-/kontor/v1/keys/rotate', { token, body: {} });
      assert.equal(rotated.status, 200, rotated.text);
      await publish('honest', '1.1.0');
      const cache = path.join(dir, 'rotated');
      for (const version of ['1.0.0', '1.1.0'])
        assert.equal(await verdict(mirror.url, `honest@${version}`, cache), 'good', version);
      const { keys } = (await server.request('GET', '/-/npm/v1/keys')).json;
      const later = new Date(Date.parse(keys[1].expires) + 1000).toISOString();
      mirror.lies.set('honest', (document) => (document.time['1.0.0'] = later));
      assert.equal(await verdict(mirror.url, 'honest@1.0.0', cache), 'EEXPIREDSIGNATUREKEY');
      stopLying();
    });
  });
}
