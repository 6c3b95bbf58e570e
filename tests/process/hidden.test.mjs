// A restricted package and one that does not exist cannot be told apart from outside: every route
// of docs/api.md that names a package answers both with the same bytes, and every list reads as if
// the restricted one had never been.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { repositoryFile } from './support/kontor.mjs';
import { fileName, publish } from './support/packages.mjs';
import { start } from './support/server.mjs';

const first = await start({ after });
const owner = await first.user('hilda');
const stranger = await first.user('eve');
const callers = { nobody: undefined, 'another user': stranger };

// Pairs of names of one length, so that also the length of an answer that repeats the name is equal.
const pairs = [
  { hidden: 'hidden-pkg', absent: 'absent-pkg' },
  { hidden: '@hilda/hidden-pkg', absent: '@hilda/absent-pkg' },
  { hidden: '@nobodys/hidden-pkg', absent: '@nobodys/absent-pkg' },
];

const routes = [...readFileSync(repositoryFile('docs/api.md'), 'utf8').matchAll(/^\| ([A-Z]+) \| `(\/[^`]*)` \| (\w+) \|/gm)]
  .map(([, method, path, access]) => ({ method, path, access }))
  .filter(({ path }) => !path.startsWith('/-/kontor/'));
const naming = routes.filter(({ path }) => path.includes(':pkg'));
const listing = routes.filter(
  ({ method, path, access }) => method === 'GET' && access === 'read' && !path.includes(':pkg') && path !== '/-/ping',
);

// The answer but for what is new in each: request id, date, and the time in lists.
function plain({ status, rawHeaders, text }) {
  const headers = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!/^(date|x-request-id)$/i.test(rawHeaders[i])) headers.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  }
  return [status, ...headers, text.replace(/"(_updated|time)":("[^"]*"|\d+)/g, '"$1":0')].join('\n');
}

const fill = (path, name) =>
  path
    .replace(':pkg', name.replace('/', '%2f'))
    .replace(':file', fileName({ name, version: '1.0.0' }))
    .replace(':scope', name.split('/')[0])
    .replace(':version', '1.0.0')
    .replace(':rev', '1-0')
    .replace(':tag', 'latest')
    .replace(':period', 'last-week')
    .replace(':user', 'hilda')
    .replace(':org', 'nobodys');

const bodies = [
  [/\/owners/, { user: 'eve' }],
  [/\/access/, { access: 'public' }],
  [/\/dist-tags$/, { latest: '1.0.0' }],
  [/\/(dist-tags\/:tag|-tag\/:tag|:tag)$/, '1.0.0'],
  [/\/:pkg\/-rev\/:rev$/, { _rev: '1-0', versions: {}, 'dist-tags': {} }],
];
const bodyFor = ({ method, path }) =>
  ['PUT', 'POST'].includes(method) ? bodies.find(([pattern]) => pattern.test(path))?.[1] : undefined;

const variants = [
  {},
  { accept: 'application/vnd.npm.install-v1+json' },
  { 'accept-encoding': 'gzip' },
  { 'if-none-match': '*' },
  { range: 'bytes=0-9' },
];

const lists = [
  ...listing.map(({ path }) => fill(path, '').replace('starredByUser', 'starredByUser?key=%22hilda%22')),
  '/-/v1/search?text=hidden-pkg',
  '/-/v1/search?text=maintainer:hilda',
  '/-/v1/search?text=scope:hilda',
  '/-/search?text=hidden',
  '/_search?q=hidden',
  '/-/all/since?startkey=1',
  '/-/package/list?scope=hilda',
  '/-/package/list?scope=nobodys',
  '/downloads/point/last-month',
];

async function readLists(server, token) {
  const answers = new Map();
  for (const target of lists) answers.set(target, plain(await server.get(target, { token })));
  return answers;
}

const published = await publish(first, owner, { name: 'visible-pkg', version: '1.0.0' }, { access: 'public' });
assert.equal(published.status, 201);
const listsBefore = {};
for (const [who, token] of Object.entries(callers)) listsBefore[who] = await readLists(first, token);
for (const { hidden } of pairs) {
  const manifest = { name: hidden, version: '1.0.0', description: 'hidden-pkg', keywords: ['hidden'] };
  const answer = await publish(first, owner, manifest, { access: 'restricted' });
  assert.equal(answer.status, 201, answer.text);
  const file = await first.get(fill('/:pkg/-/:file', hidden), { token: owner });
  assert.equal(file.status, 200);
}
await first.stopCleanly(); // writes the downloads down
const server = await start({ after }, { dataDir: first.dataDir, port: first.port }); // answers hold the address

describe('a route that names a package', () => {
  test('is tested for each of them', () => {
    assert.ok(naming.length >= 25, `${naming.length}`);
    assert.ok(listing.length >= 10, `${listing.length}`);
  });

  for (const route of naming) {
    // The first publish of a free name succeeds: no registry can hide that a name is taken.
    if (route.method === 'PUT' && route.path === '/:pkg') continue;
    for (const method of route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]) {
      test(`${method} ${route.path}`, async () => {
        for (const { hidden, absent } of pairs) {
          for (const [who, token] of Object.entries(callers)) {
            for (const prefix of ['', '/npm']) {
              for (const headers of variants) {
                const ask = async (name) => {
                  const options = { token, headers, body: bodyFor(route) };
                  const answer = await server.request(method, prefix + fill(route.path, name), options);
                  assert.ok(answer.status < 500, answer.text);
                  return plain(answer).replaceAll(name, 'NAME').replaceAll(name.split('/').pop(), 'BASE');
                };
                assert.equal(await ask(hidden), await ask(absent), `${who}, ${hidden}, ${JSON.stringify(headers)}`);
              }
            }
          }
        }
      });
    }
  }

  test('answers the owner otherwise', async () => {
    for (const { hidden, absent } of pairs) {
      for (const path of ['/:pkg', '/:pkg/1.0.0', '/:pkg/-/:file', '/-/package/:pkg/dist-tags', '/-/package/:pkg/owners']) {
        assert.equal((await server.get(fill(path, hidden), { token: owner })).status, 200, path);
        assert.equal((await server.get(fill(path, absent), { token: owner })).status, 404, path);
      }
      const counted = await server.get(fill('/downloads/point/last-week/:pkg', hidden), { token: owner });
      assert.equal(counted.json.downloads, 1);
    }
  });
});

test('a bulk of download counts does not tell', async () => {
  for (const [who, token] of Object.entries(callers)) {
    const ask = async (name) =>
      plain(await server.get(`/downloads/point/last-week/${name},visible-pkg`, { token })).replaceAll(name, 'NAME');
    assert.equal(await ask(pairs[0].hidden), await ask(pairs[0].absent), who);
  }
});

describe('a list', () => {
  for (const [who, token] of Object.entries(callers)) {
    test(`reads for ${who} as if there were no restricted package`, async () => {
      const now = await readLists(server, token);
      for (const target of lists) assert.equal(now.get(target), listsBefore[who].get(target), target);
    });
  }

  test('shows the owner what others do not see', async () => {
    for (const target of ['/-/v1/search?text=hidden-pkg', '/-/all', '/-/user/hilda/package', '/-/org/nobodys/package']) {
      assert.match((await server.get(target, { token: owner })).text, /hidden-pkg/, target);
    }
  });
});

test('a foreign publish into a restricted package is refused without its data', async () => {
  const [{ hidden }] = pairs;
  const answer = await publish(server, stranger, { name: hidden, version: '9.9.9' });
  assert.ok([403, 404].includes(answer.status), `${answer.status}`);
  assert.doesNotMatch(answer.text, /1\.0\.0|hilda/);
  assert.deepEqual(Object.keys((await server.get(`/${hidden}`, { token: owner })).json.versions), ['1.0.0']);
  await server.stopCleanly();
});
