// `kontor log pin`, `kontor log verify` and `kontor verify` against a registry that tells the truth,
// and against each way of lying about its log.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { environment, folder, kontor } from './support/kontor.mjs';
import { LogRegistry } from './support/log_registry.mjs';
import { TestLog } from './support/tlog.mjs';

// A registry with a release and a log of `leaves` entries, and a user who runs commands against it.
async function world(t, leaves = 300) {
  const registry = await new LogRegistry().start(t);
  const home = await folder(t);
  const env = environment({ HOME: home, XDG_CONFIG_HOME: '' });
  const run = (...args) => kontor([...args], { cwd: home, env });
  for (let i = 0; i < leaves; ++i) registry.log.add(tagLeaf(i));
  const release = registry.publish('@acme/tool', '1.2.3');
  return {
    registry,
    home,
    release,
    run,
    pin: () => run('log', 'pin', registry.url, registry.log.key.vkey),
    verify: (...args) => run('verify', '@acme/tool@1.2.3', '--registry', registry.url, ...args),
    verifyLog: (...args) => run('log', 'verify', '--registry', registry.url, ...args),
  };
}

const tagLeaf = (i, name = '@acme/other') =>
  `pkglog/v1 tag\npackage npm/${name}\ntag t${i}\nbefore -\nafter 1.0.0\nby acct_ada session\ntime 1760000000\n`;

function assertHolds(result) {
  assert.equal(result.code, 0, result.stderr);
  assert.equal(result.stderr, '');
}

function assertRefuted(result, ...patterns) {
  assert.equal(result.code, 1, result.stdout + result.stderr);
  for (const pattern of patterns) assert.match(result.stderr, pattern);
}

const flip = (bytes, at = Math.floor(bytes.length / 2)) => {
  const changed = Buffer.from(bytes);
  changed[at] ^= 1;
  return changed;
};

describe('what holds', () => {
  test('a release is proved by packument, bytes and log', async (t) => {
    const { registry, pin, verify, release } = await world(t);
    assertHolds(await pin());
    const result = await verify();
    assertHolds(result);
    assert.match(result.stdout, /@acme\/tool@1\.2\.3 is what was published/);
    assert.ok(result.stdout.includes(release.integrity));
    assert.ok(result.stdout.includes(registry.log.root));
    const json = JSON.parse((await verify('--json')).stdout);
    assert.equal(json.ok, true);
    assert.equal(json.index, 300);
    assert.equal(json.integrity, release.integrity);
  });

  test('a file on this machine is hashed instead, and a kept proof asks nobody', async (t) => {
    const { registry, pin, verify, release, home } = await world(t);
    await pin();
    const file = path.join(home, 'tool.tgz');
    await writeFile(file, release.tarball);
    assertHolds(await verify('--file', file, '--save-proof', path.join(home, 'tool.proof')));
    const asked = registry.asked.length;
    const offline = ['--file', file, '--proof', path.join(home, 'tool.proof')];
    assertHolds(await verify(...offline));
    assertHolds(await verify(...offline, '--key', registry.log.key.vkey));
    assert.equal(registry.asked.length, asked);
    await writeFile(file, flip(release.tarball));
    assertRefuted(await verify(...offline), /sha512-.* but the log says sha512-/);
    const other = new TestLog('registry.example/log/public', 'another key');
    assertRefuted(await verify(...offline, '--key', other.key.vkey), /None of the trusted keys/);
  });

  test('a release that the next checkpoint will cover is waited for, but not for ever', async (t) => {
    const { registry, pin, verify } = await world(t, 3);
    await pin();
    registry.early = 3;
    assertHolds(await verify());
    registry.early = 1000;
    assert.equal((await verify()).code, 3);
  });

  test('the log may grow between two commands', async (t) => {
    const { registry, pin, verify, verifyLog } = await world(t);
    await pin();
    assertHolds(await verifyLog());
    for (let i = 0; i < 600; ++i) {
      registry.log.add(tagLeaf(i));
      if (i % 200 === 0) registry.log.publish();
    }
    registry.publish('@acme/tool', '1.2.4');
    assertHolds(await verifyLog());
    assertHolds(await verify());
  });

  test('everything is hashed by log verify --full', async (t) => {
    const { registry, pin, verifyLog } = await world(t);
    registry.publish('plain', '1.0.0');
    registry.publish('plain', '1.0.1');
    await pin();
    const result = await verifyLog('--full');
    assertHolds(result);
    assert.match(result.stdout, /303 entries in 2 bundles, 3 tiles, and the tarballs of 3 releases/);
  });
});

describe('pinning', () => {
  test('nothing is believed before a key is pinned', async (t) => {
    const { verify } = await world(t);
    const result = await verify();
    assert.equal(result.code, 3);
    assert.match(result.stderr, /run: kontor log pin/);
  });

  test('a key that the registry names itself is shown', async (t) => {
    const { run, registry, verify } = await world(t);
    const result = await run('log', 'pin', registry.url);
    assertHolds(result);
    assert.ok(result.stdout.includes(registry.log.key.vkey));
    assert.match(result.stdout, /Compare the key/);
    assertHolds(await verify());
  });

  test('a key that did not sign the log is not pinned', async (t) => {
    const { run, registry } = await world(t);
    const other = new TestLog('registry.example/log/public', 'another key');
    assertRefuted(await run('log', 'pin', registry.url, other.key.vkey), /None of the trusted keys/);
  });

  test('another key is refused with both, until it replaces the first', async (t) => {
    const { run, pin, registry, verify } = await world(t);
    await pin();
    const first = registry.log.key;
    registry.log.key = new TestLog('registry.example/log/public', 'another key').key;
    registry.log.publish();
    assertRefuted(await verify(), /None of the trusted keys/);
    const again = await run('log', 'pin', registry.url);
    assert.equal(again.code, 3);
    assert.ok(again.stderr.includes(first.vkey) && again.stderr.includes(registry.log.key.vkey));
    assertHolds(await run('log', 'pin', registry.url, '--replace'));
    assertHolds(await verify());
  });
});

describe('lies about a release', () => {
  test('other bytes, another integrity, and a release that is not logged', async (t) => {
    const { registry, pin, verify, run, release } = await world(t);
    await pin();
    const { tarball, integrity } = release;
    release.tarball = flip(tarball);
    assertRefuted(await verify(), /The served tarball has sha512-.* but the log says sha512-/);
    release.tarball = tarball;
    release.integrity = registry.publish('plain', '1.0.0').integrity;
    const result = await verify();
    assertRefuted(result, /The log has sha512-.* but the packument says sha512-/);
    assert.ok(result.stderr.includes(integrity) && result.stderr.includes(release.integrity));
    registry.publish('secret', '1.0.0', { logged: false });
    assertRefuted(await run('verify', 'secret@1.0.0', '--registry', registry.url), /No log .* was published/);
  });

  test('the proof of another release, of another leaf, or cut short', async (t) => {
    const { registry, pin, verify } = await world(t);
    await pin();
    const other = registry.publish('plain', '1.0.0').index;
    registry.proof = () => registry.log.proof(other);
    assertRefuted(await verify(), /npm\/plain@1\.0\.0 and not of npm\/@acme\/tool@1\.2\.3/);
    registry.proof = (index) => registry.log.proof(index).replace('size ', 'size 1');
    assertRefuted(await verify(), /The proof leads to the root .* but the log states/);
    registry.proof = (index) => registry.log.proof(index).replace(/index \d+\n[^\n]+\n/, `index ${index}\n`);
    assertRefuted(await verify(), /wrong number of hashes/);
  });
});

describe('lies about the log', () => {
  const lies = {
    'a flipped byte of the checkpoint': (files) => files.set('checkpoint', flip(files.get('checkpoint'), 40)),
    'a flipped byte of a full tile': (files) => files.set('tile/0/000', flip(files.get('tile/0/000'))),
    'a flipped byte of a partial tile': (files) => files.set('tile/0/001.p/45', flip(files.get('tile/0/001.p/45'))),
    'a flipped byte of a bundle': (files) => files.set('tile/entries/000', flip(files.get('tile/entries/000'))),
    'a flipped byte of the last leaf': (files) => {
      const name = 'tile/entries/001.p/45';
      files.set(name, flip(files.get(name), files.get(name).length - 3));
    },
    'a removed partial tile': (files) => files.delete('tile/0/001.p/45'),
    'a removed bundle': (files) => files.delete('tile/entries/000'),
  };
  for (const [name, lie] of Object.entries(lies)) {
    test(`${name} is found`, async (t) => {
      const { registry, pin, verifyLog } = await world(t);
      await pin();
      assertHolds(await verifyLog('--full'));
      lie(registry.log.files);
      assertRefuted(await verifyLog('--full'));
    });
  }

  // A second history of the same log, `leaves` entries long.
  function forkOf(registry, leaves) {
    const fork = new TestLog('registry.example/log/public');
    fork.add(tagLeaf(0, '@acme/forged'), ...registry.log.leaves.slice(1));
    while (fork.size < leaves) fork.add(tagLeaf(fork.size));
    fork.publish();
    return fork;
  }

  for (const [name, leaves] of [['of the same size', 301], ['that is longer', 400]]) {
    test(`a rewritten history ${name} is refused with both roots, and not believed after`, async (t) => {
      const { registry, pin, verify, verifyLog, home } = await world(t);
      await pin();
      assertHolds(await verifyLog());
      const { log } = registry;
      const fork = forkOf(registry, leaves);
      registry.log = fork;
      for (const result of [await verifyLog(), await verify()]) {
        assertRefuted(result, /does not continue/);
        assert.ok(result.stderr.includes(log.root) && result.stderr.includes(fork.root));
      }
      registry.log = log;
      assertHolds(await verify());
      const place = path.join(home, '.config/kontor/logs', encodeURIComponent(registry.url.slice(7)), 'public');
      assert.equal(await readFile(path.join(place, 'checkpoint'), 'utf8'), log.files.get('checkpoint').toString());
    });
  }

  test('a registry that shows one history and proves by another is found', async (t) => {
    const { registry, pin, verify } = await world(t);
    await pin();
    const fork = forkOf(registry, 301);
    registry.proof = (index) => fork.proof(index);
    const result = await verify();
    assertRefuted(result, /does not continue/);
    assert.ok(result.stderr.includes(registry.log.root) && result.stderr.includes(fork.root));
  });

  test('a log that is set back is refused', async (t) => {
    const { registry, pin, verifyLog } = await world(t);
    const before = new Map(registry.log.files);
    await pin();
    registry.publish('plain', '1.0.0');
    assertHolds(await verifyLog());
    registry.log.files = before;
    assertRefuted(await verifyLog(), /shrank from size 302 to 301/);
  });

  test('what is served and not logged, logged and not served, or published twice is found', async (t) => {
    const { registry, pin, verifyLog } = await world(t);
    await pin();
    registry.publish('@acme/tool', '1.2.4', { logged: false });
    assertRefuted(await verifyLog('--full'), /@acme\/tool@1\.2\.4 is served, but the log does not tell/);
    registry.packages.get('@acme/tool').delete('1.2.4');
    const kept = registry.find('@acme/tool', '1.2.3');
    registry.packages.get('@acme/tool').delete('1.2.3');
    assertRefuted(await verifyLog('--full'), /@acme\/tool@1\.2\.3 is in the log, but is not served/);
    registry.packages.get('@acme/tool').set('1.2.3', kept);
    registry.publish('@acme/tool', '1.2.3');
    assertRefuted(await verifyLog('--full'), /publishes @acme\/tool@1\.2\.3 a second time/);
  });
});

test('a registry that is away is told apart from one that lies', async (t) => {
  const { registry, pin, verify, verifyLog } = await world(t, 3);
  await pin();
  await registry.stop();
  registry.stop = async () => {};
  for (const result of [await verify(), await verifyLog()]) assert.equal(result.code, 3, result.stderr);
});
