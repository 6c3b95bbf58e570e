// `kontor registry migrate courses`: old courses become published ones, once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { kontor } from './support/kontor.mjs';
import { person, write } from './support/progy_people.mjs';
import { start } from './support/server.mjs';

test('each old course is published as version 1.0.0, once; one that fails does not stop the others', async (t) => {
  const server = await start(t);
  const keeper = await person(t, server.url);
  await keeper.hasToken(await server.user('progy'), 'progy');
  await write(keeper.path('old'), {
    'rust/course.json': '{"name":"Rust Basics","runners":[{"id":"r"}]}', 'rust/content/01/README.md': 'one', 'rust/target/x': 'x',
    'empty/readme.md': 'no course',
  });
  execFileSync('git', ['init', '-q', '-b', 'main', keeper.path('old')], { env: keeper.env() });
  keeper.git('old', 'add', '.');
  keeper.git('old', '-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '-qm', 'old');
  const entry = (path) => ({ repo: `file://${keeper.path('old')}`, branch: 'main', path, description: `About ${path}` });
  await writeFile(keeper.path('courses.json'), JSON.stringify({ empty: entry('empty'), rust: entry('rust') }));
  const migrate = async (...args) => {
    const all = ['registry', 'migrate', 'courses', '--courses', keeper.path('courses.json'), '--json', ...args];
    const { code, stdout, stderr } = await kontor(all, { cwd: keeper.home, env: keeper.env({ GIT_ALLOW_PROTOCOL: 'file' }) });
    assert.equal(code, 1, stderr);
    return JSON.parse(stdout).courses.map(({ name, status }) => `${name} ${status}`);
  };
  assert.deepEqual(await migrate('--dry-run'), ['@progy/empty failed', '@progy/rust would publish']);
  assert.equal((await server.get('/registry/resolve/@progy%2Frust')).status, 404);
  assert.deepEqual(await migrate(), ['@progy/empty failed', '@progy/rust published']);
  assert.deepEqual(await migrate(), ['@progy/empty failed', '@progy/rust skipped']);
  const { latest, title, description } = (await server.get('/registry/resolve/@progy%2Frust')).json;
  assert.deepEqual([latest, title, description], ['1.0.0', 'Rust Basics', 'About rust']);
  await keeper.ok(['init', '@progy/rust', 'mine']);
  await server.stopCleanly();
});
