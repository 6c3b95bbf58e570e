// Another Progy registry taken over: its D1 export, as SQL and as a SQLite file, and the objects of
// its bucket.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { folder, kontor, run } from './support/kontor.mjs';
import { artifact, download, publishCourse, resolve, sha256 } from './support/progy.mjs';
import { start } from './support/server.mjs';
import { sql } from './support/sql.mjs';

const now = Math.floor(Date.now() / 1000);
const courses = [
  { name: '@diego/rust', version: '1.0.0', user: 'u-diego', at: 1_700_000_000, changelog: "It's new", isPublic: 1 },
  { name: '@diego/rust', version: '1.1.0', user: 'u-diego', at: 1_710_000_000, changelog: null, isPublic: 1 },
  { name: '@gone/secret', version: '0.1.0', user: 'u-gone', at: 1_720_000_000, changelog: null, isPublic: 0 },
];
const key = ({ name, version }) => `packages/${name}/v${version}.progy`;
const text = (value) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);

// As `wrangler d1 export` writes it.
function exported(schema, checksumOf = (course) => sha256(artifact(course))) {
  const packages = [...new Map(courses.map((course) => [course.name, course])).values()];
  const rows = [
    'PRAGMA defer_foreign_keys=TRUE;',
    'CREATE TABLE user (id TEXT PRIMARY KEY, name TEXT);',
    schema,
    ...packages.map(
      ({ name, user, at, isPublic }) =>
        `INSERT INTO registry_packages VALUES('id ${name}','${user}','${name}','${name.split('/')[1]}',` +
        `'About ${name}',NULL,${isPublic},${at},${at});`,
    ),
    ...courses.map(
      (course) =>
        `INSERT INTO registry_versions VALUES('${course.name} ${course.version}','id ${course.name}',` +
        `'${course.version}','${key(course)}',1,'${checksumOf(course)}',${text(course.changelog)},${course.at});`,
    ),
    ...[now - 5, 1_700_000_500].map(
      (at, i) =>
        `INSERT INTO registry_downloads VALUES('d${i}','id @diego/rust','@diego/rust 1.0.0',NULL,'192.0.2.7',${at});`,
    ),
  ];
  return rows.join('\n');
}

async function setUp(t) {
  const home = await folder(t);
  const bucket = path.join(home, 'bucket');
  for (const course of courses) {
    await mkdir(path.dirname(path.join(bucket, key(course))), { recursive: true });
    await writeFile(path.join(bucket, key(course)), artifact(course));
  }
  const server = await start(t);
  await server.user('diego');
  await server.stopCleanly();
  const schema = (await kontor(['schema', 'sql', 'progy'])).stdout;
  const take = (file) =>
    kontor(['import-courses', file, '--artifacts', bucket, '--json', '--data-dir', server.dataDir]);
  return { home, schema, server, take };
}

test('courses, their times and their downloads are taken over from SQL', async (t) => {
  const { home, schema, server, take } = await setUp(t);
  const file = path.join(home, 'export.sql');
  await writeFile(file, exported(schema));
  const done = await take(file);
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(JSON.parse(done.stdout), { imported: 3, repeated: 0, refused: 0, downloads: 2 });
  const again = await take(file);
  assert.deepEqual(JSON.parse(again.stdout), { imported: 0, repeated: 3, refused: 0, downloads: 0 });

  const reopened = await start(t, { dataDir: server.dataDir });
  const told = await resolve(reopened, '@diego/rust?version=1.0.0');
  assert.equal(told.json.latest, '1.1.0');
  assert.equal(told.json.publishedAt, new Date(1_700_000_000_000).toISOString());
  assert.equal(told.json.changelog, "It's new");
  assert.equal(told.json.description, 'About @diego/rust');
  assert.deepEqual((await download(reopened, courses[0])).bytes, artifact(courses[0]));
  assert.equal((await resolve(reopened, '@gone/secret')).status, 404);
  const token = await reopened.token();
  assert.equal((await resolve(reopened, '@gone/secret', { token })).json.latest, '0.1.0');
  const owned = await reopened.get('/registry/packages/@diego%2Frust', { token });
  assert.equal(owned.json.downloads, 2);
  await reopened.stopCleanly();
  const owners = await sql(reopened, 'SELECT u.name FROM registry_packages p JOIN users u ON u.id = p.user_id ORDER BY p.name');
  assert.deepEqual(owners, ['diego', 'admin']);
  const kept = await sql(reopened, 'SELECT ip_address FROM registry_downloads');
  assert.deepEqual(kept, ['192.0.2.7', '127.0.0.1'], 'the young one of the export, and the one above');
});

test('a SQLite file is read as well, and an artifact with another checksum is refused', async (t) => {
  const { home, schema, take } = await setUp(t);
  const file = path.join(home, 'export.db');
  const wrong = exported(schema, (course) => (course.version === '1.1.0' ? 'f'.repeat(64) : 'sha256-placeholder'));
  const script = 'import sqlite3, sys\nsqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())\n';
  await writeFile(path.join(home, 'export.sql'), wrong);
  const made = await run('sh', ['-c', `python3 -c '${script}' "$0" < "$1"`, file, path.join(home, 'export.sql')]);
  assert.equal(made.code, 0, made.stderr);
  const done = await take(file);
  assert.equal(done.code, 1);
  assert.deepEqual(JSON.parse(done.stdout), { imported: 2, repeated: 0, refused: 1, downloads: 2 });
  assert.match(done.stderr, /@diego\/rust 1\.1\.0: The artifact has the checksum [0-9a-f]{64}, the table says f{64}\./);
});

test('what a server has is written as tables and objects, and taken over from these by another', async (t) => {
  const server = await start(t);
  const diego = await server.user('diego');
  const course = { name: '@diego/rust', version: '1.0.0' };
  await publishCourse(server, { ...course, changelog: "It's new", description: 'All of Rust' }, diego);
  await publishCourse(server, { ...course, version: '1.1.0-rc.1' }, diego);
  await publishCourse(server, { name: '@diego/secret', version: '0.1.0', private: true }, diego);
  const out = path.join(await folder(t), 'out');
  const written = await kontor(['export-courses', out, '--json', '--data-dir', server.dataDir]);
  assert.equal(written.code, 0, written.stderr);
  const { objects: count, missing } = JSON.parse(written.stdout);
  assert.deepEqual([count, missing], [3, 0]);
  const key = `packages/${course.name}/v1.0.0.progy`;
  assert.deepEqual(await readFile(path.join(out, key)), artifact(course));
  const objects = JSON.parse(await readFile(path.join(out, 'objects.json'), 'utf8'));
  assert.deepEqual(Object.keys(objects), [key, 'packages/@diego/rust/v1.1.0-rc.1.progy', 'packages/@diego/secret/v0.1.0.progy']);
  const { userId } = objects[key].customMetadata;
  assert.deepEqual(objects[key], {
    contentType: 'application/octet-stream', customMetadata: { userId, version: '1.0.0' },
    size: artifact(course).length, sha256: sha256(artifact(course)),
  });
  assert.equal((await sql(server, "SELECT CAST(id AS TEXT) FROM users WHERE name = 'diego'"))[0], userId);
  const again = await kontor(['export-courses', out, '--data-dir', server.dataDir]);
  assert.deepEqual([again.code, /not empty/.test(again.stderr)], [1, true]);
  await server.stopCleanly();

  const other = await start(t);
  await other.user('diego');
  await other.stopCleanly();
  const taken = await kontor(['import-courses', path.join(out, 'registry.sql'), '--artifacts', out, '--json', '--data-dir', other.dataDir]);
  assert.equal(taken.code, 0, taken.stderr);
  assert.equal(JSON.parse(taken.stdout).imported, 3);
  const reopened = await start(t, { dataDir: other.dataDir });
  const told = (await resolve(reopened, course.name)).json;
  assert.deepEqual([told.latest, told.changelog, told.versions], ['1.0.0', "It's new", ['1.1.0-rc.1', '1.0.0']]);
  assert.equal((await resolve(reopened, '@diego/secret')).status, 404);
  await reopened.stopCleanly();
});

test('what is no export is refused with a sentence, and can reach no file', async (t) => {
  const { home, schema, take } = await setUp(t);
  const file = path.join(home, 'other.sql');
  await writeFile(file, 'CREATE TABLE something (x);');
  const none = await take(file);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /is no export of a Progy registry/);
  const victim = path.join(home, 'victim.db');
  await writeFile(file, `${exported(schema)}\nATTACH '${victim}' AS v; CREATE TABLE v.x (y);`);
  assert.equal((await take(file)).code, 1);
  const there = await run('ls', [victim]);
  assert.notEqual(there.code, 0);
});
