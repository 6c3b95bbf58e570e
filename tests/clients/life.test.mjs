// The life of a package with each real client: publish, install by range, tag and alias, reinstall
// from the lock file, tags, deprecation, search, owners, unpublish.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { clients, Workplace } from './support/clients.mjs';
import { startServer } from './support/server.mjs';
import { hashTree } from './support/tree.mjs';

const library = (name, version, extra = {}) => ({
  name,
  version,
  description: `The ${name} library, useful for tests`,
  keywords: ['kontor-test', 'library'],
  license: 'MIT',
  author: 'Ada <ada@example.test>',
  main: 'index.js',
  customField: { kept: ['as', 'it', 'is'], number: 1.5 },
  ...extra,
});

const sources = (version) => ({
  'index.js': `module.exports = ${JSON.stringify(version)};\n`,
  'lib/deep/data.json': JSON.stringify({ version, umlaut: 'größe' }),
  'README.md': `# A library\n\nVersion ${version}\n`,
});

// The prefix is the same code on both targets, and a minute of clients.
const prefixes = process.env.KONTOR_TEST_TARGET === 'edge' ? ['/'] : ['/', '/npm/'];

for (const client of clients) {
  for (const prefix of prefixes) {
    describe(`${client.name} at ${prefix}`, { concurrency: 1 }, () => {
      const id = `${client.name}${prefix === '/' ? '' : '-prefixed'}`;
      const scoped = `@acme-${id}/lib`;
      const plain = `plain-${id}`;
      let server, user, dir, work;
      const published = {};

      before(async () => {
        server = await startServer();
        user = await server.user('ada');
        dir = await mkdtemp(path.join(tmpdir(), 'kontor-client-'));
        work = new Workplace(client, dir, server.url + prefix, user.token);
      });
      after(async () => {
        await server?.stop();
        if (dir) await rm(dir, { recursive: true, force: true });
      });

      async function publish(name, version, { tag, access, extra } = {}) {
        const folder = `${name.replace('/', '_')}-${version}`;
        const project = await work.project(folder, library(name, version, extra), sources(version));
        if (client.prepublish) await work.ok(client.prepublish(), project);
        const result = await work.ok(client.publish({ tag, access }), project);
        published[`${name}@${version}`] = project;
        return result;
      }

      async function checkInstalled(project, alias, name, version) {
        const installed = await hashTree(path.join(project, 'node_modules', alias));
        const source = await hashTree(published[`${name}@${version}`]);
        for (const file of ['index.js', 'lib/deep/data.json', 'README.md']) {
          assert.equal(installed[file], source[file], `${alias}: ${file}`);
        }
        const manifest = JSON.parse(
          await readFile(path.join(project, 'node_modules', alias, 'package.json'), 'utf8'),
        );
        assert.equal(manifest.version, version);
      }

      test('publishes plain, scoped and prerelease versions', async () => {
        await publish(plain, '1.0.0');
        await publish(plain, '1.1.0');
        await publish(plain, '2.0.0-beta.1', { tag: 'beta' });
        await publish(scoped, '1.0.0', {
          access: 'public',
          extra: { dependencies: { [plain]: '^1.0.0' } },
        });
        const document = await server.packument(plain);
        assert.deepEqual(Object.keys(document.versions), ['1.0.0', '1.1.0', '2.0.0-beta.1']);
        assert.deepEqual(document['dist-tags'], { latest: '1.1.0', beta: '2.0.0-beta.1' });
        assert.deepEqual(document.versions['1.0.0'].customField, {
          kept: ['as', 'it', 'is'],
          number: 1.5,
        });
        assert.equal(document.versions['1.0.0']._npmUser.name, 'ada');
        assert.match(document.readme, /Version 1\.1\.0/);
        assert.equal(document.versions['1.0.0'].dist.tarball,
          `${server.url}/${plain}/-/${plain}-1.0.0.tgz`);
      });

      test('is told clearly that a version exists already', async () => {
        const project = published[`${plain}@2.0.0-beta.1`];
        const other = await work.project('again', library(plain, '2.0.0-beta.1'), {
          ...sources('something else'),
        });
        assert.ok(project);
        if (client.prepublish) await work.ok(client.prepublish(), other);
        const before = await server.packument(plain);
        const result = await work.run(client.publish({ tag: 'beta' }), other);
        assert.notEqual(result.code, 0, result.output);
        if (client.name !== 'yarn4') {
          assert.match(result.output, /cannot publish over|previously published/i);
        }
        assert.deepEqual(await server.packument(plain), before);
      });

      test('installs by range, tag and alias, and again from the lock file', async () => {
        const project = await work.project('consumer', { name: 'consumer', version: '1.0.0', private: true });
        await work.ok(client.add([`${plain}@^1.0.0`, scoped]), project);
        await work.ok(client.add([`old@npm:${plain}@1.0.0`]), project);
        await work.ok(client.add([`next@npm:${plain}@beta`]), project);
        const check = async () => {
          await checkInstalled(project, plain, plain, '1.1.0');
          await checkInstalled(project, scoped, scoped, '1.0.0');
          await checkInstalled(project, 'old', plain, '1.0.0');
          await checkInstalled(project, 'next', plain, '2.0.0-beta.1');
        };
        await check();
        const lock = await readFile(path.join(project, client.lockfile), 'utf8');
        await work.forget(project);
        await work.ok(client.reinstall(), project);
        await check();
        assert.equal(await readFile(path.join(project, client.lockfile), 'utf8'), lock);
      });

      if (client.whoami) {
        test('knows who it is', async () => {
          const project = await work.project('who', { name: 'who', version: '1.0.0' });
          const result = await work.ok(client.whoami(), project);
          assert.match(result.stdout, /\bada\b/);
        });
      }

      if (client.ping) {
        test('pings', async () => {
          const project = await work.project('who', { name: 'who', version: '1.0.0' });
          await work.ok(client.ping(), project);
        });
      }

      if (client.view) {
        test('shows a package', async () => {
          const project = await work.project('who', { name: 'who', version: '1.0.0' });
          const result = await work.ok(client.view(plain), project);
          assert.match(result.stdout, /"1\.1\.0"/);
        });
      }

      if (client.tagAdd) {
        test('adds, lists and removes a dist-tag', async () => {
          const project = await work.project('tags', { name: 'tags', version: '1.0.0' });
          await work.ok(client.tagAdd(`${plain}@1.0.0`, 'stable'), project);
          assert.equal((await server.packument(plain))['dist-tags'].stable, '1.0.0');
          const list = await work.ok(client.tagList(plain), project);
          assert.match(list.stdout, /stable\W+1\.0\.0/);
          await work.ok(client.tagRemove(plain, 'stable'), project);
          assert.equal((await server.packument(plain))['dist-tags'].stable, undefined);
        });
      }

      if (client.deprecate) {
        test('deprecates and takes it back', async () => {
          const project = await work.project('deprecate', { name: 'deprecate', version: '1.0.0' });
          await work.ok(client.deprecate(`${plain}@1.0.0`, 'use 1.1.0'), project);
          const document = await server.packument(plain);
          assert.equal(document.versions['1.0.0'].deprecated, 'use 1.1.0');
          assert.equal(document.versions['1.1.0'].deprecated, undefined);
          await work.ok(client.undeprecate(`${plain}@1.0.0`), project);
          assert.equal((await server.packument(plain)).versions['1.0.0'].deprecated, undefined);
        });
      }

      if (client.search) {
        test('finds packages by words', async () => {
          const project = await work.project('search', { name: 'search', version: '1.0.0' });
          const result = await work.ok(client.search('library'), project);
          const names = JSON.parse(result.stdout).map((entry) => entry.name);
          assert.ok(names.includes(plain), result.stdout);
          assert.ok(names.includes(scoped), result.stdout);
        });
      }

      if (client.ownerAdd) {
        test('adds an owner, who may then publish', async () => {
          const grace = await server.user('grace');
          const project = await work.project('owners', { name: 'owners', version: '1.0.0' });
          await work.ok(client.ownerAdd('grace', plain), project);
          const list = await work.ok(client.ownerList(plain), project);
          assert.match(list.stdout, /grace/);
          const theirs = new Workplace(client, path.join(dir, 'grace'), server.url + prefix, grace.token);
          const folder = await theirs.project('lib', library(plain, '1.2.0'), sources('1.2.0'));
          await theirs.ok(client.publish({}), folder);
          const document = await server.packument(plain);
          assert.equal(document['dist-tags'].latest, '1.2.0');
          assert.equal(document.versions['1.2.0']._npmUser.name, 'grace');
        });
      }

      if (client.star) {
        test('stars a package', async () => {
          const project = await work.project('star', { name: 'star', version: '1.0.0' });
          await work.ok(client.star(plain), project);
          assert.deepEqual((await server.packument(plain)).users, { ada: true });
        });
      }

      if (client.audit) {
        test('audits without findings', async () => {
          const result = await work.run(client.audit(), path.join(dir, 'consumer'));
          assert.equal(result.code, 0, result.output);
        });
      }

      if (client.unpublish) {
        test('unpublishes one version, then all', async () => {
          const project = await work.project('unpublish', { name: 'unpublish', version: '1.0.0' });
          await work.ok(client.unpublish(`${plain}@1.0.0`), project);
          const document = await server.packument(plain);
          assert.ok(!('1.0.0' in document.versions));
          const tarball = await fetch(`${server.url}/${plain}/-/${plain}-1.0.0.tgz`);
          assert.equal(tarball.status, 404);
          await work.ok(client.unpublish(plain), project);
          const gone = await server.request('GET', `/${plain}`);
          assert.equal(gone.status, 404);
          const again = await work.project('again-1.0.0', library(plain, '1.0.0'), sources('1.0.0'));
          const refused = await work.run(client.publish({}), again);
          assert.notEqual(refused.code, 0);
        });
      }
    });
  }
}
