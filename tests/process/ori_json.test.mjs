// Every command of `ori` with --json: one object on standard output that says how it ended and what
// it did, and the advisories of every package that it shows.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Person } from './support/ori_cli.mjs';
import { start } from './support/server.mjs';

const everybody = { after };
const server = await start(everybody);
const said = new Map(); // command: what it has said

async function tell(person, ...words) {
  const result = await person.ori(...words, '--json');
  assert.equal(result.code, 0, `${words.join(' ')}: ${result.stdout}${result.stderr}`);
  assert.match(result.stderr, /^(warning: .*\n)*$/, 'nothing but warnings beside it');
  const { ok, warnings, ...facts } = JSON.parse(result.stdout);
  assert.deepEqual([ok, Array.isArray(warnings)], [true, true], words.join(' '));
  assert.ok(Object.keys(facts).length > 0, words.join(' '));
  const name = words[0] === 'cache' ? words.slice(0, 2).join(' ') : words[0];
  said.set(name, { warnings, ...facts });
  return said.get(name);
}

async function allCommands(person) {
  const listed = async (...words) => {
    const { stdout } = await person.ori(...words, '--help');
    return [...stdout.slice(stdout.indexOf('\nSubcommands:')).matchAll(/^ {2}(\w+)/gm)].map((match) => match[1]);
  };
  const names = await listed();
  assert.ok(names.includes('cache'));
  return [...names.filter((name) => name !== 'cache'), ...(await listed('cache')).map((name) => `cache ${name}`)];
}

test('an author with --json', async (t) => {
  const author = await Person.arrive(t, 'author', server.url);
  assert.deepEqual((await tell(author, 'new', '@json/rope', '--lib')).files,
    ['rope/oripk.toml', 'rope/src/lib.ori', 'rope/.gitignore']);
  author.go('rope');
  const login = await author.oriWith({ input: `${await server.user('author')}\n` }, 'login', '--json');
  assert.deepEqual(JSON.parse(login.stdout), { ok: true, registry: server.url, username: 'author', scope: 'admin', warnings: [] });
  said.set('login', JSON.parse(login.stdout));
  await author.edit('oripk.toml', (text) => text.replace('description = ""', 'description = "Holds json"\nlicense = "MIT"'));
  const { checksum } = await tell(author, 'publish', '--dry-run');
  const published = await tell(author, 'publish');
  assert.deepEqual([published.name, published.version, published.checksum], ['@json/rope', '0.1.0', checksum]);
  assert.ok(published.log.index >= 0);
  assert.deepEqual(await tell(author, 'version', 'minor'), { warnings: [], name: '@json/rope', from: '0.1.0', version: '0.2.0' });
  await tell(author, 'publish');
  assert.equal((await tell(author, 'yank', '0.1.0')).yanked, true);
  assert.equal((await tell(author, 'unyank', '0.1.0')).yanked, false);
  assert.equal((await tell(author, 'deprecate', '0.1.0', 'old')).deprecated, 'old');
  assert.equal((await tell(author, 'deprecate', '0.1.0', '')).deprecated, null);
});

test('a user with --json, whom each command tells of advisories', async (t) => {
  const id = 'ORI-SA-2026-0301';
  const affected = [{ package: { ecosystem: 'Ori', name: '@json/rope' }, versions: ['0.1.0'] }];
  const planted = await server.request('POST', '/v1/advisories', {
    token: await server.token(), body: { id, summary: 'Frays', affected },
  });
  assert.equal(planted.status, 201, planted.text);
  const user = await Person.arrive(t, 'user', server.url);
  assert.deepEqual((await tell(user, 'init', '@json/boat')).files, ['oripk.toml', 'src/main.ori', '.gitignore']);
  const warning = `@json/rope@0.1.0 is affected by ${id}; see: ori audit`;
  const installed = await tell(user, 'install', '@json/rope:0.1.0');
  assert.deepEqual([installed.changes, installed.fetched, installed.packages[0].advisories, installed.warnings],
    [[{ name: '@json/rope', from: null, to: '0.1.0' }], ['@json/rope@0.1.0'], [id], [warning]]);
  const shown = {
    sync: (facts) => facts.packages[0].advisories,
    check: (facts) => facts.dependencies[0].advisories,
    deps: (facts) => facts.packages[0].advisories,
    'why @json/rope': (facts) => facts.advisories,
    'info @json/rope:0.1.0': (facts) => facts.advisories,
    'check @json/rope': (facts) => facts.versions.find((v) => v.version === '0.1.0').advisories,
    'upgrade @json/rope': (facts) => facts.versions.find((v) => v.version === '0.1.0').advisories,
    licenses: (facts) => (facts.warnings[0] === warning ? [id] : facts.warnings),
  };
  for (const [words, ids] of Object.entries(shown))
    assert.deepEqual(ids(await tell(user, ...words.split(' '))), [id], words);
  const audit = await user.ori('audit', '--json');
  assert.deepEqual([audit.code, JSON.parse(audit.stdout).affected[0].advisories.map((a) => a.id)], [1, [id]]);
  assert.deepEqual((await tell(user, 'search', 'json')).results.map((r) => [r.name, r.version, r.advisories]),
    [['@json/rope', '0.2.0', []]]);
  assert.deepEqual((await tell(user, 'upgrade', '@json/rope:0.2.0')).changes, [{ name: '@json/rope', from: '0.1.0', to: '0.2.0' }]);
  assert.deepEqual((await tell(user, 'audit')).affected, []);
  assert.equal((await tell(user, 'cache', 'list')).packages.length, 2);
  await tell(user, 'cache', 'verify');
  assert.deepEqual((await tell(user, 'remove', '@json/rope')).changes, [{ name: '@json/rope', from: '0.2.0', to: null }]);
  await tell(user, 'cache', 'clean');
  assert.deepEqual([...said.keys()].sort(), (await allCommands(user)).sort());
});

test('search and the choice of a version show advisories', async (t) => {
  const user = await Person.arrive(t, 'user', server.url);
  const id = 'ORI-SA-2026-0302';
  const affected = [{ package: { ecosystem: 'Ori', name: '@json/rope' }, versions: ['0.2.0'] }];
  const planted = await server.request('POST', '/v1/advisories', {
    token: await server.token(), body: { id, summary: 'Knots', affected },
  });
  assert.equal(planted.status, 201, planted.text);
  assert.deepEqual((await tell(user, 'search', 'json')).results[0].advisories, [id]);
  assert.equal(await user.ok('search', 'json'), `@json/rope 0.2.0\n    Holds json\n    affected by ${id}\n`);
  await user.make('@json/raft');
  assert.match(await user.refused(1, 'install', '@json/rope'), new RegExp(`has the versions 0\\.2\\.0 \\(${id}\\), 0\\.1\\.0 \\(ORI-SA-2026-0301\\)`));
});
