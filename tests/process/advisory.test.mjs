// `kontor advisory` as an administrator types it: at a running server and in the data directory of a
// stopped one, from files, folders, ZIP archives and CVE records.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from './support/data.mjs';
import { environment, folder, kontor } from './support/kontor.mjs';
import { publish } from './support/packages.mjs';
import { start } from './support/server.mjs';
import { zip } from './support/zip.mjs';

const osv = (id, name, events, more = {}) => ({
  schema_version: '1.7.0',
  id,
  modified: '2026-11-20T08:30:00Z',
  summary: `About ${name}`,
  affected: [{ package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events }] }],
  x_kept: { nobody: ['knows', 1.5, null] },
  ...more,
});
const below = (version) => [{ introduced: '0' }, { fixed: version }];

const cve = (id, name) => ({
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: { cveId: id, state: 'PUBLISHED', datePublished: '2026-01-02T03:04:05' },
  containers: {
    cna: {
      title: `A hole in ${name}`,
      descriptions: [{ lang: 'en', value: 'Long.' }],
      affected: [
        {
          packageURL: `pkg:npm/${name}`,
          versions: [{ version: '1.0.0', status: 'affected', lessThan: '1.4.0' }],
        },
      ],
    },
  },
});

// A server and the command at it, or in its data directory once it is stopped.
async function office(t) {
  const server = await start(t);
  const dir = await folder(t);
  const token = await server.token();
  const advisory = (...args) =>
    kontor(['advisory', ...args], {
      cwd: dir,
      env: environment({ NPM_TOKEN: token }),
    });
  const at = (...args) => advisory(...args, '--registry', server.url);
  const ok = async (...args) => {
    const result = await at(...args);
    assert.equal(result.code, 0, result.stderr);
    return result.stdout;
  };
  const json = async (...args) => JSON.parse(await ok(...args, '--json'));
  const write = async (name, content) => {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), Buffer.isBuffer(content) ? content : JSON.stringify(content));
  };
  return { server, dir, token, advisory, at, ok, json, write };
}

describe('kontor advisory', () => {
  test('import takes a folder, says what it refused, and changes nothing the second time', async (t) => {
    const { server, at, json, write } = await office(t);
    await write('feed/a/GHSA-1.json', osv('GHSA-1', 'left', below('1.2.0')));
    await write('feed/CVE-2026-1.json', cve('CVE-2026-1', 'right'));
    await write('feed/bad.json', osv('GHSA-2', 'left', [{ introduced: '0', fixed: '1.0.0' }]));
    await write('feed/none.json', Buffer.from('{"id": '));
    await write('feed/readme.txt', Buffer.from('no record'));
    const first = await at('import', 'feed', '--json');
    assert.equal(first.code, 1, first.stderr);
    const report = JSON.parse(first.stdout);
    assert.deepEqual(report.outcomes, { added: 2 });
    assert.match(
      report.refused.find(({ source }) => source.endsWith('bad.json')).message,
      /affected\[0\]\.ranges\[0\]\.events\[0\]/,
    );
    assert.ok(report.refused.some(({ source }) => source.endsWith('none.json')));
    const again = JSON.parse((await at('import', 'feed', '--json')).stdout);
    assert.deepEqual(again.outcomes, { unchanged: 2 });
    const listed = await json('list', '--package', 'right');
    assert.equal(listed[0].id, 'CVE-2026-1');
    assert.equal(listed[0].database_specific.cve.containers.cna.title, 'A hole in right');
    await server.stopCleanly();
  });

  test('import takes a ZIP archive, and export gives back what came', async (t) => {
    const { server, dir, at, ok, json, write } = await office(t);
    const records = [
      osv('GHSA-1', 'left', below('1.2.0')),
      osv('MAL-2026-1', '@acme/evil', [{ introduced: '0' }]),
    ];
    await write(
      'all.zip',
      zip(Object.fromEntries(records.map((r) => [`../${r.id}.json`, JSON.stringify(r)]))),
    );
    assert.deepEqual((await json('import', 'all.zip')).outcomes, { added: 2 });
    await ok('export', 'out');
    assert.deepEqual((await readdir(path.join(dir, 'out'))).sort(), ['GHSA-1.json', 'MAL-2026-1.json']);
    for (const record of records) {
      const text = await readFile(path.join(dir, 'out', `${record.id}.json`), 'utf8');
      assert.deepEqual(JSON.parse(text), record);
    }
    const lines = (await ok('export')).trimEnd().split('\n');
    assert.deepEqual(lines.map((line) => JSON.parse(line).id), ['GHSA-1', 'MAL-2026-1']);
    assert.match(await ok('export', 'copy.zip'), /^Wrote 2 records to copy\.zip\.$/m);
    assert.deepEqual((await readdir(dir)).filter((name) => name.includes('.new')), []);
    const other = await office(t);
    await other.write('copy.zip', await readFile(path.join(dir, 'copy.zip')));
    assert.deepEqual((await other.json('import', 'copy.zip')).outcomes, { added: 2 });
    assert.equal(await other.ok('export'), await ok('export'));
    await other.server.stopCleanly();
    await write('broken.zip', Buffer.from('PK no archive'));
    const broken = await at('import', 'broken.zip');
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /ZIP archive/);
    assert.equal((await at('import', 'nowhere')).code, 2);
    await server.stopCleanly();
  });

  test('add writes a record, which locks a version away until it is withdrawn', async (t) => {
    const { server, token, ok, json } = await office(t);
    assert.equal((await publish(server, token, { name: 'left', version: '1.0.0' })).status, 201);
    const tarball = () => server.request('GET', '/left/-/left-1.0.0.tgz');
    const { id } = await json(
      'add', '--package', 'left', '--version', '1.0.0', '--malicious', '--summary', 'Steals tokens',
    );
    assert.match(id, /^x_ADV-\d{4}-0001$/);
    assert.equal((await tarball()).status, 403);
    assert.match(await ok('list'), new RegExp(`${id} +malicious`));
    await ok('withdraw', id);
    assert.equal((await tarball()).status, 200);
    assert.match(await ok('list'), new RegExp(`${id} +withdrawn`));
    await server.stopCleanly();
  });

  test('works in the data directory of a stopped server, not beside a running one', async (t) => {
    const { server, token, advisory, write } = await office(t);
    assert.equal((await publish(server, token, { name: 'left', version: '1.0.0' })).status, 201);
    await write('MAL-1.json', osv('MAL-1', 'left', [{ introduced: '0' }]));
    const beside = await advisory('import', 'MAL-1.json', '--data-dir', server.dataDir);
    assert.equal(beside.code, 2);
    assert.match(beside.stderr, /A server uses/);
    await server.stopCleanly();
    const done = await advisory('import', 'MAL-1.json', '--data-dir', server.dataDir, '--json');
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual(JSON.parse(done.stdout).outcomes, { added: 1 });
    const again = await start(t, { dataDir: server.dataDir });
    assert.equal((await again.request('GET', '/left/-/left-1.0.0.tgz')).status, 403);
    const leaves = await eventually(async () => {
      const size = (await again.request('GET', '/log/public/checkpoint')).text.split('\n')[1];
      const tile = await again.request('GET', `/log/public/tile/entries/000.p/${size}`);
      return /pkglog\/v1 quarantine/.test(tile.text) && tile;
    });
    assert.match(leaves.text, /pkglog\/v1 advisory\nadvisory MAL-1/);
    assert.match(leaves.text, /pkglog\/v1 quarantine\npackage npm\/left/);
    await again.stopCleanly();
  });

  test('refuses who is no administrator', async (t) => {
    const { server, write, advisory } = await office(t);
    await write('GHSA-1.json', osv('GHSA-1', 'left', below('1.2.0')));
    const refused = await advisory('import', 'GHSA-1.json', '--registry', server.url, '--token', 'npm_wrong');
    assert.equal(refused.code, 2, refused.stderr);
    await server.stopCleanly();
  });

  test('takes in 10,000 generated records', async (t) => {
    const { server, json, write } = await office(t);
    const files = {};
    for (let i = 0; i < 10_000; ++i) {
      const record = osv(`GHSA-${i}-gene-rate`, `package-${i % 4000}`, below(`1.${i % 50}.0`), {
        details: 'x'.repeat(1500),
        aliases: [`CVE-2026-${i}`],
        database_specific: { severity: 'HIGH', cwe_ids: ['CWE-94'] },
      });
      files[`${record.id}.json`] = JSON.stringify(record);
    }
    await write('all.zip', zip(files));
    const begun = performance.now();
    const report = await json('import', 'all.zip');
    const seconds = (performance.now() - begun) / 1000;
    assert.deepEqual(report.outcomes, { added: 10_000 });
    t.diagnostic(`10,000 records over HTTP in ${seconds.toFixed(1)} s`);
    const audit = await server.request('POST', '/-/npm/v1/security/advisories/bulk', {
      body: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`package-${i}`, ['1.0.0']])),
    });
    assert.equal(audit.status, 200);
    assert.ok(Object.keys(audit.json).length > 900);
    await server.stopCleanly();
  });
});
