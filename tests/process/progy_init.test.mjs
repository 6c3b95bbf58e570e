// `progy init` and the cache behind it, against a registry that misbehaves on demand.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { course, person, write } from './support/progy_people.mjs';
import { fakeRegistry, sha256 } from './support/progy_registry.mjs';
import { zip } from './support/zip.mjs';

const artifact = (more) => zip(course(more));
const cached = '.progy/cache/registry/@ada/rust';

// A registry with @ada/rust 1.0.0, and somebody who has never used it.
async function school(t, options) {
  const registry = await fakeRegistry(t, options);
  registry.add('@ada/rust', '1.0.0', artifact());
  const student = await person(t, registry.url);
  return { registry, student };
}

const asked = (registry, part) => registry.asked.filter(({ path }) => path.startsWith(`/registry/${part}`));

describe('progy init', () => {
  // By its name in the source's section 13.
  test('Init Test: GET /resolve and GET /download are called, the folder is created and git init run', async (t) => {
    const { registry, student } = await school(t);
    const done = await student.json(['init', '@ada/rust']);
    assert.deepEqual([done.success, done.name, done.version], [true, '@ada/rust', '1.0.0']);
    assert.equal(asked(registry, 'resolve/').length, 1);
    assert.equal(asked(registry, 'download/').length, 1);
    assert.equal(await readFile(student.path('rust/content/01_basics/01_hello/README.md'), 'utf8'), course()['content/01_basics/01_hello/README.md']);
    assert.equal(student.git('rust', 'log', '--format=%s|%an'), 'Initial commit from Progy Registry (v1.0.0)|Progy Student\n');
    assert.equal(student.git('rust', 'symbolic-ref', 'HEAD'), 'refs/heads/main\n');
    assert.equal(student.git('rust', 'remote'), '');
    assert.equal(student.git('rust', 'status', '--porcelain'), '');
    assert.deepEqual(JSON.parse(await readFile(student.path('rust/.progy/registry.json'), 'utf8')), {
      registry: registry.url, name: '@ada/rust', version: '1.0.0', checksum: sha256(artifact()), sizeBytes: artifact().length,
    });
    assert.deepEqual((await readdir(student.home)).filter((name) => name.endsWith('.progy-new')), []);
  });

  test("uses the student's own name where git knows it", async (t) => {
    const { student } = await school(t);
    await writeFile(student.path('.gitconfig'), '[user]\nname = Grace\nemail = grace@example.test\n[commit]\ngpgSign = true\n');
    await student.ok(['init', '@ada/rust@1.0.0', 'deep/er/mine']);
    assert.equal(student.git('deep/er/mine', 'log', '--format=%an <%ae>'), 'Grace <grace@example.test>\n');
  });

  test('starts in the working folder where that is empty, and nowhere else that is not', async (t) => {
    const { student } = await school(t);
    await mkdir(student.path('here'));
    await student.ok(['init', '@ada/rust', '.'], { cwd: student.path('here') });
    assert.equal(student.git('here', 'log', '--format=%s'), 'Initial commit from Progy Registry (v1.0.0)\n');
    assert.equal(student.git('here', 'status', '--porcelain'), '');
    await write(student.path('rust'), { 'mine.txt': 'mine' });
    const { code, stderr } = await student.run(['init', '@ada/rust']);
    assert.equal(code, 1);
    assert.match(stderr, /is not empty/);
    assert.deepEqual(await readdir(student.path('rust')), ['mine.txt']);
  });

  test('keeps the files and says so where there is no git', async (t) => {
    const { student } = await school(t);
    await mkdir(student.path('nothing'));
    const { code, stderr } = await student.run(['init', '@ada/rust'], { env: { PATH: student.path('nothing') } });
    assert.equal(code, 0);
    assert.match(stderr, /git is not installed/);
    assert.ok((await readdir(student.path('rust'))).includes('course.json'));
  });

  test('asks no terminal that is not there, and says what the registry says', async (t) => {
    const { student } = await school(t);
    const { code, stderr } = await student.run(['init', '@ada/unknown']);
    assert.equal(code, 1);
    assert.match(stderr, /Package not found/);
    const json = JSON.parse((await student.run(['init', '@ada/unknown', '--json'])).stdout);
    assert.deepEqual([json.success, json.code], [false, 'PACKAGE_NOT_FOUND']);
    for (const wrong of ['@ada', '@Ada/rust', '@ada/../x', '@ada/rust@1', ''])
      assert.equal((await student.run(['init', wrong])).code, 1, wrong);
  });

  test('names both hashes where the bytes are not what was promised, and keeps nothing', async (t) => {
    const { registry, student } = await school(t);
    const wrong = artifact({ version: '6.6.6' });
    registry.change = (path, answer) => {
      if (path.includes('/download/')) answer.body = Buffer.concat([wrong]).subarray(0, artifact().length);
    };
    const { code, stderr } = await student.run(['init', '@ada/rust']);
    assert.equal(code, 5);
    assert.ok(stderr.includes(sha256(artifact())), stderr);
    assert.ok(stderr.includes(sha256(wrong.subarray(0, artifact().length))), stderr);
    assert.deepEqual(await readdir(student.path(cached)), []);
    await assert.rejects(readdir(student.path('rust')), { code: 'ENOENT' });
  });

  test('takes no more bytes than were promised', async (t) => {
    const { registry, student } = await school(t);
    registry.change = (path, answer) => {
      if (path.includes('/download/')) answer.body = Buffer.alloc(1 << 20);
    };
    const { code, stderr } = await student.run(['init', '@ada/rust']);
    assert.equal(code, 5);
    assert.match(stderr, /more than/);
  });

  test('refuses an artifact that leads outside or into .git', async (t) => {
    for (const evil of ['../evil', '/evil', '.git/hooks/post-commit', 'content/.GIT/config', '.progy/registry.json']) {
      const { registry, student } = await school(t);
      registry.add('@ada/evil', '1.0.0', zip({ ...course(), [evil]: 'x' }));
      const { code } = await student.run(['init', '@ada/evil']);
      assert.equal(code, 1, evil);
      await assert.rejects(readdir(student.path('evil')), { code: 'ENOENT' });
    }
  });
});

describe('the cache', () => {
  test('serves again without a download, unless its bytes have changed', async (t) => {
    const { registry, student } = await school(t);
    await student.ok(['init', '@ada/rust', 'one']);
    await student.ok(['init', '@ada/rust', 'two']);
    assert.equal(asked(registry, 'download/').length, 1);
    await truncate(student.path(cached, '1.0.0.progy'), 100);
    const { code, stderr } = await student.run(['init', '@ada/rust', 'three']);
    assert.equal(code, 0);
    assert.match(stderr, /downloaded anew/);
    assert.equal(asked(registry, 'download/').length, 2);
  });

  test('stands in with a warning where the registry cannot be reached, and for nothing else', async (t) => {
    const { registry, student } = await school(t);
    await student.ok(['init', '@ada/rust', 'one']);
    await registry.stop();
    for (const name of ['@ada/rust', '@ada/rust@1.0.0', 'rust']) {
      const { code, stderr } = await student.run(['init', name, `of ${name.replace('/', '_')}`]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /warning: .*cannot be reached.*in the cache/s);
    }
    assert.equal((await student.run(['init', '@ada/rust@2.0.0', 'x'])).code, 4);
    assert.equal((await student.run(['init', '@ada/other', 'x'])).code, 4);
    // It was another registry that vouched for those bytes.
    const elsewhere = await student.run(['init', '@ada/rust', 'x'], { env: { PROGY_API_URL: 'http://127.0.0.1:9' } });
    assert.equal(elsewhere.code, 4);
  });

  test('goes on where a download broke off, in the same run and in the next', async (t) => {
    const { registry, student } = await school(t);
    const big = zip({ ...course(), 'content/noise.bin': randomBytes(300_000) });
    registry.add('@ada/big', '1.0.0', big);
    let cuts = 0;
    registry.change = (path) => (path.includes('/download/') && cuts++ < 2 ? { cut: 40_000 } : undefined);
    await student.ok(['init', '@ada/big', 'one']);
    const ranges = asked(registry, 'download/').map(({ headers }) => headers.range);
    assert.equal(ranges.length, 3);
    assert.deepEqual(ranges.map((range) => Boolean(range)), [false, true, true]);
    await student.ok(['cache', 'clean']);
    registry.asked.length = 0;
    let first = true;
    registry.change = (path) => {
      if (!path.includes('/download/')) return undefined;
      const cut = first && { cut: 50_000 };
      first = false;
      return cut;
    };
    const broken = await student.run(['init', '@ada/big', 'two']);
    assert.equal(broken.code, 4);
    registry.change = () => undefined;
    await student.ok(['init', '@ada/big', 'two']);
    const last = asked(registry, 'download/').at(-1);
    assert.match(last.headers.range, /^bytes=[1-9]\d*-$/);
    assert.ok((await readFile(student.path('two/content/noise.bin'))).length === 300_000);
  });

  test('begins anew where what it had of a download was not that artifact', async (t) => {
    const { registry, student } = await school(t);
    const bytes = artifact();
    await mkdir(student.path(cached), { recursive: true });
    await writeFile(student.path(cached, `${sha256(bytes).slice(0, 16)}.part`), 'not the beginning of it');
    await student.ok(['init', '@ada/rust']);
    assert.deepEqual(asked(registry, 'download/').map(({ headers }) => headers.range), ['bytes=23-', undefined]);
  });

  test('lists, verifies and cleans; what was used longest ago goes first', async (t) => {
    const { registry, student } = await school(t);
    const size = artifact().length;
    for (const version of ['1.1.0', '1.2.0']) registry.add('@ada/rust', version, artifact({ version }));
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await student.ok(['init', `@ada/rust@${version}`, version]);
    const listed = await student.json(['cache', 'list']);
    assert.deepEqual(listed.artifacts.map(({ version }) => version), ['1.0.0', '1.1.0', '1.2.0']);
    for (const [version, time] of [['1.0.0', 2e9], ['1.1.0', 1e9], ['1.2.0', 1.5e9]])
      await utimes(student.path(cached, `${version}.progy`), time, time);
    await write(student.home, { '.progy/config.json': JSON.stringify({ apiUrl: registry.url, cacheLimit: size * 2 + 200 }) });
    await student.ok(['cache', 'list']);
    assert.deepEqual((await readdir(student.path(cached))).sort(), ['1.0.0.json', '1.0.0.progy', '1.2.0.json', '1.2.0.progy']);
    await writeFile(student.path(cached, '1.2.0.progy'), 'damaged');
    const verified = await student.run(['cache', 'verify', '--json']);
    assert.equal(verified.code, 5);
    const { removed, verified: good } = JSON.parse(verified.stdout);
    assert.deepEqual([good, removed[0].version, removed[0].found], [1, '1.2.0', sha256('damaged')]);
    await student.ok(['cache', 'clean']);
    assert.deepEqual(await readdir(student.path('.progy/cache/registry')), ['lock']);
  });
});

describe('courses from before the registry', () => {
  async function oldCourse(t, student) {
    await write(student.path('old'), { 'courses/rust/course.json': '{"name":"Rust"}', 'courses/rust/content/a.md': 'old', 'other.txt': 'x' });
    execFileSync('git', ['init', '-q', '-b', 'trunk', student.path('old')], { env: student.env() });
    student.git('old', 'add', '.');
    student.git('old', '-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '-qm', 'old history');
    return { repo: `file://${student.path('old')}`, branch: 'trunk', path: 'courses/rust', description: 'Old' };
  }

  test('are cloned where the registry has none, without their history', async (t) => {
    const { registry, student } = await school(t);
    registry.legacy = { go: await oldCourse(t, student) };
    await student.ok(['init', 'go'], { env: { GIT_ALLOW_PROTOCOL: 'file' } });
    assert.equal(await readFile(student.path('go/content/a.md'), 'utf8'), 'old');
    assert.equal(student.git('go', 'log', '--format=%s'), 'Initial commit from Progy (go)\n');
    assert.equal(student.git('go', 'remote'), '');
    await write(student.home, { '.progy/config.json': JSON.stringify({ legacyCourses: false }) });
    assert.equal((await student.run(['init', 'go', 'x'], { env: { GIT_ALLOW_PROTOCOL: 'file' } })).code, 1);
  });

  test('are named by the registry, by a file of the student’s, or by COURSES', async (t) => {
    const { student } = await school(t);
    const map = JSON.stringify({ go: await oldCourse(t, student) });
    const start = (folder, env = {}) => student.run(['init', 'go', folder], { env: { GIT_ALLOW_PROTOCOL: 'file', ...env } });
    assert.equal((await start('none')).code, 1);
    assert.equal((await start('variable', { COURSES: map })).code, 0);
    await write(student.home, { '.progy/courses.json': map });
    assert.equal((await start('file')).code, 0);
  });

  test('never stand in for a registry that cannot be reached, nor run what the map names', async (t) => {
    const { registry, student } = await school(t);
    const old = await oldCourse(t, student);
    const mark = student.path('ran');
    registry.legacy = { evil: { ...old, repo: `ext::sh -c "touch ${mark}"` }, option: { ...old, branch: '--upload-pack=touch' }, local: old, up: { ...old, path: '../..' } };
    for (const name of ['evil', 'option', 'up', 'local']) assert.equal((await student.run(['init', name])).code, 1, name);
    await assert.rejects(readFile(mark), { code: 'ENOENT' });
    registry.legacy = { go: old };
    await registry.stop();
    assert.equal((await student.run(['init', 'go'], { env: { GIT_ALLOW_PROTOCOL: 'file' } })).code, 4);
  });

  test('are not copied where they hold links', async (t) => {
    const { registry, student } = await school(t);
    const old = await oldCourse(t, student);
    await rm(student.path('old/courses/rust/content/a.md'));
    await symlink('/etc/passwd', student.path('old/courses/rust/content/a.md'));
    student.git('old', 'add', '.');
    student.git('old', '-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '-qm', 'a link');
    registry.legacy = { go: old };
    const { code, stderr } = await student.run(['init', 'go'], { env: { GIT_ALLOW_PROTOCOL: 'file' } });
    assert.equal(code, 1);
    assert.match(stderr, /symbolic link/);
  });
});
