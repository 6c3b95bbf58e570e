// `progy pack`: what goes in, what never does, and that it is the same bytes every time.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { random } from './support/hostile_archives.mjs';
import { course, namesIn, person, write } from './support/progy_people.mjs';
import { sha256 } from './support/progy_registry.mjs';

async function instructor(t, files = course()) {
  const ada = await person(t);
  await write(ada.path('rust'), files);
  return ada;
}

describe('progy pack', () => {
  test('makes the same bytes of the same files, whatever their times and the time zone', async (t) => {
    const ada = await instructor(t);
    await chmod(ada.path('rust/content/01_basics/01_hello/exercise.rs'), 0o755);
    const first = await ada.json(['pack', 'rust', '-o', 'first.progy']);
    await utimes(ada.path('rust/README.md'), 1e9, 1e9);
    const second = await ada.json(['pack', '.', '-o', '../second.progy'], { cwd: ada.path('rust'), env: { TZ: 'Asia/Tokyo' } });
    const bytes = await readFile(ada.path('first.progy'));
    assert.ok(bytes.equals(await readFile(ada.path('second.progy'))));
    assert.deepEqual([first.checksum, first.sizeBytes, first.files], [sha256(bytes), bytes.length, 4]);
    assert.equal(second.checksum, first.checksum);
    const { stdout } = { stdout: execFileSync('unzip', ['-Z', ada.path('first.progy')], { encoding: 'utf8' }) };
    assert.match(stdout, /-rwxr-xr-x .* 80-Jan-01 00:00 content\/01_basics\/01_hello\/exercise.rs/);
    assert.match(stdout, /-rw-r--r-- .* 80-Jan-01 00:00 course.json/);
  });

  test('leaves out what never belongs into a course, and what .gitignore says', async (t) => {
    const never = Object.fromEntries(
      ['node_modules/x.js', 'content/node_modules/y.js', '.git/HEAD', 'target/a', 'dist/b', '.next/c', '.DS_Store',
        'content/.DS_Store', 'old.progy', '.progy/registry.json', 'secret.env', 'content/build/out'].map((name) => [name, 'x']),
    );
    const ada = await instructor(t, course({ files: { ...never, '.gitignore': '*.env\n', 'content/.gitignore': '/build/\n' } }));
    await ada.ok(['pack'], { cwd: ada.path('rust') });
    assert.deepEqual(namesIn(ada.path('rust/rust.progy')), [
      '.gitignore', 'README.md', 'content/.gitignore', 'content/01_basics/01_hello/README.md',
      'content/01_basics/01_hello/exercise.rs', 'course.json',
    ]);
  });

  test('takes what "files" says instead, and course.json always', async (t) => {
    const files = { '.gitignore': 'content/\n', 'runner/main.sh': 'x', 'notes/todo.md': 'x', 'content/draft.md': 'x' };
    const ada = await instructor(t, course({ files }));
    await write(ada.path('rust'), {
      'course.json': JSON.stringify({ name: '@ada/rust', version: '1.0.0', files: ['content/**/*', 'runner', '!**/draft.md'] }),
    });
    await ada.ok(['pack', 'rust']);
    assert.deepEqual(namesIn(ada.path('rust/rust.progy')), [
      'content/01_basics/01_hello/README.md', 'content/01_basics/01_hello/exercise.rs', 'course.json', 'runner/main.sh',
    ]);
  });

  test('tells all that is wrong with course.json at once, with its place', async (t) => {
    const ada = await instructor(t, course({ name: 'Rust Basics', version: '1.0', keywords: 'rust' }));
    const { code, stderr } = await ada.run(['pack', 'rust']);
    assert.equal(code, 1);
    for (const place of ['$.name', '$.version', '$.keywords']) assert.ok(stderr.includes(`\n  ${place} `), stderr);
    const answer = JSON.parse((await ada.run(['pack', 'rust', '--json'])).stdout);
    assert.deepEqual([answer.success, answer.code], [false, 'INVALID_COURSE']);
    assert.deepEqual(answer.faults.map(({ path: at }) => at).sort(), ['$.keywords', '$.name', '$.version']);
  });

  test('refuses links, an engine that is too old and a course without content', async (t) => {
    const ada = await instructor(t);
    const refused = async (pattern) => {
      const { code, stderr } = await ada.run(['pack', 'rust']);
      assert.equal(code, 1);
      assert.match(stderr, pattern);
    };
    await symlink('/etc/passwd', ada.path('rust/content/passwd'));
    await refused(/content\/passwd/);
    await rm(ada.path('rust/content/passwd'));
    await write(ada.path('rust'), course({ engines: { progy: '>=99.0.0' } }));
    await refused(/\$\.engines\.progy asks for >=99\.0\.0/);
    await write(ada.path('rust'), course());
    await rm(ada.path('rust/content'), { recursive: true });
    await refused(/content/);
    await assert.rejects(readFile(ada.path('rust/rust.progy')), { code: 'ENOENT' });
  });
});

// Names and patterns that share letters, so that much matches and much almost does.
const words = ['a', 'b', 'ab', 'abc', 'x.txt', 'a.log', 'foo', 'foobar', 'a b', '#c', '!d', 'é', '[e]', 'f*'];
const rules = [
  'a', '/a', 'a/', '*.log', '!a.log', 'foo*', '/foo*/', 'foo**', '**/ab', 'a/**', 'a/**/b', '**/foo/**', 'a*/b', '*/x.txt', '[ab]', '[!a]*',
  '[a-c]bc', 'f\\*', '\\#c', '\\!d', '#comment', '', 'ab ', 'a\\ b', '?', '??', '*', '!*/', '!foobar', 'a/b/', '/a/b', 'foo/bar', '[[:alpha:]]bc',
  '[[:foo:]]', '[a', 'x.txt\r', '***/a', 'a***b', '/', '//', '**', '!**/x.txt', 'b/*', '[]e]', 'é', 'a?c', '**foo', 'foo**/abc', '\\', 'a\\',
];

describe('.gitignore', () => {
  test('is understood as git check-ignore understands it, on generated trees', async (t) => {
    for (let seed = 1; seed <= 40; seed++) {
      const pick = random(seed * 7919);
      const one = (list) => list[pick(list.length)];
      const files = course({ name: '@ada/rust' });
      const folders = ['content/', ...Array.from({ length: 8 }, () => `content/${one(words)}/${pick(2) ? `${one(words)}/` : ''}`)];
      for (const into of folders)
        for (let i = 0; i < 4; i++) files[`${into}${one(words)}_${pick(3)}`.replace(/_0$/, '')] = 'x';
      for (const into of ['', ...folders.filter(() => pick(2))])
        files[`${into}.gitignore`] = Array.from({ length: 1 + pick(5) }, () => one(rules)).join('\n') + (pick(2) ? '\n' : '');
      await compare(t, files, seed);
    }
  });
});

// A path may not be both a file and a folder.
function consistent(files) {
  const names = Object.keys(files);
  return Object.fromEntries(Object.entries(files).filter(([name]) => !names.some((other) => other.startsWith(`${name}/`))));
}

// Those of the files that git says are ignored; its status is 1 where none is.
function checkIgnore(ada, names) {
  const { status, stdout, stderr } = spawnSync('git', ['-C', ada.path('rust'), 'check-ignore', '-z', '--stdin'], {
    env: ada.env(), input: names.join('\0'), encoding: 'utf8',
  });
  assert.ok(status === 0 || status === 1, stderr);
  return stdout.split('\0').filter(Boolean);
}

async function compare(t, wanted, seed) {
  const files = consistent(wanted);
  const ada = await person(t);
  await mkdir(ada.path('rust'));
  ada.git('rust', 'init', '--quiet');
  await write(ada.path('rust'), files);
  const ignored = new Set(checkIgnore(ada, Object.keys(files)));
  const kept = Object.keys(files).filter((name) => !ignored.has(name));
  const expected = [...new Set([...kept, 'course.json'])].sort();
  if (!expected.some((name) => name.startsWith('content/'))) return;
  const { code, stderr } = await ada.run(['pack', 'rust', '-o', 'out.progy']);
  assert.equal(code, 0, `seed ${seed}: ${stderr}`);
  const shown = execFileSync('python3', ['-c', 'import sys,zipfile;print("\\0".join(zipfile.ZipFile(sys.argv[1]).namelist()),end="")', ada.path('out.progy')]);
  assert.deepEqual(shown.toString().split('\0').sort(), expected, `seed ${seed}: ${path.basename(ada.home)}`);
}
