// `kontor audit-log`: the trail is printed, and a row that was changed behind the registry's back is
// named (row AUTH-10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folder, kontor } from './support/kontor.mjs';
import { logSize, until } from './support/log_entries.mjs';
import { publish } from './support/packages.mjs';
import { start } from './support/server.mjs';
import { sql } from './support/sql.mjs';

const settings = { 'transparency.origin': 'registry.example', 'transparency.interval': '50ms' };

// A server with a trail, all of it published.
async function trail(t) {
  const server = await start(t, { settings });
  const root = await server.token();
  const ada = await server.user('ada');
  await publish(server, ada, { name: 'tool', version: '1.0.0' });
  const [rows] = await sql(server, 'SELECT count(*) FROM audit');
  await until(async () => (await logSize(server, { log: 'audit', token: root })) === rows);
  return { server, rows };
}

const auditLog = (server, ...args) => kontor(['audit-log', ...args, '--data-dir', server.dataDir]);

test('rows are printed in order, by actor and time, as words or JSON', async (t) => {
  const { server, rows } = await trail(t);
  const printed = await auditLog(server, '--json');
  assert.equal(printed.code, 0, printed.stderr);
  const all = printed.stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(all.length, rows);
  assert.deepEqual(all.map(({ entry }) => entry), [...all.keys()]);
  const published = all.find(({ action }) => action === 'publish');
  assert.equal(published.actor, 'ada');
  assert.equal(published.target, 'npm:tool@1.0.0');
  assert.ok(published.tokenId && published.ip && published.requestId && published.time);
  const ofAda = await auditLog(server, '--actor', 'ada', '--json');
  const expected = all.filter(({ actor }) => actor === 'ada');
  assert.deepEqual(ofAda.stdout.trim().split('\n').map((line) => JSON.parse(line)), expected);
  assert.equal((await auditLog(server, '--since', '2099-01-01')).stdout, '');
  assert.equal((await auditLog(server, '--since', '2001-01-01')).stdout.trim().split('\n').length, rows);
  assert.equal((await auditLog(server, '--since', 'yesterday')).code, 1);
});

test('guessing is told of once for each time that it is refused', async (t) => {
  const { server } = await trail(t);
  const guess = () => server.logIn('ada', 'wrong');
  let answer = await guess();
  while (answer.status === 401) answer = await guess();
  assert.equal(answer.status, 429, answer.text);
  assert.equal((await guess()).status, 429);
  const printed = await auditLog(server, '--json');
  const all = printed.stdout.trim().split('\n').map((line) => JSON.parse(line));
  const refused = all.filter(({ result }) => result !== 'done');
  assert.deepEqual(
    refused.map(({ action, target, actor, ip, result }) => [action, target, actor, ip, result]),
    ['address', 'user:ada'].map((target) => ['login_blocked', target, '', '127.0.0.1', 'refused']),
  );
  const root = await server.token();
  const [rows] = await sql(server, 'SELECT count(*) FROM audit');
  await until(async () => (await logSize(server, { log: 'audit', token: root })) === rows);
  const good = await auditLog(server, 'verify');
  assert.equal(good.code, 0, good.stderr);
});

test('a row that was edited, removed or added is named', async (t) => {
  const { server } = await trail(t);
  const good = await auditLog(server, 'verify');
  assert.equal(good.code, 0, good.stderr);
  const [sequence] = await sql(server, "SELECT sequence FROM audit WHERE action = 'publish'");
  const expectFault = async (statement, pattern, undo) => {
    await sql(server, statement);
    const found = await auditLog(server, 'verify');
    assert.equal(found.code, 1, found.stdout);
    assert.match(found.stderr, pattern);
    const { stdout, code } = await kontor(['fsck', '--data-dir', server.dataDir]);
    assert.notEqual(code, 0);
    assert.match(stdout, pattern);
    await sql(server, undo);
    assert.equal((await auditLog(server, 'verify')).code, 0);
  };
  await expectFault(
    `UPDATE audit SET actor = 'bob' WHERE sequence = ${sequence}`,
    new RegExp(`row ${sequence}: It \\(.*, publish\\) is not what was logged: it was edited\\.`),
    `UPDATE audit SET actor = 'ada' WHERE sequence = ${sequence}`,
  );
  await expectFault(
    `UPDATE audit SET logged = logged + 1000000 WHERE sequence = ${sequence}`,
    /entry \d+: The row that this entry of the audit log tells of was removed\./,
    `UPDATE audit SET logged = logged - 1000000 WHERE sequence = ${sequence}`,
  );
  await expectFault(
    "INSERT INTO audit (at, actor, token_key, address, action, target, detail, request_id) VALUES (1, 'x', '', '', 'publish', 'y', '', '')",
    /row \d+: It \(1970.*\) was added past the audit log\./,
    'DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)',
  );
});

test('rows and leaves that were changed together contradict the signed log', async (t) => {
  const { server } = await trail(t);
  await server.stopCleanly();
  await sql(server, 'UPDATE log_leaves SET leaf = (SELECT leaf FROM log_leaves WHERE id >> 48 = 3 LIMIT 1 OFFSET 1) WHERE id = (SELECT min(id) FROM log_leaves WHERE id >> 48 = 3)');
  await sql(server, 'UPDATE audit SET (at, actor, token_key, address, action, target, detail, request_id, salt) = (SELECT at, actor, token_key, address, action, target, detail, request_id, salt FROM audit WHERE sequence = 2) WHERE sequence = 1');
  const found = await auditLog(server, 'verify');
  assert.equal(found.code, 1, found.stdout);
  assert.match(found.stderr, /Entry 0 has the hash \S+, but its row \S+\./);
  const elsewhere = await kontor(['audit-log', 'verify', '--data-dir', await folder(t)]);
  assert.notEqual(elsewhere.code, 0);
});
