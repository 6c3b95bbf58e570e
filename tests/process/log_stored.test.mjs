// `kontor log verify --data-dir`: a log on disk against the rows and blobs of a real server's store.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { folder, kontor } from './support/kontor.mjs';
import { publish } from './support/packages.mjs';
import { start } from './support/server.mjs';
import { sql } from './support/sql.mjs';
import { TestLog } from './support/tlog.mjs';

test('rows, blobs and tiles that contradict each other are told by name', async (t) => {
  const server = await start(t);
  const token = await server.user('ada');
  for (const [name, version] of [['@acme/tool', '1.0.0'], ['@acme/tool', '1.0.1'], ['plain', '1.0.0']]) {
    const answer = await publish(server, token, { name, version }, { access: 'public' });
    assert.equal(answer.status, 201, answer.text);
  }
  await server.child.kill('SIGTERM');

  const publicLeaves = "SELECT leaf FROM log_leaves WHERE id >> 48 = 1 ORDER BY id";
  const log = new TestLog('registry.example/log/public');
  log.add(...(await sql(server, publicLeaves)));
  log.publish();
  const place = path.join(server.dataDir, 'log/public');
  await rm(place, { recursive: true, force: true });
  for (const [name, bytes] of log.files) {
    await mkdir(path.dirname(path.join(place, name)), { recursive: true });
    await writeFile(path.join(place, name), bytes);
  }
  const home = await folder(t);
  const verify = () =>
    kontor(['log', 'verify', '--data-dir', server.dataDir, '--key', log.key.vkey], { cwd: home });

  const good = await verify();
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /the tarballs of 3 releases of 2 packages/);

  const blobs = path.join(server.dataDir, 'blobs/sha256');
  const blob = path.join(blobs, (await readdir(blobs))[0]);
  const bytes = await readFile(blob);
  await writeFile(blob, Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1) ^ 1)]));
  const damaged = await verify();
  assert.equal(damaged.code, 1);
  assert.match(damaged.stderr, /The blob of \S+ has sha512-.*, but the log says sha512-/);
  await rm(blob);
  assert.match((await verify()).stderr, /its blob [0-9a-f]{64} cannot be read/);
  await writeFile(blob, bytes);

  const first = "id = (SELECT min(id) FROM log_leaves WHERE CAST(leaf AS TEXT) LIKE 'pkglog/v1 publish%')";
  await sql(server, `UPDATE log_leaves SET leaf = CAST(replace(CAST(leaf AS TEXT), 'size ', 'size 1') AS BLOB) WHERE ${first}`);
  assert.match((await verify()).stderr, /Entry \d+ has the hash \S+, but its row \S+\./);
  await sql(server, `UPDATE log_leaves SET leaf = CAST(replace(CAST(leaf AS TEXT), 'size 1', 'size ') AS BLOB) WHERE ${first}`);
  assert.equal((await verify()).code, 0);

  await sql(server, `DELETE FROM log_leaves WHERE id = (SELECT max(id) FROM log_leaves WHERE id >> 48 = 1)`);
  assert.match((await verify()).stderr, /no row for entry/);
});
