// A thousand hostile archives through the running server, while honest ones are published beside
// them: every one is refused with a sentence, nothing of them stays, nothing honest is lost, and
// memory stays bounded.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { hostileArchives } from './support/hostile_archives.mjs';
import { repositoryFile } from './support/kontor.mjs';
import { archive, publishBytes, publishOri, versions } from './support/ori.mjs';
import { start } from './support/server.mjs';

const count = Number(process.env.KONTOR_HOSTILE_ARCHIVES ?? 1000);

async function peakMemory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).length;
}

test(`${count} hostile archives are refused, and nothing is lost`, async (t) => {
  const server = await start(t);
  const token = await server.token();
  const archives = hostileArchives(count);
  let refused = 0;
  let honest = 0;
  const attack = async () => {
    for (const { pack, bytes, rule, kind } of archives) {
      const answer = await publishBytes(server, pack.name, bytes, token);
      assert.ok([413, 422].includes(answer.status), `kind ${kind} ${pack.version}: ${answer.status} ${answer.text}`);
      assert.match(answer.json.message, rule, `kind ${kind} ${pack.version}`);
      refused += 1;
      if (refused % 25 === 0) {
        const good = await publishOri(server, { name: '@honest/pkg', version: `1.0.${refused}` }, token);
        assert.equal(good.status, 201, good.text);
        honest += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, attack));
  assert.equal(refused, count);

  await server.assertHealthy();
  assert.equal((await versions(server, '@hostile/pkg')).status, 404);
  assert.equal((await versions(server, '@honest/pkg')).json.versions.length, honest);
  assert.equal(await filesBelow(path.join(server.dataDir, 'blobs/ori')), honest);
  assert.equal(await filesBelow(path.join(server.dataDir, 'blobs/staging')), 0);
  assert.ok((await peakMemory(server.child.pid)) < 256 << 20, 'of the server');
  t.diagnostic(`peak memory of the server: ${Math.round((await peakMemory(server.child.pid)) / 2 ** 20)} MiB`);
  await server.stopCleanly();
});

// What fuzzing has found so far: as an archive, as the tar stream of one, as a tar's only file, and
// as a manifest.
test('every input of the fuzz corpus is refused, and nothing is lost', async (t) => {
  const server = await start(t);
  const token = await server.token();
  const folder = repositoryFile('fuzz/corpus');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const pack = { name: '@fuzzed/pkg', version: '1.0.0' };
  let sent = 0;
  for (const found of entries.filter((entry) => entry.isFile())) {
    const place = path.join(found.parentPath ?? found.path, found.name);
    const bytes = await readFile(place);
    const forms = [bytes, gzipSync(bytes), archive({ ...pack, files: { 'oripk.toml': bytes, 'src/lib.ori': bytes } })];
    for (const form of forms) {
      const answer = await publishBytes(server, pack.name, form, token);
      assert.ok([400, 413, 422].includes(answer.status), `${place}: ${answer.status} ${answer.text}`);
      assert.ok(answer.json.message.length > 0, place);
      sent += 1;
    }
  }
  assert.ok(sent > 60, `${sent} inputs`);
  assert.equal((await versions(server, pack.name)).status, 404);
  assert.equal((await publishOri(server, pack, token)).status, 201);
  assert.equal(await filesBelow(path.join(server.dataDir, 'blobs/staging')), 0);
  assert.ok((await peakMemory(server.child.pid)) < 256 << 20, 'of the server');
  await server.stopCleanly();
});
