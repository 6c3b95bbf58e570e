// Clauses 6 and 7: many clients publish into one package at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packed, publish } from '../process/support/packages.mjs';
import { start } from '../process/support/server.mjs';
import { assertSound, assertWhole } from './support/store.mjs';

test('of 50 clients that publish the same version exactly one wins', async (t) => {
  const server = await start(t);
  const token = await server.token();
  for (const name of ['one', 'another']) {
    const tries = Array.from({ length: 50 }, (_, i) => {
      const manifest = { name, version: '1.0.0', description: `client ${i}` };
      return { manifest, tarball: packed(manifest) };
    });
    const answers = await Promise.all(tries.map(({ manifest, tarball }) => publish(server, token, manifest, { tarball })));
    const won = answers.flatMap((answer, i) => (answer.status === 201 ? [i] : []));
    assert.equal(won.length, 1, answers.map((answer) => answer.status).join(' '));
    for (const answer of answers.filter((one) => one.status !== 201))
      assert.equal(answer.headers['kontor-error-code'], 'version_exists', answer.text);
    await assertWhole(server, { ...tries[won[0]], acknowledged: true });
    const document = (await server.get(`/${name}`)).json;
    assert.equal(document.versions['1.0.0'].description, `client ${won[0]}`);
  }
  await server.stopCleanly();
  assert.equal((await assertSound(server.dataDir)).versions, 2);
});

test('200 versions of one package published at once are all there, and latest is one of them', async (t) => {
  const server = await start(t);
  const token = await server.token();
  const tries = Array.from({ length: 200 }, (_, i) => {
    const manifest = { name: 'crowd', version: `1.${i}.0` };
    return { manifest, tarball: packed(manifest), acknowledged: true, tag: i % 2 ? 'latest' : 'next' };
  });
  const answers = await Promise.all(
    tries.map(({ manifest, tarball, tag }) => publish(server, token, manifest, { tarball, tag })),
  );
  for (const answer of answers) assert.equal(answer.status, 201, answer.text);
  for (const tried of tries) await assertWhole(server, tried);
  const document = (await server.get('/crowd')).json;
  // Each publish moved its tag when it was stored: the newest one with a tag is where it points.
  const newest = (tag) =>
    Object.keys(document.versions).filter((version) => tries[version.split('.')[1]].tag === tag).at(-1);
  assert.equal(document['dist-tags'].latest, newest('latest'));
  assert.equal(document['dist-tags'].next, newest('next'));
  await server.stopCleanly();
  assert.equal((await assertSound(server.dataDir)).versions, 200);
});
