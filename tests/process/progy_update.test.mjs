// `progy update`: three-way merge into a folder that belongs to the student.
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { course, person, write } from './support/progy_people.mjs';
import { fakeRegistry } from './support/progy_registry.mjs';
import { zip } from './support/zip.mjs';

const lines = (...changed) => Array.from({ length: 12 }, (_, i) => changed[i] ?? `line ${i}`).join('\n') + '\n';

const first = {
  'content/same.md': 'same\n', 'content/theirs.md': 'one\n', 'content/mine.md': 'one\n', 'content/both.md': lines(),
  'content/clash.md': lines(), 'content/gone.md': 'gone\n', 'content/gone_mine.md': 'gone\n', 'content/deep/er/gone.md': 'x',
  'content/dropped.md': 'one\n', 'content/image.bin': Buffer.from([0, 1, 2, 255]),
};
const second = {
  'content/same.md': 'same\n', 'content/theirs.md': 'two\n', 'content/mine.md': 'one\n', 'content/both.md': lines('their first'),
  'content/clash.md': lines('their first'), 'content/dropped.md': 'two\n', 'content/new.md': 'new\n', 'content/own.md': 'of the course\n',
  'content/image.bin': Buffer.from([0, 9, 9, 255]),
};

async function studentOf(t, versions) {
  const registry = await fakeRegistry(t);
  registry.add('@ada/rust', '1.0.0', zip(course({ files: versions[0] })));
  const student = await person(t, registry.url);
  await student.ok(['init', '@ada/rust']);
  versions.slice(1).forEach((files, i) => registry.add('@ada/rust', `1.${i + 1}.0`, zip(course({ version: `1.${i + 1}.0`, files }))));
  const at = (name) => student.path('rust', name);
  const text = (name) => readFile(at(name), 'utf8');
  const update = (...args) => student.run(['update', ...args], { cwd: student.path('rust') });
  const commit = () => {
    student.git('rust', 'add', '.');
    student.git('rust', '-c', 'user.name=S', '-c', 'user.email=s@x', 'commit', '-qm', 'my work');
  };
  return { registry, student, at, text, update, commit };
}

describe('progy update', () => {
  test('merges what both changed, keeps what is the student’s, and lists what is to decide', async (t) => {
    const { student, at, text, update, commit } = await studentOf(t, [first, second]);
    await write(student.path('rust'), {
      'content/mine.md': 'my own words\n', 'content/both.md': lines(...Array(11), 'my last'), 'content/clash.md': lines('my first'),
      'content/gone_mine.md': 'I work on this\n', 'content/own.md': 'my own file\n', 'notes.txt': 'notes', 'content/image.bin': 'mine',
    });
    await rm(at('content/dropped.md'));
    commit();
    const { code, stdout } = await update('--json');
    assert.equal(code, 3);
    const { files, conflicts, version, success } = JSON.parse(stdout);
    assert.deepEqual([version, success, conflicts], ['1.1.0', false, 5]);
    const changes = Object.fromEntries(files.map(({ path, change }) => [path, change]));
    assert.deepEqual(changes, {
      'content/both.md': 'merged', 'content/clash.md': 'conflict', 'content/deep/er/gone.md': 'removed', 'content/dropped.md': 'kept',
      'content/gone.md': 'removed', 'content/gone_mine.md': 'kept', 'content/image.bin': 'kept', 'content/new.md': 'added',
      'content/own.md': 'kept', 'content/theirs.md': 'replaced', 'course.json': 'replaced',
    });
    assert.equal(await text('content/both.md'), lines('their first', ...Array(10), 'my last'));
    assert.match(await text('content/clash.md'), /^<{7} yours\nmy first\n={7}\ntheir first\n>{7} @ada\/rust 1\.1\.0$/m);
    assert.deepEqual(
      [await text('content/mine.md'), await text('content/gone_mine.md'), await text('content/own.md'), await text('notes.txt'), await text('content/image.bin')],
      ['my own words\n', 'I work on this\n', 'my own file\n', 'notes', 'mine'],
    );
    assert.equal(await text('content/own.md.progy-1.1.0'), 'of the course\n');
    assert.ok((await readFile(at('content/image.bin.progy-1.1.0'))).equals(second['content/image.bin']));
    assert.equal(await text('content/new.md'), 'new\n');
    for (const name of ['content/gone.md', 'content/dropped.md', 'content/deep']) await assert.rejects(readFile(at(name)), { code: 'ENOENT' });
    assert.equal(JSON.parse(await text('.progy/registry.json')).version, '1.1.0');
    assert.deepEqual((await readdir(at('.progy'))).sort(), ['.gitignore', 'registry.json']);
  });

  test('is clean where only the course changed, and may commit it', async (t) => {
    const { student, update } = await studentOf(t, [first, second]);
    const { code, stdout, stderr } = await update('--commit');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Updated @ada\/rust from v1\.0\.0 to v1\.1\.0\n/);
    assert.equal(student.git('rust', 'log', '--format=%s'), 'Update @ada/rust (v1.1.0)\nInitial commit from Progy Registry (v1.0.0)\n');
    assert.equal(student.git('rust', 'status', '--porcelain'), '');
    const again = await update();
    assert.deepEqual([again.code, again.stdout], [0, '@ada/rust v1.1.0 is up to date.\n']);
  });

  test('wants work to be committed first, unless it is told to go on', async (t) => {
    const { text, at, update } = await studentOf(t, [first, second]);
    await writeFile(at('content/mine.md'), 'unsaved\n');
    const refused = await update();
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /not committed/);
    assert.equal(await text('content/theirs.md'), 'one\n');
    assert.equal((await update('--force')).code, 0);
    assert.deepEqual([await text('content/mine.md'), await text('content/theirs.md')], ['unsaved\n', 'two\n']);
  });

  test('goes to an older version only where that is asked for', async (t) => {
    const { text, update, commit } = await studentOf(t, [first, second, first]);
    assert.equal((await update()).code, 0);
    commit();
    assert.equal((await update('--to', '1.1.0')).code, 0);
    assert.equal(await text('content/theirs.md'), 'two\n');
    assert.equal(JSON.parse(await text('.progy/registry.json')).version, '1.1.0');
  });

  test('refuses a folder that is no course, and leaves nothing there', async (t) => {
    const student = await person(t);
    await mkdir(student.path('other'));
    const { code, stderr } = await student.run(['update'], { cwd: student.path('other') });
    assert.equal(code, 1);
    assert.match(stderr, /progy init/);
    assert.deepEqual(await readdir(student.path('other')), []);
  });

  test('works from the cache where the registry cannot be reached', async (t) => {
    const { registry, student, text, update } = await studentOf(t, [first, second]);
    await student.ok(['init', '@ada/rust@1.1.0', 'other']);
    await registry.stop();
    const { code, stderr } = await update();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /warning: .*in the cache/s);
    assert.equal(await text('content/theirs.md'), 'two\n');
  });

  test('carries over that a file may be run', async (t) => {
    const { registry, at, update } = await studentOf(t, [first]);
    const ada = await person(t);
    await write(ada.path('rust'), course({ version: '1.1.0', files: { ...first, 'runner/run.sh': '#!/bin/sh\n' } }));
    await chmod(ada.path('rust/runner/run.sh'), 0o755);
    await ada.ok(['pack', 'rust']);
    registry.add('@ada/rust', '1.1.0', await readFile(ada.path('rust/rust.progy')));
    assert.equal((await update()).code, 0);
    assert.equal((await stat(at('runner/run.sh'))).mode & 0o100, 0o100);
  });
});
