// Every client's audit shows a planted advisory and the version that mends it, answered by the
// registry alone; npm proposes and makes the fix; a malicious version is served no more.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { clients, Workplace } from './support/clients.mjs';
import { startServer } from './support/server.mjs';

const hole = (name) => ({
  schema_version: '1.7.0',
  id: 'GHSA-aaaa-bbbb-cccc',
  aliases: ['CVE-2026-4242'],
  modified: '2026-11-20T08:00:00Z',
  published: '2026-11-19T08:00:00Z',
  summary: 'Planted hole in parsing',
  details: 'For the tests only.',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      package: { ecosystem: 'npm', name },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '1.0.0' }, { fixed: '1.0.2' }] }],
    },
  ],
  database_specific: { severity: 'CRITICAL', cwe_ids: ['CWE-94'] },
});

const malware = (name, version) => ({
  id: 'MAL-2026-7',
  modified: '2026-11-20T09:00:00Z',
  summary: 'Malicious code in a package',
  affected: [{ package: { ecosystem: 'npm', name }, versions: [version] }],
});

for (const prefix of ['/', '/npm/'])
  for (const client of clients) {
    describe(`${client.name} at ${prefix}`, { concurrency: 1 }, () => {
      let server, admin, user, dir, work, project;
      before(async () => {
        server = await startServer();
        admin = await server.adminToken();
        user = await server.user('ada');
        dir = await mkdtemp(path.join(tmpdir(), 'kontor-audit-'));
        work = new Workplace(client, dir, server.url + prefix, user.token);
        for (const version of ['1.0.0', '1.0.1', '1.0.2', '1.1.0'])
          await publish('holey', version);
        project = await work.project('app', { name: 'app', version: '1.0.0', private: true });
        await work.ok(client.add(['holey@1.0.1']), project);
        const planted = await server.request('POST', '/v1/advisories', {
          token: admin,
          body: hole('holey'),
        });
        assert.equal(planted.status, 201, planted.text);
      });
      after(async () => {
        await server?.stop();
        if (dir) await rm(dir, { recursive: true, force: true });
      });

      async function publish(name, version) {
        const at = await work.project(`${name}-${version}`, { name, version });
        if (client.prepublish) await work.ok(client.prepublish(), at);
        await work.ok(client.publish({}), at);
      }

      test('shows the advisory and what mends it', { skip: !client.audit }, async () => {
        const audit = await work.run(client.audit(), project);
        assert.notEqual(audit.code, 0, audit.output);
        assert.match(audit.output, /Planted hole in parsing/, audit.output);
        assert.match(audit.output, /GHSA-aaaa-bbbb-cccc/, audit.output);
        assert.match(audit.output, /critical/i);
        assert.match(audit.output, />=\s?1\.0\.0 <\s?1\.0\.2|>=\s?1\.0\.2|<=1\.0\.1/, audit.output);
      });

      test('npm proposes the fix and makes it', { skip: !client.name.startsWith('npm') || prefix !== '/' }, async () => {
        const audit = await work.run(['audit', '--json'], project);
        const report = JSON.parse(audit.stdout);
        assert.equal(report.vulnerabilities.holey.severity, 'critical');
        assert.deepEqual(report.vulnerabilities.holey.range, '<=1.0.1');
        assert.ok(report.vulnerabilities.holey.fixAvailable);
        await work.ok(['audit', 'fix'], project);
        const lock = JSON.parse(await readFile(path.join(project, 'package-lock.json'), 'utf8'));
        assert.notEqual(lock.packages['node_modules/holey'].version, '1.0.1');
        const again = await work.run(['audit'], project);
        assert.equal(again.code, 0, again.output);
      });

      test('a malicious version is served no more, and npm says why', { skip: prefix !== '/' }, async () => {
        const planted = await server.request('POST', '/v1/advisories', {
          token: admin,
          body: malware('holey', '1.1.0'),
        });
        assert.equal(planted.status, 201, planted.text);
        const tarball = await server.request('GET', '/holey/-/holey-1.1.0.tgz');
        assert.equal(tarball.status, 403);
        assert.match(tarball.json.error, /MAL-2026-7/);
        const document = (await server.request('GET', '/holey')).json;
        assert.equal(document.versions['1.1.0'], undefined);
        assert.equal(document['dist-tags'].latest, '1.0.2');
        const other = await work.project('other', { name: 'other', version: '1.0.0', private: true });
        await work.forget(other);
        const refused = await work.run(client.add(['holey@1.1.0']), other);
        assert.notEqual(refused.code, 0, refused.output);
        if (client.name.startsWith('npm')) assert.match(refused.output, /MAL-2026-7/, refused.output);
        await work.ok(client.add(['holey']), other);
        const installed = await readFile(path.join(other, 'node_modules/holey/package.json'), 'utf8');
        assert.equal(JSON.parse(installed).version, '1.0.2');
      });
    });
  }
