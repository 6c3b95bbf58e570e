// Each way in which `ori` refuses: what it says, its exit status, and that nothing has changed.
import assert from 'node:assert/strict';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { liar, Person } from './support/ori_cli.mjs';
import { binary, run } from './support/kontor.mjs';
import { publishOri } from './support/ori.mjs';
import { start } from './support/server.mjs';

const everybody = { after };
const server = await start(everybody);
const sha = /sha256:[0-9a-f]{64}/g;

async function publish(t, name, options) {
  const author = await Person.arrive(t, 'author', server.url);
  await author.logIn(await server.token());
  await author.make(name, options);
  if (options?.dependencies) await author.ok('sync');
  await author.ok('publish');
}

async function visitor(t, registry = server.url) {
  const person = await Person.arrive(t, 'visitor', registry);
  return person.make('@visitor/app');
}

await publish(everybody, '@set/leaf');
await publish(everybody, '@set/leaf', { version: '2.0.0' });
await publish(everybody, '@set/one', { dependencies: '@set/leaf = "1.0.0"\n' });
await publish(everybody, '@set/two', { dependencies: '@set/leaf = "2.0.0"\n' });
await publish(everybody, '@set/one', { version: '2.0.0', dependencies: '@set/leaf = "2.0.0"\n' });

// What a refused command must leave as it was.
async function unchanged(person, act) {
  const look = async () => [await person.read('oripk.toml'), await person.read('oripk.lock').catch(() => 'none')];
  const before = await look();
  const result = await act();
  assert.deepEqual(await look(), before);
  return result;
}

describe('resolution', () => {
  test('E0901: two versions of one package, with who asks for which', async (t) => {
    const person = await visitor(t);
    await person.ok('install', '@set/one:1.0.0');
    const said = await unchanged(person, () => person.refused(1, 'install', '@set/two:1.0.0'));
    assert.match(said, /^error: \[E0901\] version conflict for @set\/leaf\n {2}\| @set\/one@1\.0\.0 requires @set\/leaf = "1\.0\.0"\n {2}\| @set\/two@1\.0\.0 requires @set\/leaf = "2\.0\.0"\n {2}= help: /);
  });

  test('E0902: a circle, shown whole to whoever is about to close it', async (t) => {
    await publish(t, '@ring/b');
    await publish(t, '@ring/a', { dependencies: '@ring/b = "1.0.0"\n' });
    const author = await Person.arrive(t, 'author', server.url);
    await author.make('@ring/b', { version: '2.0.0', dependencies: '@ring/a = "1.0.0"\n' });
    const said = await unchanged(author, () => author.refused(1, 'sync'));
    assert.match(said, /^error: \[E0902\] circular dependency detected\n {2}\| @ring\/b depends on @ring\/a\n {2}\| @ring\/a depends on @ring\/b\n {2}= help: /);
  });

  test('packages that change along are shown first, and want a yes', async (t) => {
    const person = await visitor(t);
    await person.ok('install', '@set/one:1.0.0');
    const said = await unchanged(person, () => person.refused(1, 'upgrade', '@set/one:2.0.0'));
    assert.match(said, /Other packages change with it:\n {2}@set\/leaf 1\.0\.0 -> 2\.0\.0\nUpgrade\? \[y\/N\]/);
    const no = await unchanged(person, () => person.oriWith({ input: 'n\n' }, 'upgrade', '@set/one:2.0.0'));
    assert.equal(no.code, 1);
    assert.equal((await person.oriWith({ input: 'y\n' }, 'upgrade', '@set/one:2.0.0')).code, 0);
    assert.match(await person.read('oripk.lock'), /"@set\/leaf:2\.0\.0"/);
    assert.equal(await person.ok('why', '@set/leaf'), '@visitor/app > @set/one@2.0.0 > @set/leaf@2.0.0\n');
  });

  test('without a version the latest is offered', async (t) => {
    const person = await visitor(t);
    await unchanged(person, () => person.refused(1, 'install', '@set/leaf'));
    const result = await person.oriWith({ input: 'y\n' }, 'install', '@set/leaf');
    assert.match(result.stderr, /has the versions 2\.0\.0, 1\.0\.0\.\nInstall 2\.0\.0\? \[y\/N\]/);
    assert.match(await person.read('oripk.toml'), /^@set\/leaf = "2\.0\.0"$/m);
  });
});

describe('words that do not fit', () => {
  const cases = [
    ['a dependency twice', 1, ['install', '@set/leaf:2.0.0'], /is a dependency already.*ori upgrade @set\/leaf:/],
    ['an upgrade of what is not there', 1, ['upgrade', '@set/one:1.0.0'], /no dependency of this package; to add it run: ori install @set\/one:1\.0\.0/],
    ['the removal of what is not there', 1, ['remove', '@set/one'], /@set\/one is no dependency/],
    ['a package that nobody has', 1, ['install', '@set/nobody:1.0.0'], /404/],
    ['a version that nobody has', 1, ['install', '@set/one:9.0.0'], /404/],
    ['a range', 1, ['install', '@set/one:^1.0.0'], /versions are exact/],
    ['a name without a scope', 1, ['install', 'one'], /@scope\/name/],
    ['a feature that is not there', 1, ['install', '@set/one:1.0.0', '--features', 'warp'], /has no feature called warp/],
    ['a version that is none', 1, ['version', 'huge'], /version/],
    ['no command', 2, [], /./],
    ['an unknown command', 2, ['dance'], /There is no command "dance"/],
    ['an unknown flag', 2, ['sync', '--frozen'], /--frozen/],
    ['a yank without a token', 1, ['yank', '1.0.0'], /ori login/],
    ['a registry that is none', 1, ['sync', '--registry', 'nowhere'], /neither a URL nor an entry of \[registries\]/],
    ['a registry that is away', 3, ['install', '@set/one:1.0.0', '--registry', 'http://127.0.0.1:1'], /http:\/\/127\.0\.0\.1:1/],
  ];
  const ready = visitor(everybody).then(async (person) => {
    await person.ok('install', '@set/leaf:1.0.0');
    return person;
  });
  for (const [what, status, words, said] of cases)
    test(what, async () => {
      const person = await ready;
      assert.match(await unchanged(person, () => person.refused(status, ...words)), said);
      if (status === 2) return;
      const json = JSON.parse((await person.ori(...words, '--json')).stdout);
      assert.equal(json.ok, false);
      assert.ok(json.error.code && json.error.message);
    });

  test('outside of a package', async (t) => {
    const nobody = await Person.arrive(t, 'nobody', server.url);
    for (const words of [['sync'], ['publish'], ['deps'], ['version'], ['yank', '1.0.0']])
      assert.match(await nobody.refused(1, ...words), /There is no oripk\.toml here/);
    assert.match(await nobody.refused(2, 'audit'), /There is no oripk\.toml here/);
  });

  test('a manifest that is wrong is told with its line or field', async (t) => {
    const one = await visitor(t);
    await one.write('oripk.toml', '[project\n');
    assert.match(await one.refused(1, 'sync'), /oripk\.toml: line 1/);
    await one.write('oripk.toml', '[project]\nname = "@a/b"\nversion = "1"\nori = "0.1.0"\n');
    assert.match(await one.refused(1, 'sync'), /oripk\.toml: project\.version/);
  });
});

describe('what does not come as it was published', () => {
  const lies = [
    ['other bytes', 'what the registry sent', (at, answer) =>
      at.endsWith('/download') ? { ...answer, body: Buffer.concat([answer.body.subarray(0, -1), Buffer.from('x')]) } : answer],
    ['another checksum', 'the registry', (at, answer) =>
      at.endsWith('/metadata') ? { ...answer, body: answer.body.toString().replace(sha, `sha256:${'0'.repeat(64)}`) } : answer],
  ];
  for (const [what, where, lie] of lies)
    test(`${what}: both hashes are named, and nothing is installed`, async (t) => {
      const registry = await liar(t, server.url);
      registry.lie = lie;
      const person = await visitor(t, registry.url);
      const said = await unchanged(person, () => person.refused(4, 'install', '@set/leaf:1.0.0'));
      assert.equal(new Set(said.match(sha)).size, 2, said);
      assert.ok(said.includes(where), said);
      assert.deepEqual(await readdir(path.join(person.home, '.ori/cache/packages')).then(
        (names) => names.filter((name) => !name.endsWith('.json')), () => []), []);
    });

  test('a lock that says something else', async (t) => {
    const person = await visitor(t);
    await person.ok('install', '@set/leaf:1.0.0');
    await person.edit('oripk.lock', (text) => text.replace(sha, `sha256:${'1'.repeat(64)}`));
    const said = await unchanged(person, () => person.refused(4, 'sync'));
    assert.match(said, /oripk\.lock says sha256:1{64}, but the registry says sha256:/);
  });

  test('a release that the log does not tell of', async (t) => {
    const registry = await liar(t, server.url);
    registry.lie = (at, answer) => (at.includes('/proof/') ? { ...answer, status: 404 } : answer);
    const person = await visitor(t, registry.url);
    assert.match(await person.refused(1, 'install', '@set/leaf:1.0.0'), /No log of the registry tells that @set\/leaf@1\.0\.0 was published/);
  });

  test('a checkpoint that the key met first has not signed', async (t) => {
    const registry = await liar(t, server.url);
    const person = await visitor(t, registry.url);
    await person.ok('install', '@set/leaf:1.0.0');
    registry.lie = (at, answer) =>
      at === '/log/public/checkpoint' ? { ...answer, body: answer.body.toString().replace(/\n(\d+)\n/, '\n9999\n') } : answer;
    assert.match(await person.refused(4, 'install', '@set/one:1.0.0'), /sign/i);
  });

  test('a damaged cache is found', async (t) => {
    const person = await visitor(t);
    await person.ok('install', '@set/leaf:1.0.0');
    const file = path.join(person.at, '.ori/deps/@set/leaf/src/lib.ori');
    await chmod(file, 0o644);
    await writeFile(file, 'changed');
    const result = await person.ori('cache', 'verify');
    assert.equal(result.code, 4);
    assert.match(result.stdout, /src\/lib\.ori is not what the archive's CHECKSUM says/);
  });
});

describe('words of strangers', () => {
  test('cannot steer the terminal', async (t) => {
    const description = 'a\\u001b[2Jb\\u009bc\\u202ed\\u2066e é';
    const pack = { name: '@rude/pkg', version: '1.0.0', description };
    assert.equal((await publishOri(server, pack, await server.token())).status, 201);
    const shown = 'a?[2Jb?c?d?e é';
    const person = await visitor(t);
    assert.ok((await person.ok('info', '@rude/pkg')).includes(shown));
    assert.ok((await person.ok('search', 'rude')).includes(shown));
    assert.equal((await person.json('info', '@rude/pkg')).description, 'a\u001b[2Jb\u009bc\u202ed\u2066e é');
  });
});

describe('registries', () => {
  test('an entry called as the scope serves it, with its own token, and others get none', async (t) => {
    const own = await liar(t, server.url);
    const person = await visitor(t);
    await person.edit('oripk.toml', (text) => `${text}\n[registries.set]\nurl = "${own.url}"\n`);
    const install = (...env) =>
      person.oriWith({ env: Object.fromEntries(env) }, 'install', '@set/leaf:1.0.0');
    const token = await server.user('member');
    assert.equal((await install(['ORI_REGISTRY_TOKEN', token])).code, 0);
    assert.ok(own.asked.some((at) => at.endsWith('/download')));
    assert.deepEqual([...own.credentials], []);
    await person.ok('remove', '@set/leaf');
    assert.equal((await install(['ORI_REGISTRY_SET_TOKEN', token])).code, 0);
    assert.deepEqual([...own.credentials], [`Bearer ${token}`]);
  });

  test('a registry without a log has to be called so', async (t) => {
    const registry = await liar(t, server.url);
    registry.lie = (at, answer) => (at.startsWith('/log/') ? { ...answer, status: 404 } : answer);
    const person = await visitor(t);
    await person.edit('oripk.toml', (text) => `${text}\n[registries.set]\nurl = "${registry.url}"\n`);
    assert.match(await person.refused(1, 'install', '@set/leaf:1.0.0'), /shows no public log/);
    await person.edit('oripk.toml', (text) => `${text}log = "none"\n`);
    await person.ok('install', '@set/leaf:1.0.0');
  });

  test('a download from elsewhere is followed without the token', async (t) => {
    const registry = await liar(t, server.url);
    const cdn = await liar(t, server.url);
    registry.lie = (at, answer) =>
      at.endsWith('/download') ? { status: 302, headers: { location: cdn.url + at }, body: '' } : answer;
    const person = await visitor(t, registry.url);
    await person.logIn(await server.user('traveller'));
    await person.ok('install', '@set/leaf:1.0.0');
    assert.deepEqual(cdn.asked.map((at) => at.replace(/^.*\/leaf/, '')), ['/1.0.0/download']);
    assert.equal(cdn.credentials.size, 0);
    assert.equal(registry.credentials.size, 1);
  });

  test('a download that takes its time shows how far it is, on a terminal alone', async (t) => {
    const registry = await liar(t, server.url);
    const person = await visitor(t, registry.url);
    const child = person.oriAtTerminal('install', '@set/leaf:1.0.0');
    registry.end = async (at, response, body) => {
      if (!at.endsWith('/download')) return response.end(body);
      const half = Math.floor(body.length / 2);
      response.write(body.subarray(0, half));
      await child.until(() => /@set\/leaf@1\.0\.0 {2}\[#+-+\] +\d+%/.test(child.stdout), 'the line of the transfer');
      response.end(body.subarray(half));
    };
    const { code, stdout } = await child.ended;
    assert.equal(code, 0, stdout);
    assert.match(stdout, / +\r\+ @set\/leaf 1\.0\.0\r\n/);
    registry.end = (_, response, body) => response.end(body);
    await person.ok('cache', 'clean');
    assert.doesNotMatch((await person.ori('sync')).stderr, /%/);
  });

  test('so does a publish', async (t) => {
    const registry = await liar(t, server.url);
    const author = await Person.arrive(t, 'author', registry.url);
    await author.logIn(await server.token());
    await author.make('@slow/pkg');
    const child = author.oriAtTerminal('publish');
    registry.end = async (at, response, body) => {
      if (at.endsWith('/publish'))
        await child.until(() => /@slow\/pkg@1\.0\.0 {2}\[#+\] +100%/.test(child.stdout), 'the line of the transfer');
      response.end(body);
    };
    const { code, stdout } = await child.ended;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /Published at /);
  });

  test('kontor ori is the same program', async (t) => {
    const person = await visitor(t);
    const result = await run(binary, ['ori', 'version'], { cwd: person.at });
    assert.deepEqual([result.code, result.stdout], [0, '1.0.0\n']);
  });
});
