// The full life of a course with the real binaries: an instructor publishes it, a student owns it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { course, member, namesIn, person, publish, write } from './support/progy_people.mjs';
import { fakeRegistry, sha256 } from './support/progy_registry.mjs';
import { start } from './support/server.mjs';

describe('progy publish', () => {
  // By its name in the source's section 13.
  test('Flow Test: POST /publish is called with the correct FormData, and the zip holds course.json', async (t) => {
    const registry = await fakeRegistry(t);
    const ada = await person(t, registry.url);
    await ada.hasToken('a-token', 'ada');
    await write(ada.path('rust'), course());
    const answer = await ada.json(['publish', '--changelog', 'The first'], { cwd: ada.path('rust') });
    assert.deepEqual([answer.success, answer.version], [true, '1.0.0']);
    const [posted, ...more] = registry.asked;
    assert.deepEqual(more, []);
    assert.deepEqual([posted.method, posted.path, posted.headers.authorization], ['POST', '/registry/publish', 'Bearer a-token']);
    const form = await new Response(posted.body, { headers: { 'content-type': posted.headers['content-type'] } }).formData();
    assert.deepEqual([...form.keys()].sort(), ['file', 'metadata']);
    assert.deepEqual(JSON.parse(form.get('metadata')), {
      name: '@ada/rust', version: '1.0.0', description: 'Rust from the start', private: false, changelog: 'The first',
    });
    const file = form.get('file');
    assert.equal(file.name, 'rust.progy');
    await writeFile(ada.path('sent.zip'), Buffer.from(await file.arrayBuffer()));
    assert.deepEqual(namesIn(ada.path('sent.zip')), namesIn(ada.path('rust/rust.progy')));
    assert.ok(namesIn(ada.path('sent.zip')).includes('course.json'));
  });

  test('packs where there is no artifact, and the registry serves the same bytes', async (t) => {
    const server = await start(t);
    const ada = await member(t, server, 'ada');
    const answer = await publish(ada);
    assert.deepEqual([answer.success, answer.version], [true, '1.0.0']);
    const bytes = await readFile(ada.path('rust/rust.progy'));
    assert.equal(answer.checksum, sha256(bytes));
    assert.ok(namesIn(ada.path('rust/rust.progy')).includes('course.json'));
    const served = await server.get('/registry/download/@ada/rust/1.0.0');
    assert.ok(served.bytes.equals(bytes));
    assert.equal(served.headers['x-checksum-sha256'], sha256(bytes));
    await server.stopCleanly();
  });

  test('says what to do about every refusal', async (t) => {
    const server = await start(t);
    const ada = await member(t, server, 'ada');
    await publish(ada);
    const refused = async (more, code, pattern, env) => {
      await write(ada.path('rust'), course(more));
      const end = await ada.run(['publish', '--json'], { cwd: ada.path('rust'), env });
      assert.equal(end.code, 1);
      const answer = JSON.parse(end.stdout);
      assert.deepEqual([answer.success, answer.code], [false, code]);
      assert.match(answer.error, pattern);
    };
    await refused({}, 'VERSION_EXISTS', /raise "version" in course\.json/);
    await refused({ name: '@grace/rust' }, 'FORBIDDEN', /progy whoami/);
    await refused({ version: '2.0.0' }, 'UNAUTHORIZED', /progy login/, { PROGY_TOKEN: 'npm_wrong' });
    const stranger = await person(t, server.url);
    const end = await stranger.run(['publish', ada.path('rust')]);
    assert.equal(end.code, 1);
    assert.match(end.stderr, /progy login/);
    await server.stopCleanly();
  });

  test('--dry-run prints its three lines, keeps nothing and asks nobody', async (t) => {
    const ada = await person(t);
    await write(ada.path('rust'), course({ name: '@diego/rust-mastery' }));
    const said = await ada.ok(['publish', '--dry-run'], { cwd: ada.path('rust') });
    assert.match(said, /^\[DRY-RUN\] Validating course\.json\.\.\. OK\n\[DRY-RUN\] Packing files\.\.\. \(\d{3}B\)\n\[DRY-RUN\] Would publish @diego\/rust-mastery v1\.0\.0\n$/);
    assert.deepEqual((await readdir(ada.path('rust'))).sort(), ['README.md', 'content', 'course.json']);
    assert.deepEqual(await readdir(ada.path('tmp')), []);
    await write(ada.path('rust'), { 'content/noise.bin': randomBytes(3_200_000) });
    assert.equal(
      await ada.ok(['publish', '--dry-run'], { cwd: ada.path('rust') }),
      '[DRY-RUN] Validating course.json... OK\n[DRY-RUN] Packing files... (3.2MB)\n[DRY-RUN] Would publish @diego/rust-mastery v1.0.0\n',
    );
  });

  test('raises the version first where it is told to, and lowers it again where the registry refuses', async (t) => {
    const server = await start(t);
    const ada = await member(t, server, 'ada');
    const file = ada.path('rust/course.json');
    await write(ada.path('rust'), course());
    await chmod(file, 0o640);
    const before = await readFile(file, 'utf8');
    const publish = (...args) => ada.run(['publish', ...args, '--json'], { cwd: ada.path('rust') });
    assert.equal((await publish('--minor', '--dry-run')).code, 0);
    assert.equal((await publish('--minor', '--patch')).code, 2);
    assert.equal(await readFile(file, 'utf8'), before);
    const { version } = JSON.parse((await publish('--minor')).stdout);
    assert.equal(version, '1.1.0');
    assert.equal(await readFile(file, 'utf8'), before.replace('1.0.0', '1.1.0'));
    assert.equal((await stat(file)).mode & 0o777, 0o640);
    assert.equal(JSON.parse((await publish('--major')).stdout).version, '2.0.0');
    const refused = await ada.run(['publish', '--patch'], { cwd: ada.path('rust'), env: { PROGY_TOKEN: 'npm_wrong' } });
    assert.equal(refused.code, 1);
    assert.equal(await readFile(file, 'utf8'), before.replace('1.0.0', '2.0.0'));
    await server.stopCleanly();
  });

  test('packs anew what is older than the course, and takes --file as it is', async (t) => {
    const server = await start(t);
    const ada = await member(t, server, 'ada');
    await write(ada.path('rust'), course());
    await ada.ok(['pack', 'rust', '-o', 'kept.progy']);
    await ada.ok(['pack', 'rust']);
    await write(ada.path('rust'), course({ version: '1.1.0' }));
    const { code, stderr, stdout } = await ada.run(['publish'], { cwd: ada.path('rust') });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /older than the course/);
    assert.match(stdout, /^Published @ada\/rust v1\.1\.0\n/);
    const kept = await ada.json(['publish', '--file', 'kept.progy', '--changelog', 'The first']);
    assert.equal(kept.version, '1.0.0');
    const first = await ada.json(['info', '@ada/rust@1.0.0']);
    assert.deepEqual([first.changelog, first.latest, first.versions], ['The first', '1.1.0', ['1.0.0', '1.1.0']]);
    await server.stopCleanly();
  });
});

describe('a course', () => {
  test('is started, worked on and updated by a student who owns the result', async (t) => {
    const server = await start(t);
    const ada = await member(t, server, 'ada');
    const exercise = 'content/01_basics/01_hello/exercise.rs';
    await publish(ada, { files: { 'content/02.md': 'one\n' } });
    const student = await person(t, server.url);
    assert.match(await student.ok(['search', 'rust']), /@ada\/rust v1\.0\.0 {2}Rust from the start\n/);
    await student.ok(['init', '@ada/rust']);
    assert.equal(student.git('rust', 'log', '--format=%s'), 'Initial commit from Progy Registry (v1.0.0)\n');
    assert.equal(student.git('rust', 'remote'), '');
    await writeFile(student.path('rust', exercise), 'fn main() {\n    println!("hello");\n}\n');
    student.git('rust', '-c', 'user.name=S', '-c', 'user.email=s@x', 'commit', '-qam', 'my solution');

    const files = { 'content/02.md': 'two\n', [exercise]: 'fn main() {\n    unimplemented!();\n}\n' };
    await publish(ada, { version: '1.1.0', files });
    const { code, stdout } = await student.run(['update'], { cwd: student.path('rust') });
    assert.equal(code, 3);
    assert.match(stdout, /conflict +content\/01_basics\/01_hello\/exercise\.rs/);
    assert.equal(await readFile(student.path('rust/content/02.md'), 'utf8'), 'two\n');
    assert.match(await readFile(student.path('rust', exercise), 'utf8'), /<{7} yours[^]*hello[^]*={7}[^]*unimplemented/);
    assert.equal(student.git('rust', 'rev-list', '--count', 'HEAD'), '2\n');
    await server.stopCleanly();
  });

  test('goes along when its user gets another name, and is found by the old one', async (t) => {
    const server = await start(t);
    const ada = await member(t, server, 'ada');
    await publish(ada);
    const student = await person(t, server.url);
    await student.ok(['init', '@ada/rust']);
    assert.equal(await ada.ok(['rename', 'countess']), 'You are countess now.\n  @countess/rust\n');
    assert.equal(await ada.ok(['whoami']), 'countess\n');
    const { code, stderr } = await student.run(['init', '@ada/rust', 'again']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /@ada\/rust is called @countess\/rust now/);
    await publish(ada, { name: '@countess/rust', version: '1.1.0', files: { 'content/new.md': 'new\n' } });
    const updated = await student.run(['update'], { cwd: student.path('rust') });
    assert.equal(updated.code, 0, updated.stderr);
    assert.match(updated.stdout, /^Updated @countess\/rust from v1\.0\.0 to v1\.1\.0\n/);
    assert.equal(JSON.parse(await readFile(student.path('rust/.progy/registry.json'), 'utf8')).name, '@countess/rust');
    const taken = await server.request('POST', '/-/kontor/v1/users', {
      token: await server.token(), body: { name: 'ada', password: 'password of ada', email: 'ada@example.test' },
    });
    assert.equal(taken.status, 409, taken.text);
    await server.stopCleanly();
  });

  test('that is private is there for its owner alone', async (t) => {
    const server = await start(t);
    const [ada, grace] = [await member(t, server, 'ada'), await member(t, server, 'grace')];
    await publish(ada, { private: true });
    await ada.ok(['init', '@ada/rust', 'mine']);
    assert.match(await ada.ok(['list', '--mine']), /@ada\/rust v1\.0\.0 {2}private/);
    const { code, stderr } = await grace.run(['init', '@ada/rust']);
    assert.equal(code, 1);
    assert.match(stderr, /Package not found/);
    assert.equal(await grace.ok(['list']), 'The registry has no public course.\n');
    await server.stopCleanly();
  });
});
