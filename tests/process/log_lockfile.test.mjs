// `kontor verify lockfile`: each archive is proved under the name and version it is installed as, and
// whatever a lockfile does not prove is fetched and hashed.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { environment, folder, kontor } from './support/kontor.mjs';
import { settled } from './support/log_entries.mjs';
import { LogRegistry } from './support/log_registry.mjs';
import { archive, publishOri, sha256 } from './support/ori.mjs';
import { start } from './support/server.mjs';

async function world(t) {
  const registry = await new LogRegistry().start(t);
  const real = registry.publish('@acme/real', '1.0.0');
  const plain = registry.publish('plain', '2.0.0');
  const home = await folder(t);
  const options = { cwd: home, env: environment({ HOME: home, XDG_CONFIG_HOME: '' }) };
  assert.equal((await kontor(['log', 'pin', registry.url, registry.log.key.vkey], options)).code, 0);
  const verify = async (name, text, ...args) => {
    await writeFile(path.join(home, name), text);
    return kontor(['verify', 'lockfile', name, '--registry', registry.url, ...args], options);
  };
  return { registry, real, plain, verify };
}

const npmLock = (entries) => JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...entries } });
const berryLock = (...names) =>
  '__metadata:\n  version: 8\n' + names.map((name) => `"${name}":\n  resolution: "${name}"\n  checksum: 10c0/aa\n`).join('');

const entry = (version, integrity, more = {}) => ({ version, integrity, ...more });

test('aliases, nested entries and workspaces hold, with a request for each archive alone', async (t) => {
  const { registry, real, plain, verify } = await world(t);
  const lock = npmLock({
    'node_modules/@acme/real': entry('1.0.0', real.integrity, { resolved: 'https://mirror.example/x.tgz' }),
    'node_modules/alias': entry('1.0.0', real.integrity, { name: '@acme/real' }),
    'node_modules/a/node_modules/plain': entry('2.0.0', plain.integrity),
    'node_modules/here': { resolved: 'here', link: true },
  });
  registry.asked.length = 0;
  const result = await verify('package-lock.json', lock);
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stdout, /^3 of 3 archives are proved/);
  assert.equal(registry.asked.filter((path) => path.includes('/proof/')).length, 2);
  assert.equal(registry.asked.filter((path) => path.endsWith('.tgz')).length, 0);
  const json = JSON.parse((await verify('package-lock.json', lock, '--json')).stdout);
  assert.deepEqual(json.archives.map(({ status, index }) => [status, index]), [['proved', 0], ['proved', 0], ['proved', 1]]);
});

test('the integrity of another package, under this name, is refused with both hashes', async (t) => {
  const { real, plain, verify } = await world(t);
  const result = await verify('package-lock.json', npmLock({
    'node_modules/@acme/real': entry('1.0.0', real.integrity),
    'node_modules/plain': entry('2.0.0', real.integrity),
  }));
  assert.equal(result.code, 1);
  assert.match(result.stdout, /^1 of 2 archives/);
  assert.match(result.stderr, /plain@2\.0\.0 \(node_modules\/plain\): The log has sha512-/);
  assert.ok(result.stderr.includes(real.integrity) && result.stderr.includes(plain.integrity));
});

test('an alias that hides another package is refused', async (t) => {
  const { real, verify } = await world(t);
  const result = await verify('package-lock.json', npmLock({ 'node_modules/plain': entry('1.0.0', real.integrity) }));
  assert.equal(result.code, 1);
  assert.match(result.stderr, /No log of the registry tells that plain@1\.0\.0 was published/);
});

test('what is not in the log is refused with its address', async (t) => {
  const { registry, verify } = await world(t);
  const { integrity } = registry.publish('secret', '1.0.0', { logged: false });
  const lock = npmLock({ 'node_modules/secret': entry('1.0.0', integrity, { resolved: 'https://elsewhere.example/s.tgz' }) });
  const result = await verify('package-lock.json', lock);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /from https:\/\/elsewhere\.example\/s\.tgz.*private log is not pinned/);
});

test('packages from version control are failures until they are allowed', async (t) => {
  const { real, verify } = await world(t);
  const lock = npmLock({
    'node_modules/@acme/real': entry('1.0.0', real.integrity),
    'node_modules/git': entry('1.0.0', undefined, { resolved: 'git+ssh://git@host.example/x.git#abc' }),
  });
  const result = await verify('package-lock.json', lock);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /node_modules\/git comes from no registry/);
  assert.equal((await verify('package-lock.json', lock, '--allow-foreign')).code, 0);
});

test('weak checksums are made good by the bytes', async (t) => {
  const { real, verify } = await world(t);
  const lock = (sha1) => `# yarn lockfile v1\n\n"@acme/real@^1.0.0":\n  version "1.0.0"\n  resolved "https://r/x.tgz#${sha1}"\n`;
  const good = await verify('yarn.lock', lock(real.shasum));
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /1 of them by fetching and hashing: the lockfile has no strong checksum/);
  const bad = await verify('yarn.lock', lock('0'.repeat(40)));
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /has sha1-.*, but its integrity says sha1-/);
});

test('a lockfile of yarn berry is proved by the bytes, and the command says why', async (t) => {
  const { real, verify } = await world(t);
  const lock = berryLock('@acme/real@npm:1.0.0', 'plain@npm:2.0.0');
  const good = await verify('yarn.lock', lock);
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /2 of them by fetching and hashing: yarn's checksums are those of archives it packs itself/);
  real.tarball = Buffer.from('something else');
  const bad = await verify('yarn.lock', lock);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /The served tarball of @acme\/real@1\.0\.0 has sha512-.*, but the log says/);
});

test('files that are no lockfile are refused', async (t) => {
  const { verify } = await world(t);
  for (const [name, text, hint] of [
    ['package-lock.json', '{', /package-lock\.json/],
    ['pnpm-lock.yaml', 'a: &x 1\n', /anchor, alias or tag/],
    ['Cargo.lock', '', /no lockfile that is read here/],
  ]) {
    const result = await verify(name, text);
    assert.equal(result.code, 1, name);
    assert.match(result.stderr, hint);
  }
});

test('what Ori locked is proved by the log of a real registry', async (t) => {
  const server = await start(t, { settings: { 'transparency.origin': 'registry.example', 'transparency.interval': '50ms' } });
  const alice = await server.user('alice');
  const packs = ['@rope/knot', '@rope/hook'].map((name) => ({ name, version: '1.0.0' }));
  for (const pack of packs) assert.equal((await publishOri(server, pack, alice)).status, 201);
  await settled(server);
  const home = await folder(t);
  const options = { cwd: home, env: environment({ HOME: home, XDG_CONFIG_HOME: '' }) };
  assert.equal((await kontor(['log', 'pin', server.url], options)).code, 0);
  const verify = async (lock) => {
    const lines = Object.entries(lock).map(([key, sum]) => `"${key}" = "sha256:${sum}"\n`);
    await writeFile(path.join(home, 'oripk.lock'), `[checksums]\n${lines.join('')}`);
    return kontor(['verify', 'lockfile', '--registry', server.url], options);
  };
  const [knot, hook] = packs.map((pack) => sha256(archive(pack)));
  const good = await verify({ '@rope/hook:1.0.0': hook, '@rope/knot:1.0.0': knot });
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /^2 of 2 archives are proved/);
  const exchanged = await verify({ '@rope/hook:1.0.0': knot, '@rope/knot:1.0.0': knot });
  assert.equal(exchanged.code, 1);
  assert.match(exchanged.stderr, /@rope\/hook@1\.0\.0/);
  for (const hash of [knot, hook]) assert.ok(exchanged.stderr.includes(Buffer.from(hash, 'hex').toString('base64')), exchanged.stderr);
  assert.equal((await verify({ '@rope/knot:2.0.0': knot })).code, 1);
});
