// What a registry tells its logs of: not only packages, but who may change them, by which rules and
// under which keys. And what it tells publishers of the log.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { folder } from './support/kontor.mjs';
import { entryThat, logEntries, until } from './support/log_entries.mjs';
import { publish } from './support/packages.mjs';
import { start } from './support/server.mjs';

const settings = { 'transparency.origin': 'registry.example', 'transparency.interval': '50ms' };
const kindOf = (entry) => entry.slice('pkglog/v1 '.length, entry.indexOf('\n'));
const fieldOf = (entry, name) => new RegExp(`^${name} (.*)$`, 'm').exec(entry)?.[1];
// RFC 8785, for values whose numbers are whole and whose texts are ASCII.
const canonical = (value) =>
  JSON.stringify(value, (_, inner) =>
    inner?.constructor === Object ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner);
const leafHash = (entry) => createHash('sha256').update(Buffer.of(0)).update(entry).digest('base64');

describe('a publisher is told', () => {
  test('of the place in the log, and who waits gets the proof', async (t) => {
    const server = await start(t, { settings });
    const token = await server.token();
    const plain = await publish(server, token, { name: '@acme/tool', version: '1.0.0' });
    assert.equal(plain.json.tlog.log, 'public');
    assert.equal(plain.json.tlog.proof, undefined);
    const waited = await publish(server, token, { name: '@acme/tool', version: '1.0.1' }, { headers: { prefer: 'wait=10' } });
    const { index, proof } = waited.json.tlog;
    assert.ok(index > plain.json.tlog.index);
    const served = await server.get('/log/public/proof/npm/@acme/tool@1.0.1');
    const leaf = (text) => text.slice(0, text.indexOf('\n\n') + 1);
    assert.equal(leaf(proof), leaf(served.text));
    assert.match(proof, new RegExp(`\nc2sp.org/tlog-proof@v1\nindex ${index}\n`));
    assert.equal((await logEntries(server))[index], leaf(proof));
    const again = await publish(server, token, { name: '@acme/tool', version: '1.0.1' }, { headers: { prefer: 'wait=10' } });
    assert.equal(again.json.tlog.index, index, 'a repetition names the same place');
  });

  test('after a bounded time, without a proof where there is none yet', async (t) => {
    const server = await start(t, { settings: { ...settings, 'transparency.interval': '1h' } });
    const answer = await publish(server, await server.token(), { name: 'tool', version: '1.0.0' }, { headers: { prefer: 'respond-async, wait=1' } });
    assert.equal(answer.status, 201);
    assert.equal(answer.json.tlog.proof, undefined);
  });

  test('in both forms of the document, and deprecating keeps it', async (t) => {
    const server = await start(t, { settings });
    const token = await server.token();
    const { json } = await publish(server, token, { name: 'tool', version: '1.0.0' }, { headers: { prefer: 'wait=10' } });
    const entry = (await logEntries(server))[json.tlog.index];
    const expected = { log: 'public', index: json.tlog.index, leaf: leafHash(entry), proof: '/log/public/proof/npm/tool@1.0.0' };
    const look = async (accept) => (await server.get('/tool', { headers: { accept } })).json.versions['1.0.0'];
    const document = (await server.get('/tool')).json;
    for (const accept of ['application/json', 'application/vnd.npm.install-v1+json'])
      assert.deepEqual((await look(accept)).dist.tlog, expected);
    document.versions['1.0.0'].deprecated = 'use another';
    assert.equal((await server.request('PUT', '/tool', { token, body: document })).status, 200);
    for (const accept of ['application/json', 'application/vnd.npm.install-v1+json']) {
      const version = await look(accept);
      assert.equal(version.deprecated, 'use another');
      assert.deepEqual(version.dist.tlog, expected);
    }
  });
});

describe('the public log tells', () => {
  test('of the keys and rules that a registry begins with', async (t) => {
    const server = await start(t, { settings });
    const entries = await until(async () => {
      const found = await logEntries(server);
      return found.length >= 11 && found;
    });
    const keys = entries.filter((entry) => kindOf(entry) === 'key');
    assert.deepEqual(keys.map((entry) => fieldOf(entry, 'use')), ['log_public', 'log_private', 'log_audit', 'releases']);
    const vkey = (await server.get('/log/public/vkey')).text.trim();
    assert.equal(decodeURIComponent(fieldOf(keys[0], 'key')), vkey.split('+').slice(0, 2).join('+'));
    const spki = Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      Buffer.from(vkey.split('+').slice(2).join('+'), 'base64').subarray(1),
    ]);
    assert.equal(fieldOf(keys[0], 'sha256'), createHash('sha256').update(spki).digest('hex'));
    const rules = new Map(entries.filter((entry) => kindOf(entry) === 'policy').map((entry) => [fieldOf(entry, 'setting'), fieldOf(entry, 'after')]));
    assert.equal(rules.get('anonymous_read'), 'true');
    assert.equal(rules.get('registration'), 'false');
    assert.match(entries[0], /\nby system job:keys\n/);
  });

  test('of a rule that changes, once', async (t) => {
    const home = await folder(t);
    const config = path.join(home, 'config.json');
    const write = (open) => writeFile(config, JSON.stringify({ auth: { allowRegistration: open } }));
    await write(false);
    const server = await start(t, { settings, args: ['--config', config] });
    for (const open of [true, true, false]) {
      await write(open);
      const from = server.child.log.length;
      server.child.child.kill('SIGHUP');
      await server.child.event('reloaded', {}, from);
    }
    await entryThat(server, (entry) => /setting registration\nbefore true\nafter false/.test(entry));
    const told = (await logEntries(server)).filter((entry) => fieldOf(entry, 'setting') === 'registration');
    assert.deepEqual(told.map((entry) => [fieldOf(entry, 'before'), fieldOf(entry, 'after')]), [['-', 'false'], ['false', 'true'], ['true', 'false']]);
  });

  test('of tokens that may write, and of what goes with a user', async (t) => {
    const server = await start(t, { settings });
    const root = await server.token();
    const ada = await server.user('ada');
    await publish(server, ada, { name: 'tool', version: '1.0.0' });
    const made = await entryThat(server, (entry) => kindOf(entry) === 'owner');
    const account = fieldOf(made, 'account');
    const removed = await server.request('DELETE', '/-/kontor/v1/users/ada', { token: root });
    assert.ok(removed.status < 300, removed.text);
    const gone = await entryThat(server, (entry) => kindOf(entry) === 'owner' && fieldOf(entry, 'change') === 'remove');
    assert.deepEqual([fieldOf(gone, 'package'), fieldOf(gone, 'account')], ['npm/tool', account]);
    const tokens = (await logEntries(server)).filter((entry) => kindOf(entry) === 'token' && fieldOf(entry, 'account') === account);
    assert.deepEqual(tokens.map((entry) => fieldOf(entry, 'change')), ['add', 'remove']);
    assert.equal(fieldOf(tokens[0], 'token'), fieldOf(tokens[1], 'token'));
    assert.ok(!tokens[0].includes('ada'), 'no name is in the log');
  });

  test('of an advisory, each time that it is another, and of the versions it withholds', async (t) => {
    const server = await start(t, { settings });
    const token = await server.token();
    await publish(server, token, { name: 'left', version: '1.0.0' });
    const record = {
      schema_version: '1.7.0', id: 'MAL-2026-1', summary: 'Steals tokens',
      published: '2026-11-20T08:00:00Z', modified: '2026-11-20T08:30:00Z',
      affected: [{ package: { ecosystem: 'npm', name: 'left' }, versions: ['1.0.0'] }],
    };
    const ask = async (method, target, body) => {
      const answer = await server.request(method, target, { token, body });
      assert.ok(answer.status < 300, answer.text);
    };
    await ask('POST', '/v1/advisories', record);
    await ask('POST', '/v1/advisories', record);
    await ask('PATCH', '/v1/advisories/MAL-2026-1', { withdrawn: true });
    await entryThat(server, (entry) => kindOf(entry) === 'release');
    const told = (await logEntries(server)).filter((entry) => ['advisory', 'quarantine', 'release'].includes(kindOf(entry)));
    assert.deepEqual(told.map(kindOf), ['advisory', 'quarantine', 'advisory', 'release']);
    const digest = (value) => createHash('sha256').update(canonical(value)).digest('hex');
    assert.deepEqual([fieldOf(told[0], 'advisory'), fieldOf(told[0], 'sha256')], ['MAL-2026-1', digest(record)]);
    const changed = (await server.get('/v1/advisories/MAL-2026-1')).json;
    assert.deepEqual([fieldOf(told[2], 'advisory'), fieldOf(told[2], 'sha256')], ['MAL-2026-1', digest(changed)]);
    for (const entry of [told[1], told[3]])
      assert.deepEqual([fieldOf(entry, 'package'), fieldOf(entry, 'version')], ['npm/left', '1.0.0']);
  });

  test('of everything that happens to a package, in order and by name', async (t) => {
    const server = await start(t, { settings });
    const ada = await server.user('ada');
    await server.user('bea');
    const ask = async (method, target, body) => {
      const answer = await server.request(method, target, { token: ada, body });
      assert.ok(answer.status < 300, `${method} ${target}: ${answer.text}`);
      return answer;
    };
    const deprecate = async (text) => {
      const document = (await server.get('/tool')).json;
      document.versions['1.0.0'].deprecated = text;
      await ask('PUT', '/tool', document);
    };
    for (const version of ['1.0.0', '1.1.0']) await publish(server, ada, { name: 'tool', version });
    await ask('PUT', '/-/package/tool/dist-tags/beta', '1.0.0');
    await ask('DELETE', '/-/package/tool/dist-tags/beta');
    await deprecate('old');
    await deprecate('');
    await ask('PUT', '/-/package/tool/owners', { user: 'bea' });
    await ask('DELETE', '/-/package/tool/owners/bea');
    await ask('POST', '/-/package/tool/access', { access: 'restricted' });
    await ask('POST', '/-/package/tool/access', { access: 'public' });
    const { _rev } = (await server.get('/tool')).json;
    await ask('DELETE', `/tool/-/tool-1.1.0.tgz/-rev/${_rev}`);
    await entryThat(server, (entry) => kindOf(entry) === 'withdraw');
    const about = (entry) => ['version', 'tag', 'before', 'after', 'change', 'role', 'setting'].map((name) => fieldOf(entry, name));
    const told = (await logEntries(server)).filter((entry) => fieldOf(entry, 'package') === 'npm/tool');
    assert.deepEqual(told.map((entry) => [kindOf(entry), ...about(entry).filter(Boolean)].join(' ')), [
      'publish 1.0.0', 'tag latest - 1.0.0', 'owner add maintainer',
      'publish 1.1.0', 'tag latest 1.0.0 1.1.0',
      'tag beta - 1.0.0', 'tag beta 1.0.0 -',
      'deprecate 1.0.0', 'deprecate 1.0.0',
      'owner add maintainer', 'owner remove maintainer',
      'policy public restricted visibility', 'policy restricted public visibility',
      'withdraw 1.1.0', 'tag latest 1.1.0 1.0.0',
    ]);
    const [old, no] = told.filter((entry) => kindOf(entry) === 'deprecate').map((entry) => fieldOf(entry, 'message'));
    assert.deepEqual([old, no], [createHash('sha256').update('old').digest('hex'), '-']);
    for (const entry of told) assert.match(entry, /\nby acct_\w+ token:\S+\ntime \d+\n$/);
  });
});
