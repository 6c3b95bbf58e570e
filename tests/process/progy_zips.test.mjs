// Five hundred hostile ZIP archives through the running server, compared with what Python's zipfile
// and Info-ZIP say of them: what both refuse is refused, and what is honest is taken.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { staged } from './support/data.mjs';
import { folder, repositoryFile, run } from './support/kontor.mjs';
import { publishBytes, resolve } from './support/progy.mjs';
import { start } from './support/server.mjs';

const count = Number(process.env.KONTOR_HOSTILE_ZIPS ?? 500);
const name = '@admin/zips';

const atOnce = 50; // zips of one run of the script

async function madeZips(home, seed) {
  const place = path.join(home, `zips-${seed}`);
  await mkdir(place);
  const script = repositoryFile('tests/process/support/hostile_zips.py');
  const made = await run('python3', [script, place, `${atOnce}`, `${seed}`]);
  assert.equal(made.code, 0, made.stderr);
  return JSON.parse(await readFile(path.join(place, 'verdicts.json'), 'utf8'));
}

test(`${count} hostile ZIP archives are refused as other tools refuse them, or more strictly`, async (t) => {
  const server = await start(t);
  const token = await server.token();
  const home = await folder(t);
  const zips = [];
  for (let seed = 0; seed < count / atOnce; ++seed) zips.push(...(await madeZips(home, seed)));
  const told = { refusedByAll: 0, refusedHereOnly: 0, refusedHereAndByOne: 0, taken: 0 };
  const published = [];
  for (const { file, kind, honest, version, python, infozip } of zips) {
    const answer = await publishBytes(server, { name, version }, await readFile(file), token);
    const what = `${kind} ${file}: ${answer.status} ${answer.text}; Python ${python}, Info-ZIP ${infozip}`;
    assert.ok([200, 400, 413].includes(answer.status), what);
    const taken = answer.status === 200;
    const refusals = [python, infozip].filter((verdict) => verdict === 'refused').length;
    if (honest) assert.ok(taken && refusals === 0, what);
    else if (kind !== 'flipped') assert.ok(!taken, what);
    // One bit elsewhere may be a comment's or a time's; it never passes where both others object.
    if (refusals === 2) assert.ok(!taken, what);
    if (!taken) assert.match(answer.json.code, /^(INVALID_FILE|PAYLOAD_TOO_LARGE)$/, what);
    if (taken) published.push(version);
    told[taken ? 'taken' : ['refusedHereOnly', 'refusedHereAndByOne', 'refusedByAll'][refusals]] += 1;
  }
  assert.equal(zips.filter(({ honest }) => !honest).length, count);
  assert.ok(told.refusedByAll > count / 5, JSON.stringify(told));
  const kept = (await resolve(server, name)).json.versions;
  assert.deepEqual(kept.toSorted(), published.toSorted());
  assert.deepEqual(await staged(server), []);
  await server.assertHealthy();
  t.diagnostic(JSON.stringify(told));
  await server.stopCleanly();
});
