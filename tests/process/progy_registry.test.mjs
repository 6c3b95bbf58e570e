// The life of a course through the real binary: publish, resolve, download, resume, the log and the
// tables that Progy's tools know.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { artifact, download, publishBytes, publishCourse, resolve, sha256 } from './support/progy.mjs';
import { kontor } from './support/kontor.mjs';
import { person } from './support/progy_people.mjs';
import { start } from './support/server.mjs';
import { sql } from './support/sql.mjs';

const course = { name: '@diego/rust-mastery', version: '1.0.0' };

async function registry(t, options) {
  const server = await start(t, options);
  return { server, diego: await server.user('diego') };
}

test('a course is published, resolved and downloaded, and its proof verifies', async (t) => {
  const { server, diego } = await registry(t);
  const bytes = artifact(course);
  const published = await publishCourse(server, { ...course, changelog: 'The first one' }, diego, {
    prefer: 'wait=10',
  });
  assert.equal(published.status, 200, published.text);
  assert.equal(published.json.success, true);
  assert.equal(published.json.version, '1.0.0');
  assert.equal(published.json.checksum, sha256(bytes));
  assert.match(published.json.log.proof, /^pkglog\/v1 publish\n.*\n?package progy\b/m);

  const told = await resolve(server, course.name);
  assert.equal(told.json.latest, '1.0.0');
  assert.equal(told.json.checksum, sha256(bytes));
  assert.equal(told.json.changelog, 'The first one');

  const got = await server.get(new URL(told.json.downloadUrl).pathname);
  assert.deepEqual(got.bytes, bytes);
  assert.equal(got.headers['x-checksum-sha256'], sha256(bytes));
  assert.equal(got.headers['content-disposition'], 'attachment; filename="rust-mastery-1.0.0.progy"');
  await server.stopCleanly();
});

test('an interrupted download goes on where it ended', async (t) => {
  const { server, diego } = await registry(t);
  const files = { 'assets/noise.bin': randomBytes(300_000).toString('latin1') };
  const bytes = artifact({ ...course, files });
  assert.equal((await publishBytes(server, course, bytes, diego)).status, 200);
  const first = await download(server, course, { headers: { range: 'bytes=0-99999' } });
  assert.equal(first.status, 206);
  const rest = await download(server, course, {
    headers: { range: 'bytes=100000-', 'if-range': first.headers.etag },
  });
  assert.equal(rest.status, 206);
  assert.deepEqual(Buffer.concat([first.bytes, rest.bytes]), bytes);
  assert.equal(rest.headers['content-range'], `bytes 100000-${bytes.length - 1}/${bytes.length}`);
  await server.stopCleanly();
});

test('an artifact over 100 MB is refused while it arrives, and little of it is held', async (t) => {
  const { server, diego } = await registry(t);
  const answer = await publishBytes(server, course, Buffer.alloc(105 << 20), diego);
  assert.equal(answer.status, 413, answer.text);
  assert.deepEqual(answer.json.code, 'PAYLOAD_TOO_LARGE');
  assert.equal((await resolve(server, course.name)).status, 404);
  await server.stopCleanly();
});

test('downloads are kept in the tables that the tools of Progy read', async (t) => {
  const { server, diego } = await registry(t);
  assert.equal((await publishCourse(server, { ...course, description: 'All of Rust' }, diego)).status, 200);
  assert.equal((await download(server, course)).status, 200);
  assert.equal((await download(server, course, { token: diego })).status, 200);
  await server.stopCleanly(); // what was counted is written
  const one = async (statement) => (await sql(server, statement))[0];
  assert.equal(await one('SELECT name FROM registry_packages'), course.name);
  assert.equal(await one('SELECT slug FROM registry_packages'), 'rust-mastery');
  assert.equal(await one('SELECT description FROM registry_packages'), 'All of Rust');
  assert.equal(await one('SELECT latest_version FROM registry_packages'), '1.0.0');
  assert.equal(await one('SELECT is_public FROM registry_packages'), 1);
  assert.equal(await one('SELECT checksum FROM registry_versions'), sha256(artifact(course)));
  assert.equal(
    await one('SELECT storage_key FROM registry_versions'),
    'packages/@diego/rust-mastery/v1.0.0.progy',
  );
  assert.equal(await one('SELECT count(*) FROM registry_downloads'), 2);
  assert.equal(
    await one(
      'SELECT count(*) FROM registry_downloads d JOIN registry_versions v ON v.id = d.version_id' +
        ' JOIN registry_packages p ON p.id = d.package_id AND p.user_id = d.user_id' +
        " WHERE d.ip_address = '127.0.0.1' AND abs(d.downloaded_at - unixepoch()) < 3600",
    ),
    1,
  );
});

test('a user who gets another name leaves a sound store, and a log that tells it', async (t) => {
  const { server, diego } = await registry(t);
  assert.equal((await publishCourse(server, course, diego)).status, 200);
  assert.equal((await download(server, course)).status, 200);
  const renamed = await server.request('POST', '/registry/users/diego/rename', { token: diego, body: { name: 'don' } });
  assert.deepEqual([renamed.status, renamed.json.packages], [200, ['@don/rust-mastery']], renamed.text);
  const moved = { ...course, name: '@don/rust-mastery' };
  assert.deepEqual((await download(server, moved)).bytes, artifact(course));
  const next = await publishCourse(server, { ...moved, version: '1.1.0' }, diego, { prefer: 'wait=10' });
  assert.match(next.json.log.proof, /^pkglog\/v1 publish\n/);
  assert.equal((await resolve(server, course.name)).json.latest, '1.1.0');
  await server.stopCleanly();
  const checked = await kontor(['fsck', '--data-dir', server.dataDir]);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  assert.deepEqual(await sql(server, 'SELECT storage_key FROM registry_versions ORDER BY version'), [
    'packages/@don/rust-mastery/v1.0.0.progy', 'packages/@don/rust-mastery/v1.1.0.progy',
  ]);
});

test('advisories about a course are shown and warned of, and a malicious one is not handed out', async (t) => {
  const { server, diego } = await registry(t);
  assert.equal((await publishCourse(server, course, diego)).status, 200);
  const plant = async (id, version) => {
    const affected = [{ package: { ecosystem: 'Progy', name: course.name }, versions: [version] }];
    const body = { id, summary: 'Planted', affected };
    const planted = await server.request('POST', '/v1/advisories', { token: await server.token(), body });
    assert.equal(planted.status, 201, planted.text);
  };
  assert.deepEqual((await resolve(server, course.name)).json.advisories, []);
  await plant('GHSA-cour-se11', '1.0.0');
  assert.deepEqual((await resolve(server, course.name)).json.advisories, ['GHSA-cour-se11']);
  const student = await person(t, server.url);
  assert.match(await student.ok(['info', course.name]), /^ {2}advisories +affected by GHSA-cour-se11$/m);
  const begun = await student.run(['init', course.name]);
  assert.equal(begun.code, 0, begun.stderr);
  assert.match(begun.stderr, /^warning: @diego\/rust-mastery 1\.0\.0 is affected by GHSA-cour-se11\.$/m);
  await plant('MAL-2026-0400', '1.1.0');
  const evil = await publishCourse(server, { ...course, version: '1.1.0' }, diego);
  assert.match(evil.json.warnings.join(), /MAL-2026-0400/, evil.text);
  const refused = await download(server, { ...course, version: '1.1.0' });
  assert.equal(refused.status, 403, refused.text);
  await server.stopCleanly();
});

test('publishes are limited for each user, as configured', async (t) => {
  const settings = { 'rateLimit.progyPublish.maxRequests': 2 };
  const { server, diego } = await registry(t, { settings });
  const publish = (version) => publishCourse(server, { ...course, version }, diego);
  assert.equal((await publish('1.0.0')).status, 200);
  assert.equal((await publish('1.0.0')).status, 409);
  assert.equal((await publish('1.0.1')).status, 200);
  const refused = await publish('1.0.2');
  assert.equal(refused.status, 429, refused.text);
  assert.ok(Number(refused.headers['retry-after']) > 60);
  await server.stopCleanly();
});
