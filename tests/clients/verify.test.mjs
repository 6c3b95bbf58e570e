// What each real client locks is proved by the log of the real server, and a lockfile that was
// changed is found out.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { clients, Workplace } from './support/clients.mjs';
import { Mirror } from './support/mirror.mjs';
import { run } from './support/run.mjs';
import { binary, startServer } from './support/server.mjs';

const sha512 = /sha512-[A-Za-z0-9+/]{86}==/;
const otherHash = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

for (const client of clients) {
  describe(`kontor verify and the lockfile of ${client.name}`, { concurrency: 1 }, () => {
    const lib = `@acme-${client.name}/lib`, app = `app-${client.name}`;
    let server, dir, work, project;

    before(async () => {
      server = await startServer(['transparency.origin=registry.example', 'transparency.interval=50ms']);
      const user = await server.user('ada');
      dir = await mkdtemp(path.join(tmpdir(), 'kontor-verify-'));
      work = new Workplace(client, dir, `${server.url}/`, user.token);
      for (const manifest of [{ name: lib, version: '1.0.0' }, { name: app, version: '2.0.0', dependencies: { [lib]: '^1.0.0' } }]) {
        const source = await work.project(manifest.name.replace('/', '_'), { ...manifest, license: 'MIT' }, { 'index.js': 'module.exports = 1;\n' });
        if (client.prepublish) await work.ok(client.prepublish(), source);
        await work.ok(client.publish({ access: 'public' }), source);
      }
      project = await work.project('project', { name: 'project', version: '1.0.0', private: true });
      await work.ok(client.add([app]), project);
      const pinned = await kontor('log', 'pin', server.url);
      assert.equal(pinned.code, 0, pinned.output);
    });
    after(async () => {
      await server?.stop();
      if (dir) await rm(dir, { recursive: true, force: true });
    });

    const kontor = (...args) =>
      run(binary, args, { cwd: project, env: { ...process.env, HOME: work.home, XDG_CONFIG_HOME: '' } });

    test('every locked package is in the log', async () => {
      const found = await kontor('verify', 'lockfile', client.lockfile, '--registry', server.url, '--json');
      assert.equal(found.code, 0, found.output);
      assert.equal(JSON.parse(found.stdout).ok, true);
      const one = await kontor('verify', `${lib}@1.0.0`, '--registry', server.url);
      assert.equal(one.code, 0, one.output);
    });

    const verifyLockfile = (registry) => kontor('verify', 'lockfile', client.lockfile, '--registry', registry);

    if (!client.locksItsOwnArchives)
      test('a changed integrity is refuted, with both hashes', async () => {
        const file = path.join(project, client.lockfile);
        const text = await readFile(file, 'utf8');
        const [good] = sha512.exec(text);
        await writeFile(file, text.replace(good, otherHash));
        const found = await verifyLockfile(server.url);
        await writeFile(file, text);
        assert.equal(found.code, 1, found.output);
        for (const hash of [good, otherHash]) assert.ok(found.output.includes(hash), found.output);
      });

    test('a version that was never published is refuted', async () => {
      const file = path.join(project, client.lockfile);
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replaceAll('1.0.0', '1.0.1'));
      const found = await verifyLockfile(server.url);
      await writeFile(file, text);
      assert.equal(found.code, 1, found.output);
      assert.ok(found.output.includes(`${lib}@1.0.1`), found.output);
    });

    test('an exchanged tarball is refuted, with both hashes', async () => {
      const mirror = await Mirror.start(server.url);
      try {
        const pinned = await kontor('log', 'pin', mirror.url);
        assert.equal(pinned.code, 0, pinned.output);
        const { dist } = (await server.packument(lib)).versions['1.0.0'];
        const forged = Buffer.from('another tarball');
        mirror.exchanged.set(decodeURIComponent(new URL(dist.tarball).pathname), forged);
        const found = client.locksItsOwnArchives
          ? await verifyLockfile(mirror.url)
          : await kontor('verify', `${lib}@1.0.0`, '--registry', mirror.url);
        assert.equal(found.code, 1, found.output);
        const hash = `sha512-${createHash('sha512').update(forged).digest('base64')}`;
        for (const one of [dist.integrity, hash]) assert.ok(found.output.includes(one), found.output);
      } finally {
        await mirror.stop();
      }
    });
  });
}
