// A student's folder when `progy` dies: it is killed at each call in turn by which init and update
// change the disk. What is found afterwards is the old state or the new one, or one that the next
// update finishes; nothing of the student's is lost.
import assert from 'node:assert/strict';
import { cp, lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { course, person } from '../process/support/progy_people.mjs';
import { fakeRegistry } from '../process/support/progy_registry.mjs';
import { zip } from '../process/support/zip.mjs';
import { Faults, library } from './support/faults.mjs';

const old = { 'content/a.md': 'a1\n', 'content/b.md': 'b1\n', 'content/c.md': 'c1\n', 'content/gone.md': 'x\n', 'content/mine.md': '1\n2\n3\n4\n5\n' };
const young = { 'content/a.md': 'a2\n', 'content/b.md': 'b2\n', 'content/new/d.md': 'd2\n', 'content/c.md': 'c2\n', 'content/mine.md': '1\n2\n3\n4\nfive\n' };

async function world(t) {
  const registry = await fakeRegistry(t);
  registry.add('@ada/rust', '1.0.0', zip(course({ files: old })));
  const student = await person(t, registry.url);
  const faults = await Faults.create(student.path('control'));
  t.after(() => faults.handle.close());
  const env = { LD_PRELOAD: library, KONTOR_FAULTS: faults.file };
  return { registry, student, faults, env };
}

// {path: text} of all that is not progy's or git's own.
async function filesOf(root, below = '') {
  const found = {};
  for (const name of (await readdir(path.join(root, below))).sort()) {
    const at = path.join(below, name);
    if (name === '.git' || name === '.progy') continue;
    if ((await lstat(path.join(root, at))).isDirectory()) Object.assign(found, await filesOf(root, at));
    else found[at] = await readFile(path.join(root, at), 'utf8');
  }
  return found;
}

const exists = (name) => lstat(name).then(() => true, () => false);

test('kill -9 at each call of init leaves no folder, or the whole course', async (t) => {
  const { student, faults, env } = await world(t);
  const target = student.path('work/rust');
  let whole = 0;
  for (let at = 0; ; ++at) {
    await rm(student.path('work'), { recursive: true, force: true });
    await faults.killAt(at);
    await student.run(['init', '@ada/rust@1.0.0', target], { env: { ...env, KONTOR_FAULTS_ROOT: student.home } });
    const { failed } = await faults.state();
    await faults.disarm();
    if (await exists(target)) {
      ++whole;
      assert.equal(student.git('work/rust', 'status', '--porcelain'), '', `call ${at}`);
      assert.equal(student.git('work/rust', 'rev-list', '--count', 'HEAD'), '1\n');
      assert.deepEqual(await filesOf(target), await expected(old, '1.0.0'));
    } else {
      await student.ok(['init', '@ada/rust@1.0.0', target]);
    }
    assert.deepEqual((await readdir(student.path('work'))).filter((name) => name !== 'rust' && failed === 0), []);
    if (failed === 0) return t.diagnostic(`${at} calls, ${whole} times the course was there`);
    assert.ok(at < 500);
  }
});

const expected = async (files, version) => course({ version, files });

test('kill -9 at each call of update leaves the old state, the new one, or one that is finished', async (t) => {
  const { registry, student, faults, env } = await world(t);
  await student.ok(['init', '@ada/rust']);
  registry.add('@ada/rust', '1.1.0', zip(course({ version: '1.1.0', files: young })));
  await writeFile(student.path('rust/content/mine.md'), 'one\n2\n3\n4\n5\n');
  await writeFile(student.path('rust/notes.txt'), 'notes\n');
  student.git('rust', 'add', '.');
  student.git('rust', '-c', 'user.name=S', '-c', 'user.email=s@x', 'commit', '-qm', 'mine');
  const mine = { 'notes.txt': 'notes\n' };
  const before = { ...(await expected(old, '1.0.0')), ...mine, 'content/mine.md': 'one\n2\n3\n4\n5\n' };
  const after = { ...(await expected(young, '1.1.0')), ...mine, 'content/mine.md': 'one\n2\n3\n4\nfive\n' };
  const root = student.path('work');
  const counts = { old: 0, between: 0, new: 0 };
  for (let at = 0; ; ++at) {
    await rm(root, { recursive: true, force: true });
    await cp(student.path('rust'), root, { recursive: true });
    await faults.killAt(at);
    await student.run(['update', root], { env: { ...env, KONTOR_FAULTS_ROOT: root } });
    const { failed } = await faults.state();
    await faults.disarm();
    const found = JSON.stringify(sorted(await filesOf(root)));
    const journal = await exists(path.join(root, '.progy/update/journal.json'));
    const state = found === JSON.stringify(sorted(before)) ? 'old' : found === JSON.stringify(sorted(after)) ? 'new' : 'between';
    ++counts[state];
    assert.ok(state !== 'between' || journal, `call ${at}: ${found}`);
    // What is begun between the crash and the repair is the student's too.
    await writeFile(path.join(root, 'notes.txt'), 'more notes\n');
    const { code, stderr } = await student.run(['update', root, '--force']);
    assert.equal(code, 0, `call ${at}: ${stderr}`);
    assert.deepEqual(await filesOf(root), { ...after, 'notes.txt': 'more notes\n' }, `call ${at}`);
    assert.deepEqual((await readdir(path.join(root, '.progy'))).sort(), ['.gitignore', 'registry.json']);
    if (failed === 0) break;
    assert.ok(at < 500);
  }
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.old > 3 && counts.between > 3 && counts.new > 0, JSON.stringify(counts));
});

const sorted = (files) => Object.fromEntries(Object.entries(files).sort());

test('an edit made between a crash of update and its repair is kept', async (t) => {
  const { registry, student, faults, env } = await world(t);
  await student.ok(['init', '@ada/rust']);
  registry.add('@ada/rust', '1.1.0', zip(course({ version: '1.1.0', files: young })));
  const root = student.path('rust');
  const journal = path.join(root, '.progy/update/journal.json');
  for (let at = 0; !(await exists(journal)); ++at) {
    await faults.killAt(at);
    await student.run(['update', root], { env: { ...env, KONTOR_FAULTS_ROOT: root } });
    await faults.disarm();
    assert.ok(at < 500);
  }
  const steps = JSON.parse(await readFile(journal, 'utf8')).steps.map((step) => step.path);
  assert.ok(steps.includes('content/c.md'));
  assert.equal(await readFile(path.join(root, 'content/c.md'), 'utf8'), 'c1\n');
  await writeFile(path.join(root, 'content/c.md'), 'my own\n');
  const { code, stderr } = await student.run(['update', root, '--force']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /content\/c\.md was changed after the interruption/);
  assert.equal(await readFile(path.join(root, 'content/c.md'), 'utf8'), 'my own\n');
  assert.equal(await readFile(path.join(root, 'content/c.md.progy-new'), 'utf8'), 'c2\n');
});
