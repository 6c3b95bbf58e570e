// Courses as large as a registry takes them, and links as slow as students have them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, connect } from 'node:net';
import { readdir, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { atEnd, run } from './support/kontor.mjs';
import { course, person, write } from './support/progy_people.mjs';
import { sha256 } from './support/progy_registry.mjs';
import { start } from './support/server.mjs';

const most = 64 << 10; // KiB

const measure = `
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
`;

// The most memory a command had, in KiB; git's counts too.
async function peakOf(someone, args) {
  const end = await run('python3', ['-c', measure, someone.progy, ...args], { cwd: someone.home, env: someone.env() });
  assert.equal(end.code, 0, end.stderr);
  return Number(/^peak (\d+)$/m.exec(end.stderr)[1]);
}

async function instructor(t, server, files) {
  const ada = await person(t, server.url);
  await ada.hasToken(await server.user('ada'), 'ada');
  await write(ada.path('rust'), course({ files }));
  return ada;
}

// Noise does not pack.
const noise = (count, size) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`content/noise${i}.bin`, randomBytes(size)]));

test('a course of 95 MB is packed, published and started within 64 MB of memory', async (t) => {
  const server = await start(t);
  const ada = await instructor(t, server, noise(19, 5_000_000));
  const peaks = { pack: await peakOf(ada, ['pack', 'rust']) };
  peaks.publish = await peakOf(ada, ['publish', 'rust']);
  const student = await person(t, server.url);
  peaks.fetch = await peakOf(student, ['init', '@ada/rust', '--no-github']);
  t.diagnostic(JSON.stringify(peaks));
  assert.ok((await readFile(student.path('rust/content/noise18.bin'))).equals(await readFile(ada.path('rust/content/noise18.bin'))));
  assert.ok(peaks.pack < most && peaks.publish < most && peaks.fetch < most, JSON.stringify(peaks));
  await server.stopCleanly();
});

// A link that lets 50 KB a second through, and breaks once after `breakAfter` bytes.
async function slowLink(t, port, { breakAfter }) {
  const link = { requests: '', passed: 0, broken: false };
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.on('data', (bytes) => ((link.requests += bytes.toString('latin1')), far.write(bytes)));
    far.on('data', (bytes) => {
      far.pause();
      link.passed += bytes.length;
      near.write(bytes);
      if (!link.broken && link.passed > breakAfter) {
        link.broken = true;
        near.destroy();
        far.destroy();
        return;
      }
      setTimeout(() => far.resume(), bytes.length / 50);
    });
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => new Promise((resolve) => server.close(resolve)));
  return Object.assign(link, { url: `http://127.0.0.1:${server.address().port}` });
}

describe('a student on a link of 50 KB a second', () => {
  test('goes on by a range where the download broke off', async (t) => {
    const server = await start(t);
    const ada = await instructor(t, server, noise(1, 200_000));
    const { checksum } = await ada.json(['publish', 'rust']);
    const link = await slowLink(t, server.port, { breakAfter: 120_000 });
    const student = await person(t, link.url);
    await student.ok(['init', '@ada/rust']);
    assert.ok(link.broken);
    assert.match(link.requests, /\r\nrange: bytes=[1-9]\d+-\r\n/i);
    const whole = await readFile(student.path('.progy/cache/registry/@ada/rust/1.0.0.progy'));
    assert.equal(sha256(whole), checksum);
    assert.ok(link.passed < whole.length + 100_000, `${link.passed} bytes for ${whole.length}`);
    assert.deepEqual((await readdir(student.path('.progy/cache/registry/@ada/rust'))).sort(), ['1.0.0.json', '1.0.0.progy']);
    await server.stopCleanly();
  });
});
