// Clause 8: concurrent publishes, tag moves and unpublishes of a package look as if they had been
// done one after the other. And the checker that judges it, which must refuse what cannot be.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { folder } from '../process/support/kontor.mjs';
import { publish } from '../process/support/packages.mjs';
import { start } from '../process/support/server.mjs';
import { findOrder, packageModel, readResult } from './support/linearizable.mjs';
import { seeded } from './support/power_cut.mjs';

const histories = Number(process.env.KONTOR_HISTORIES ?? 12);
const seed = Number(process.env.KONTOR_SEED ?? randomInt(2 ** 32));
const clients = 6;
const callsEach = 7;

// --- the checker --------------------------------------------------------------------------------

const judge = (...rows) =>
  findOrder(
    rows.map(([from, to, kind, version, tag, result]) => ({ from, to, call: { kind, version, tag }, result })),
    packageModel,
  );

test('a history of calls one after the other is explained by its own order', () => {
  const order = judge(
    [0, 1, 'publish', '1.0.0', 'latest', 'done'],
    [2, 3, 'publish', '1.1.0', 'next', 'done'],
    [4, 5, 'read', '', '', readResult(['1.0.0', '1.1.0'], { latest: '1.0.0', next: '1.1.0' })],
    [6, 7, 'unpublish', '1.0.0', '', 'done'],
    [8, 9, 'read', '', '', readResult(['1.1.0'], { latest: '1.1.0', next: '1.1.0' })],
    [10, 11, 'publish', '1.0.0', 'latest', 'tombstoned'],
  );
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
});

test('calls at the same time may have happened in either order', () => {
  assert.deepEqual(
    judge(
      [0, 9, 'publish', '1.0.0', 'latest', 'exists'],
      [0, 9, 'publish', '1.0.0', 'latest', 'done'],
      [1, 2, 'read', '', '', readResult([], {})],
    ),
    [2, 1, 0],
  );
});

const impossible = {
  'two winners of one version': [
    [0, 9, 'publish', '1.0.0', 'latest', 'done'],
    [0, 9, 'publish', '1.0.0', 'latest', 'done'],
  ],
  'a read that misses what had been acknowledged before it began': [
    [0, 1, 'publish', '1.0.0', 'latest', 'done'],
    [2, 3, 'read', '', '', readResult([], {})],
  ],
  'two reads that see two publishes in different orders': [
    [0, 9, 'publish', '1.0.0', 'a', 'done'],
    [0, 9, 'publish', '2.0.0', 'b', 'done'],
    [1, 2, 'read', '', '', readResult(['1.0.0'], { a: '1.0.0', latest: '1.0.0' })],
    [3, 4, 'read', '', '', readResult(['2.0.0'], { b: '2.0.0', latest: '2.0.0' })],
  ],
  'a version that comes back after it was removed': [
    [0, 1, 'publish', '1.0.0', 'latest', 'done'],
    [2, 3, 'unpublish', '1.0.0', '', 'done'],
    [4, 5, 'publish', '1.0.0', 'latest', 'done'],
  ],
  'a tag that was moved and is read in its old place': [
    [0, 1, 'publish', '1.0.0', 'latest', 'done'],
    [2, 3, 'publish', '1.1.0', 'next', 'done'],
    [4, 5, 'tag', '1.1.0', 'latest', 'done'],
    [6, 7, 'read', '', '', readResult(['1.0.0', '1.1.0'], { latest: '1.0.0', next: '1.1.0' })],
  ],
};

for (const [name, rows] of Object.entries(impossible))
  test(`no order explains ${name}`, () => assert.equal(judge(...rows), null));

// --- the registry -------------------------------------------------------------------------------

const results = { version_exists: 'exists', version_tombstoned: 'tombstoned', version_not_found: 'absent', conflict: 'conflict' };

function resultOf(answer) {
  if (answer.status < 300) return 'done';
  const result = results[answer.headers['kontor-error-code']];
  assert.ok(result, `${answer.status} ${answer.text}`);
  return result;
}

async function read(server, token, name) {
  const answer = await server.get(`/${name}`, { token });
  if (answer.status === 404) return { answer, result: readResult([], {}) };
  const { versions, 'dist-tags': tags } = answer.json;
  return { answer, result: readResult(Object.keys(versions), tags) };
}

// As npm does it: the document, sent back without the version. What was read in between decides, so
// the call is the whole of it.
async function unpublish(server, token, name, version) {
  const { answer } = await read(server, token, name);
  if (answer.status === 404 || !Object.hasOwn(answer.json.versions, version)) return null;
  const document = answer.json;
  delete document.versions[version];
  for (const [tag, target] of Object.entries(document['dist-tags']))
    if (target === version) delete document['dist-tags'][tag];
  // Not the last one: see what docs/durability.md does not promise.
  if (Object.keys(document.versions).length === 0) return null;
  return server.request('PUT', `/${name}/-rev/${document._rev}`, { token, body: document });
}

async function perform(server, token, name, { kind, version, tag }) {
  if (kind === 'read') return (await read(server, token, name)).result;
  if (kind === 'publish') {
    // Other bytes each time: the same ones by the same user would be a repetition, not a conflict.
    const manifest = { name, version, description: `try ${randomInt(2 ** 32)}` };
    return resultOf(await publish(server, token, manifest, { tag }));
  }
  if (kind === 'tag') {
    const answer = await server.request('PUT', `/-/package/${name}/dist-tags/${tag}`, { token, body: version });
    return answer.headers['kontor-error-code'] === 'not_found' ? 'absent' : resultOf(answer);
  }
  const answer = await unpublish(server, token, name, version);
  return answer && resultOf(answer);
}

function randomCall(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const kind = pick(['publish', 'publish', 'publish', 'tag', 'unpublish', 'read', 'read']);
  return { kind, version: `1.${Math.floor(random() * 6)}.0`, tag: pick(['latest', 'next', 'beta']) };
}

async function record(server, token, name, random) {
  const history = [];
  let clock = 0;
  const plan = Array.from({ length: clients }, () => Array.from({ length: callsEach }, () => randomCall(random)));
  const work = async (calls) => {
    for (const call of calls) {
      const from = ++clock;
      const result = await perform(server, token, name, call);
      if (result !== null) history.push({ from, to: ++clock, call, result });
    }
  };
  await Promise.all(plan.map(work));
  const from = ++clock;
  history.push({ from, to: ++clock, call: { kind: 'read' }, result: (await read(server, token, name)).result });
  return history;
}

test(`${histories} histories of ${clients} clients can each be explained by an order`, async (t) => {
  t.diagnostic(`KONTOR_SEED=${seed}`);
  const random = seeded(seed);
  const server = await start(t, { cwd: await folder(t) });
  const token = await server.token();
  const counted = {};
  for (let i = 0; i < histories; ++i) {
    const history = await record(server, token, `history-${i}`, random);
    for (const { call, result } of history)
      if (call.kind !== 'read') counted[`${call.kind} ${result}`] = (counted[`${call.kind} ${result}`] ?? 0) + 1;
    assert.ok(findOrder(history, packageModel), `no order explains\n${history.map((row) => JSON.stringify(row)).join('\n')}`);
  }
  for (const happened of ['publish done', 'publish exists', 'tag done', 'unpublish done'])
    assert.ok(counted[happened] > 0, `nothing was tested: ${JSON.stringify(counted)}`);
  t.diagnostic(JSON.stringify(counted));
  await server.stopCleanly();
});
