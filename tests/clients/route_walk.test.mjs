// Walks every route of docs/api.md, which is printed from the tables, with every kind of wrong
// credential (row AUTH-13): the real server or the worker answers as the table's access level says, and
// nothing changes. That the right credential succeeds on each is shown in process, by
// tests/protocol/route_walk_test.cc.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { atEdge, startServer } from './support/server.mjs';

const documentation = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../docs/api.md');

// What the worker does not have (docs/edge.md).
const nativeOnly = /^\/api\/errors/;

const routes = [...readFileSync(documentation, 'utf8').matchAll(/^\| ([A-Z]+) \| `([^`]+)` \| (\w+) \|/gm)]
  .map(([, method, pattern, access]) => ({ method, pattern, access }))
  .filter(({ pattern }) => !(atEdge && nativeOnly.test(pattern)));

const names = {
  ':pkg': 'walked',
  ':version': '1.0.0',
  ':file': 'walked-1.0.0.tgz',
  ':log': 'public',
  ':tag': 'latest',
  ':period': 'last-week',
  ':scope': '@ada',
  ':user': 'ada',
  ':name': 'ada',
};
const target = (pattern) =>
  pattern.replace(/[:*]\w+/g, (name) => names[name] ?? (name.startsWith('*') ? 'some/entry' : 'some'));

const needsSomebody = (access) => access !== 'open' && access !== 'read';
const writes = (access) => access === 'write' || access === 'full' || access === 'admin';

describe('every route refuses every wrong credential', { concurrency: 1, timeout: 300_000 }, () => {
  let server, ada;
  const credentials = {};

  before(async () => {
    server = await startServer();
    ada = await server.user('ada');
    const issue = async (wish) => {
      const made = await server.request('POST', '/-/npm/v1/tokens', {
        token: ada.token,
        body: { password: ada.password, ...wish },
      });
      assert.ok(made.status < 300, made.text);
      return `Bearer ${made.json.token}`;
    };
    const revoked = await server.login('ada', ada.password);
    const gone = await server.request('DELETE', `/-/user/token/${revoked}`, { token: revoked });
    assert.ok(gone.status < 300, gone.text);
    Object.assign(credentials, {
      none: { header: undefined, expected: (access) => (needsSomebody(access) ? 401 : 0) },
      garbage: { header: 'Bearer not-a-token', expected: (access) => (access === 'open' ? 0 : 401) },
      'of an unknown scheme': { header: 'Digest x=y', expected: (access) => (access === 'open' ? 0 : 401) },
      revoked: { header: `Bearer ${revoked}`, expected: (access) => (access === 'open' ? 0 : 401) },
      'used elsewhere': {
        header: await issue({ cidr_whitelist: ['203.0.113.0/24'] }),
        expected: (access) => (access === 'open' ? 0 : 403),
      },
      'read-only': {
        header: await issue({ readonly: true }),
        expected: (access) => (writes(access) || access === 'metrics' ? 403 : 0),
      },
      "no administrator's": {
        header: `Bearer ${ada.token}`,
        expected: (access) => (access === 'admin' || access === 'metrics' ? 403 : 0),
      },
    });
  });
  after(() => server?.stop());

  const ask = ({ method, pattern }, header) =>
    fetch(server.url + target(pattern), {
      method,
      headers: { 'content-type': 'application/json', ...(header ? { authorization: header } : {}) },
      body: method === 'GET' ? undefined : '{}',
    });

  // What a change would leave a trace in.
  async function state() {
    const token = await server.adminToken();
    const parts = ['/-/kontor/v1/users', '/-/all', '/v1/advisories', '/-/kontor/v1/purchases'];
    const texts = await Promise.all(parts.map((part) => server.request('GET', part, { token })));
    const tokens = await server.request('GET', '/-/npm/v1/tokens', { token: ada.token });
    const own = (tokens.json.objects ?? []).map(({ key }) => key);
    return [...texts.map(({ text }) => text.replace(/"_updated":\d+/, '')), ...own];
  }

  test('the tables are all there', () => assert.ok(routes.length > 120, `${routes.length}`));

  for (const name of ['none', 'garbage', 'of an unknown scheme', 'revoked', 'used elsewhere', 'read-only', "no administrator's"])
    test(`a credential that is ${name}`, async () => {
      const { header, expected } = credentials[name];
      const before = await state();
      for (const route of routes) {
        const status = expected(route.access);
        if (status === 0) continue;
        const answer = await ask(route, header);
        const text = await answer.text();
        assert.equal(answer.status, status, `${route.method} ${target(route.pattern)}: ${text}`);
        assert.ok(JSON.parse(text).error, `${route.pattern}: ${text}`);
      }
      assert.deepEqual(await state(), before);
    });
});
