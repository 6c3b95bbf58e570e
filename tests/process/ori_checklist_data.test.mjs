// The registry phase of the Ori plan, item by item, against the real binary: the scanner of advisories
// of section 11.3, and sections 11.5 to 11.7; ori_checklist.test.mjs has what comes before.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { binary, run } from './support/kontor.mjs';
import { archive, change, download, metadata, publishOri, sha256, versions } from './support/ori.mjs';
import { start } from './support/server.mjs';

const server = await start({ after });
const admin = await server.token();
const alice = await server.user('alice');
const bob = await server.user('bob');

describe('11.3 advisory scanner', () => {
  const told = (pack) => metadata(server, pack).then((answer) => answer.json.advisories);

  test('a new package is judged by what is known: warned of, or locked away', async () => {
    const risky = { name: '@scanned/risky', version: '1.0.0' };
    const evil = { name: '@scanned/evil', version: '1.0.0' };
    await plant('ORI-SA-2026-0101', risky.name, { fixed: '1.1.0' });
    await plant('MAL-2026-0102', evil.name, { last_affected: '1.0.0' });
    const warned = await publishOri(server, risky, alice);
    assert.equal(warned.status, 201, warned.text);
    assert.match(warned.json.warnings.join('\n'), /ORI-SA-2026-0101/);
    assert.deepEqual(await told(risky), ['ORI-SA-2026-0101']);
    assert.equal((await publishOri(server, evil, alice)).status, 201);
    const refused = await download(server, evil);
    assert.deepEqual([refused.status, refused.json.error], [403, 'quarantined']);
    const mended = await publishOri(server, { ...risky, version: '1.1.0' }, alice);
    assert.deepEqual([mended.json.warnings, await told({ ...risky, version: '1.1.0' })], [[], []]);
  });

  test('a new package is judged by what it depends on', async () => {
    const base = { name: '@scanned/base', version: '1.0.0' };
    assert.equal((await publishOri(server, base, alice)).status, 201);
    await plant('ORI-SA-2026-0103', base.name, { fixed: '2.0.0' });
    const lock = `[checksums]\n"${base.name}:1.0.0" = "sha256:${sha256(archive(base))}"\n`;
    const above = { name: '@scanned/above', version: '1.0.0', more: `[dependencies]\n"${base.name}" = "1.0.0"\n`, files: { 'oripk.lock': lock } };
    const warned = await publishOri(server, above, alice);
    assert.equal(warned.status, 201, warned.text);
    assert.match(warned.json.warnings.join('\n'), /@scanned\/base.*ORI-SA-2026-0103/s);
  });

  test('what is published already is judged again by each new, changed and withdrawn advisory', async () => {
    const pack = { name: '@scanned/old', version: '1.0.0' };
    assert.equal((await publishOri(server, pack, alice)).status, 201);
    assert.deepEqual(await told(pack), []);
    await plant('ORI-SA-2026-0104', pack.name, { fixed: '2.0.0' });
    assert.deepEqual(await told(pack), ['ORI-SA-2026-0104']);
    const patch = (body) => server.request('PATCH', '/v1/advisories/ORI-SA-2026-0104', { token: admin, body });
    const elsewhere = [{ package: { ecosystem: 'Ori', name: pack.name }, versions: ['9.9.9'] }];
    assert.equal((await patch({ affected: elsewhere })).status, 200);
    assert.deepEqual(await told(pack), []);
    assert.equal((await patch({ affected: [{ ...elsewhere[0], versions: ['1.0.0'] }] })).status, 200);
    assert.deepEqual(await told(pack), ['ORI-SA-2026-0104']);
    assert.equal((await patch({ withdrawn: true })).status, 200);
    assert.deepEqual(await told(pack), []);
  });

  test('policy block refuses the publish', async (t) => {
    const own = await start(t, { settings: { 'advisories.policy': '*/*=block' } });
    const token = await own.token();
    await plant('ORI-SA-2026-0105', '@a/b', { fixed: '2.0.0' }, own, token);
    const refused = await publishOri(own, { name: '@a/b', version: '1.0.0' }, token);
    assert.deepEqual([refused.status, refused.json.error], [403, 'advisory_blocked']);
    assert.equal((await publishOri(own, { name: '@a/b', version: '2.0.0' }, token)).status, 201);
    await own.stopCleanly();
  });
});

// An advisory about versions of one package from the first on.
async function plant(id, name, end, host = server, token = admin) {
  const affected = [{ package: { ecosystem: 'Ori', name }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, end] }] }];
  const body = { schema_version: '1.7.0', id, modified: '2026-11-20T00:00:00Z', summary: `About ${name}`, affected };
  const planted = await host.request('POST', '/v1/advisories', { token, body });
  assert.equal(planted.status, 201, planted.text);
}

describe('11.5 metadata', () => {
  test('package metadata: version lists and package info survive a restart', async (t) => {
    const own = await start(t);
    const token = await own.token();
    const pack = { name: '@kept/tool', version: '1.0.0', more: 'license = "MIT"\nkeywords = ["rope"]\n' };
    for (const version of ['1.0.0', '1.1.0', '2.0.0-rc.1'])
      assert.equal((await publishOri(own, { ...pack, version }, token)).status, 201);
    await change(own, pack, 'yank', token);
    const before = [await versions(own, pack.name), await metadata(own, pack)].map((answer) => answer.json);
    await own.stopCleanly();
    const again = await start(t, { dataDir: own.dataDir });
    assert.deepEqual([await versions(again, pack.name), await metadata(again, pack)].map((a) => a.json), before);
    assert.deepEqual([before[0].latest, before[0].versions.map((v) => v.version)], ['1.1.0', ['1.1.0']]);
    assert.deepEqual([before[1].license, before[1].keywords, before[1].yanked], ['MIT', ['rope'], true]);
    await again.stopCleanly();
  });

  test('search index: by name and by description', async () => {
    const pack = { name: '@indexed/peculiar', version: '1.0.0', description: 'Quadratic whistling' };
    await publishOri(server, pack, alice);
    for (const q of ['peculiar', 'whistling', 'quadra'])
      assert.deepEqual((await server.get(`/v1/search?q=${q}`)).json.results.map((r) => r.name), [pack.name], q);
  });

  test('ownership records: a scope and its packages belong to who claimed them', async () => {
    assert.equal((await publishOri(server, { name: '@mine/one', version: '1.0.0' }, alice)).status, 201);
    assert.equal((await publishOri(server, { name: '@mine/two', version: '1.0.0' }, bob)).status, 403);
    assert.equal((await publishOri(server, { name: '@mine/one', version: '1.1.0' }, bob)).status, 403);
    assert.deepEqual((await server.get('/v1/packages/mine/one/owners')).json.owners, ['alice']);
  });

  test('two first publishes into one scope: exactly one user gets it', async () => {
    const [a, b] = await Promise.all([
      publishOri(server, { name: '@raced/one', version: '1.0.0' }, alice),
      publishOri(server, { name: '@raced/two', version: '1.0.0' }, bob),
    ]);
    assert.deepEqual([a.status, b.status].sort(), [201, 403]);
  });

  test('token records: only their digests are stored', async () => {
    const { token } = (await server.request('POST', '/v1/tokens', {
      token: alice, body: { scope: 'read', name: 'reader', password: 'password of alice' },
    })).json;
    const listed = (await server.get('/v1/tokens', { token: alice })).json.tokens.find((t) => t.name === 'reader');
    assert.equal(listed.scope, 'read');
    for (const file of ['kontor.db', 'kontor.db-wal'])
      assert.ok(!(await readFile(path.join(server.dataDir, file))).includes(token), file);
  });
});

describe('11.6 advisory database', () => {
  const record = {
    dataType: 'CVE_RECORD',
    dataVersion: '5.1',
    cveMetadata: { cveId: 'CVE-2026-7001', assignerOrgId: 'x', state: 'PUBLISHED', datePublished: '2026-11-01T00:00:00Z', dateUpdated: '2026-11-02T00:00:00Z' },
    containers: {
      cna: {
        descriptions: [{ lang: 'en', value: 'Unties every knot' }],
        affected: [{
          packageURL: 'pkg:ori/%40stored/knot',
          versions: [{ version: '0', lessThan: '1.2.0', versionType: 'semver', status: 'affected' }],
        }],
        metrics: [{ cvssV3_1: { vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' } }],
      },
    },
  };

  test('advisory storage: CVE records are kept whole, and as OSV', async (t) => {
    const own = await start(t);
    const token = await own.token();
    const stored = await own.request('POST', '/v1/advisories', { token, body: record });
    assert.equal(stored.status, 201, stored.text);
    await own.stopCleanly();
    const again = await start(t, { dataDir: own.dataDir });
    const { json } = await again.get('/v1/advisories/CVE-2026-7001');
    assert.deepEqual([json.id, json.details, json.published], ['CVE-2026-7001', 'Unties every knot', '2026-11-01T00:00:00Z']);
    assert.equal(json.severity[0].score, record.containers.cna.metrics[0].cvssV3_1.vectorString);
    assert.deepEqual(json.database_specific.cve, record);
    const broken = await again.request('POST', '/v1/advisories', { token, body: { ...record, cveMetadata: { ...record.cveMetadata, cveId: 'x' } } });
    assert.equal(broken.status, 400, broken.text);
    assert.match(broken.text, /cveMetadata\.cveId: must be/);
    await again.stopCleanly();
  });

  test('advisory API: queried by package, by version, by id and by many at once', async () => {
    await plant('ORI-SA-2026-0201', '@asked/one', { fixed: '1.2.0' });
    const list = (query) => server.get(`/v1/advisories?${query}`).then((answer) => answer.json.advisories.map((a) => a.id));
    const name = encodeURIComponent('@asked/one');
    assert.deepEqual(await list(`package=${name}`), ['ORI-SA-2026-0201']);
    assert.deepEqual(await list(`package=${name}&version=1.1.9`), ['ORI-SA-2026-0201']);
    assert.deepEqual(await list(`package=${name}&version=1.2.0`), []);
    assert.deepEqual(await list('package=%40asked%2Fnone'), []);
    assert.equal((await server.get('/v1/advisories/ORI-SA-2026-0201')).json.summary, 'About @asked/one');
    assert.equal((await server.get('/v1/advisories/ORI-SA-2026-9999')).status, 404);
    const packages = [{ name: '@asked/one', version: '1.0.0' }, { name: '@asked/one', version: '1.2.0' }, { name: '@asked/none', version: '1.0.0' }];
    const answer = await server.request('POST', '/v1/advisories/query', { body: { packages } });
    assert.deepEqual(answer.json.results.map((r) => r.advisories.map((a) => [a.id, a.fixed])), [[['ORI-SA-2026-0201', '1.2.0']], [], []]);
  });
});

describe('11.7 monitoring', () => {
  test('health checks: the process, its parts and its own endpoints', async () => {
    assert.equal((await server.get('/health')).status, 200);
    await server.assertHealthy();
    const history = await server.get('/-/kontor/v1/health/history', { token: admin });
    assert.equal(history.status, 200);
  });

  test('error tracking: a 5xx has an id that finds it in the log and in kontor errors', async (t) => {
    const own = await start(t);
    const token = await own.token();
    const pack = { name: '@broken/tool', version: '1.0.0' };
    assert.equal((await publishOri(own, pack, token)).status, 201);
    const digest = sha256(archive(pack));
    await writeFile(path.join(own.dataDir, 'blobs/ori/sha256', digest.slice(0, 2), digest.slice(2, 4), `${digest}.ori.tar.gz`), 'x');
    const failed = await own.get('/v1/packages/broken/tool/1.0.0/download?verify=1');
    assert.equal(failed.status, 500);
    const id = failed.headers['x-request-id'];
    const logged = await own.child.event('request_failed', { request: id });
    assert.equal(logged.code, 'storage_failed');
    const shown = await own.get(`/api/errors/${id}`, { token });
    assert.deepEqual([shown.json.code, shown.json.count, shown.json.requests], ['storage_failed', 1, [id]]);
    assert.equal((await own.get('/api/errors')).status, 401);
    const errors = async (...words) => {
      const result = await run(binary, ['errors', ...words, '--registry', own.url, '--token', token]);
      assert.equal(result.code, 0, result.stderr);
      return result.stdout;
    };
    assert.match(await errors('list'), new RegExp(`^${shown.json.id} {2}1 times, last .* storage_failed: `, 'm'));
    assert.match(await errors('show', id), new RegExp(`^storage_failed, 1 times\n[^]*^ {2}${id}$`, 'm'));
    await own.stopCleanly();
    const again = await start(t, { dataDir: own.dataDir });
    const list = await again.get('/api/errors', { token });
    assert.deepEqual(list.json.errors.map((e) => e.requests), [[id]]);
    assert.equal((await again.request('DELETE', '/api/errors', { token })).status, 200);
    assert.deepEqual((await again.get('/api/errors', { token })).json.errors, []);
    await again.stopCleanly();
  });
});
