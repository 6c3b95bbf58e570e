// An author and a user through the whole life of a package, both with nothing but `ori`.
import assert from 'node:assert/strict';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { Person } from './support/ori_cli.mjs';
import { start } from './support/server.mjs';

const everybody = { after };
const server = await start(everybody);
const author = await Person.arrive(everybody, 'author', server.url);
const user = await Person.arrive(everybody, 'user', server.url);

describe('the author', () => {
  test('begins a package', async () => {
    assert.match(await author.ok('new', '@rope/knot', '--lib'), /^Made knot\/oripk\.toml$/m);
    author.go('knot');
    assert.equal((await stat(path.join(author.at, 'oripk.toml'))).mode & 0o777, 0o644);
    assert.match(await author.refused(1, 'init', '@rope/knot'), /oripk\.toml is there already/);
  });

  test('is told what is missing before anything is sent', async () => {
    assert.match(await author.refused(1, 'publish'), /project\.description is missing/);
    await author.edit('oripk.toml', (text) =>
      `${text.replace('description = ""', 'description = "Ties ropes"\nlicense = "MIT"')}\n[features]\nfast = []\n\n` +
      '[publish]\ninclude = ["README.md"]\n\n[scripts]\ntest = "test -f src/lib.ori && echo tested"\n');
    await author.write('README.md', '# knot\n');
    const dry = await author.json('publish', '--dry-run');
    assert.deepEqual(dry.files, ['README.md', 'oripk.toml', 'src/lib.ori']);
    assert.equal((await server.get('/v1/packages/rope/knot/versions')).status, 404);
  });

  test('needs a token to publish', async () => {
    assert.match(await author.refused(1, 'publish'), /ori login/);
    const wrong = await author.oriWith({ input: 'ori_wrong\n' }, 'login');
    assert.equal(wrong.code, 1);
    assert.equal(await author.logIn(await server.user('author')), `You are author at ${server.url}; the token may admin.\n`);
    const byPassword = (password) => author.oriWith({ input: `${password}\n` }, 'login', '--user', 'author');
    const mistyped = await byPassword('no');
    assert.deepEqual([mistyped.code, /wrong|incorrect|password/i.test(mistyped.stderr)], [1, true], mistyped.stderr);
    assert.equal((await byPassword('password of author')).stdout, `You are author at ${server.url}; the token may admin.\n`);
    const kept = path.join(author.home, '.ori/credentials.json');
    assert.doesNotMatch(await readFile(kept, 'utf8'), /password of author/);
    assert.equal((await stat(kept)).mode & 0o777, 0o600);
  });

  test('publishes, after the tests have passed, and finds it in the log', async () => {
    const result = await author.ori('publish');
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stderr, /^tested$/m);
    assert.match(result.stderr, /public log of \S+ is believed by this key from now on/);
    assert.match(result.stdout, /^Published at \S+; entry \d+ of its log tells of it\.$/m);
    const served = await server.get('/v1/packages/rope/knot/0.1.0/download');
    const { checksum } = await author.json('publish', '--dry-run');
    assert.equal(checksum, (await server.get('/v1/packages/rope/knot/0.1.0/metadata')).json.checksum);
    assert.equal(served.bytes.length, (await author.json('publish', '--dry-run')).size);
  });

  test('cannot publish other bytes under the same version', async () => {
    await author.write('src/lib.ori', '@answer () -> int = 43\n');
    assert.match(await author.refused(1, 'publish'), /published already, with other bytes; raise it by: ori version/);
    assert.equal(await author.ok('version', 'minor'), '0.1.0 -> 0.2.0\n');
    await author.ok('publish');
    assert.equal((await author.json('version')).version, '0.2.0');
  });

  test('does not publish what fails its tests', async () => {
    await author.ok('version', '0.3.0-rc.1');
    await author.edit('oripk.toml', (text) => text.replace('test -f src/lib.ori', 'false'));
    assert.match(await author.refused(1, 'publish'), /tests failed \(status 1\)/);
    await author.edit('oripk.toml', (text) => text.replace('false &&', 'true &&'));
    assert.equal(await author.ok('version', 'minor'), '0.3.0-rc.1 -> 0.3.0\n');
    await author.ok('version', '0.2.0');
  });
});

describe('the user', () => {
  test('finds the package and looks at it', async () => {
    assert.match(await user.ok('search', 'ropes'), /^@rope\/knot 0\.2\.0\n {4}Ties ropes$/m);
    const info = await user.json('info', '@rope/knot');
    assert.deepEqual([info.version, info.license, info.versions], ['0.2.0', 'MIT', ['0.2.0', '0.1.0']]);
    assert.match(await user.ok('info', '@rope/knot:0.1.0'), /^@rope\/knot 0\.1\.0\n {2}Ties ropes$/m);
  });

  test('installs an exact version, proved', async () => {
    await user.ok('new', '@user/boat');
    user.go('boat');
    const installed = await user.json('install', '@rope/knot:0.1.0', '--features', 'fast');
    const { checksum } = (await server.get('/v1/packages/rope/knot/0.1.0/metadata')).json;
    assert.deepEqual(installed.changes, [{ name: '@rope/knot', from: null, to: '0.1.0' }]);
    assert.equal(await user.read('oripk.lock'), `[checksums]\n"@rope/knot:0.1.0" = "${checksum}"\n`);
    assert.match(await user.read('oripk.toml'), /^@rope\/knot = \{ version = "0\.1\.0", features = \["fast"\] \}$/m);
    const linked = await realpath(path.join(user.at, '.ori/deps/@rope/knot'));
    assert.equal(linked, await realpath(path.join(user.home, `.ori/cache/packages/${checksum.replace(':', '-')}`)));
    assert.equal(await readFile(path.join(linked, 'src/lib.ori'), 'utf8'), '@answer () -> int = 42\n');
    assert.doesNotMatch(await readFile(path.join(linked, 'oripk.toml'), 'utf8'), /scripts/);
  });

  test('hears of what is newer, and upgrades', async () => {
    assert.equal(await user.ok('check'), '@rope/knot 0.1.0 -> 0.2.0\n');
    assert.equal(await user.ok('check', '@rope/knot'), '@rope/knot\n  0.2.0\n  0.1.0\n');
    const before = await user.read('oripk.toml');
    assert.match(await user.ok('upgrade', '@rope/knot'), /is at 0\.1\.0\. Versions: 0\.2\.0, 0\.1\.0/);
    assert.equal(await user.read('oripk.toml'), before);
    assert.match(await user.ok('upgrade', '@rope/knot:0.2.0'), /^~ @rope\/knot 0\.1\.0 -> 0\.2\.0$/m);
    assert.equal(await user.ok('check'), 'Every dependency is at its latest version.\n');
  });

  test('sees what is installed, and why', async () => {
    assert.match(await user.ok('deps', '--sizes'), /^@user\/boat\n└── @rope\/knot@0\.2\.0 {2}\d+ B\n1 package, \d+ B\n$/);
    assert.match(await user.ok('deps', '--graph'), /^digraph deps \{\n {2}"@user\/boat" -> "@rope\/knot";/);
    assert.equal(await user.ok('why', '@rope/knot'), '@user/boat > @rope/knot@0.2.0\n');
    assert.equal(await user.ok('licenses'), 'MIT\n  @rope/knot@0.2.0\n');
  });

  test('is warned of what is deprecated, and keeps what is yanked', async (t) => {
    await author.ok('deprecate', '0.2.0', 'use 0.3.0');
    await author.ok('yank', '0.2.0');
    const synced = await user.ori('sync');
    assert.equal(synced.code, 0, synced.stderr);
    assert.match(synced.stderr, /^warning: @rope\/knot@0\.2\.0 is deprecated: use 0\.3\.0$/m);
    assert.match(synced.stderr, /was yanked by its owners; it stays because oripk\.lock has it/);
    const other = await Person.arrive(t, 'other', server.url);
    await other.make('@other/raft');
    const manifest = await other.read('oripk.toml');
    assert.match(await other.refused(1, 'install', '@rope/knot:0.2.0'), /was yanked by its owners; choose another/);
    assert.equal(await other.read('oripk.toml'), manifest);
    await author.ok('unyank', '0.2.0');
    await author.ok('deprecate', '0.2.0', '');
    assert.equal((await user.ori('sync')).stderr, '');
  });

  test('is told of advisories by audit and by sync, and what mends them', async () => {
    assert.match(await user.ok('audit'), /^0 of 1 package is affected/m);
    const planted = await server.request('POST', '/v1/advisories', {
      token: await server.token(),
      body: {
        schema_version: '1.7.0', id: 'ORI-SA-2026-0001', modified: '2026-11-20T00:00:00Z', summary: 'Slips when wet',
        database_specific: { severity: 'MODERATE' },
        affected: [{
          package: { ecosystem: 'Ori', name: '@rope/knot' },
          ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '0.3.0' }] }],
        }],
      },
    });
    assert.equal(planted.status, 201, planted.text);
    await server.request('POST', '/-/kontor/v1/advisories/scan', { token: await server.token(), body: {} });
    const audit = await user.ori('audit');
    assert.equal(audit.code, 1);
    assert.match(audit.stdout, /^@rope\/knot@0\.2\.0\n {2}ORI-SA-2026-0001 .*Slips when wet\n {4}mended in 0\.3\.0\n {4}needed by @user\/boat$/m);
    assert.match((await user.ori('sync')).stderr, /affected by ORI-SA-2026-0001; see: ori audit/);
    assert.match(await user.ok('info', '@rope/knot:0.2.0'), /advisories +ORI-SA-2026-0001/);
    for (const command of [['deps'], ['why', '@rope/knot'], ['licenses'], ['check']])
      assert.match((await user.ori(...command)).stderr, /^warning: @rope\/knot@0\.2\.0 is affected by ORI-SA-2026-0001; see: ori audit$/m, command[0]);
    const json = JSON.parse((await user.ori('audit', '--json')).stdout);
    assert.deepEqual([json.ok, json.affected[0].advisories[0].fixed], [false, '0.3.0']);
    for (const [level, status] of [['low', 1], ['moderate', 1], ['high', 0], ['critical', 0], ['terrible', 2]])
      assert.equal((await user.ori('audit', '--deny', level)).code, status, level);
  });

  test('takes the mended version, which the author publishes', async () => {
    await author.ok('version', 'minor');
    await author.ok('publish');
    await user.ok('upgrade', '@rope/knot:0.3.0');
    assert.match(await user.ok('audit'), /^0 of 1 package is affected/m);
  });

  test('works on when the registry is away, and is told so', async () => {
    await server.stopCleanly();
    const synced = await user.ori('sync');
    assert.equal(synced.code, 0, synced.stderr);
    assert.match(synced.stderr, /What was known of it before is used instead/);
    assert.match((await user.ori('audit')).stderr, /^error: http/m);
    assert.equal((await user.ori('audit')).code, 2, 'it could not be checked');
    assert.match(await user.ok('cache', 'list'), /^@rope\/knot@0\.3\.0 {2}\d+ B$/m);
    assert.match(await user.ok('cache', 'verify'), /^3 of 3 packages are as published\.$/m);
  });

  test('removes the package', async () => {
    assert.match(await user.ok('remove', '@rope/knot'), /^- @rope\/knot 0\.3\.0$/m);
    assert.equal(await user.read('oripk.lock'), '[checksums]\n');
    assert.doesNotMatch(await user.read('oripk.toml'), /@rope/);
    await assert.rejects(stat(path.join(user.at, '.ori/deps/@rope/knot')));
    assert.match(await user.ok('cache', 'clean'), /^Removed 3 packages/);
    assert.match(await user.ok('cache', 'list'), /^0 packages/);
  });
});
