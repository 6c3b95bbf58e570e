// Paths and queries that try to leave their place, end a header, or hide what they are.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertRefused } from './support/hostile.mjs';
import { publish, publishDocument } from './support/packages.mjs';
import { answersIn, exchange } from './support/raw.mjs';
import { start } from './support/server.mjs';

const server = await start({ after });
const token = await server.token();
const get = (target, headers = '') => `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}\r\n`;

async function answerTo(bytes) {
  const answers = answersIn(await exchange(server.port, bytes));
  assert.equal(answers.length, 1);
  return answers[0];
}

describe('what no request line may hold ends the connection', () => {
  const raw = {
    'a blank': '/a b',
    'a tab': '/a\tb',
    'a NUL': '/a\x00b',
    'a bare CR': '/a\rb',
    'a control character': '/a\x1bb',
    'a byte beyond ASCII': '/a\xffb',
    'UTF-8 as it is': '/\xc3\xa4',
  };
  for (const [name, target] of Object.entries(raw)) {
    test(name, () => assertRefused(server.port, get(target), 400, 'bad_request'));
  }
});

describe('what no path may hold is refused before it is looked up', () => {
  const segments = {
    'two dots': '..',
    'one dot': '.',
    'two dots, encoded': '%2e%2e',
    'two dots, half encoded': '.%2E',
    'two dots behind an encoded slash': 'a%2f..',
    'two dots between encoded slashes': '..%2f..%2fetc%2fpasswd',
    'an encoded backslash': 'a%5cb',
    'a backslash': 'a\\b',
    'an encoded NUL': 'a%00',
    'encoded CR and LF': 'a%0d%0aset-cookie:%20x=1',
    'an encoded tab': 'a%09',
    'an encoded DEL': 'a%7f',
    'a percent sign alone': '%',
    'half an escape': '%2',
    'an escape that is none': '%zz',
    'an overlong slash': '..%c0%af..',
    'an overlong dot': '%c0%ae%c0%ae',
    'an overlong NUL': 'a%e0%80%80',
    'a surrogate': '%ed%a0%80',
    'a code point beyond Unicode': '%f4%90%80%80',
    'a continuation byte alone': '%80',
    'a cut character': '%c3',
    'an empty segment': '/a',
  };
  // As a package, as a file of one, as a tag, and under the prefix.
  const places = ['/%s', '/%s/latest', '/a/-/%s', '/-/package/a/dist-tags/%s', '/npm/%s'];
  for (const [name, segment] of Object.entries(segments)) {
    test(name, async () => {
      for (const place of places) {
        const answer = await answerTo(get(place.replace('%s', segment)));
        assertError(answer, 400, 'bad_request');
        assert.equal(answer.headers['set-cookie'], undefined);
      }
    });
  }

  test('a scope that looks like climbing is no package', async () => {
    assertError(await answerTo(get('/@..%2fa')), 404, 'not_found');
  });

  test('a path of too many segments', async () => {
    assertError(await answerTo(get(`/${'a/'.repeat(40)}b`)), 400, 'bad_request');
  });
});

describe('what comes back in an answer cannot end its header', () => {
  const injected = 'a%0d%0aset-cookie:%20x=1%0d%0a%0d%0a';
  const targets = [
    `/-/v1/search?text=${injected}`,
    `/-/all/since?startkey=${injected}`,
    `/-/org/${encodeURIComponent('a:b')}/package?x=${injected}`,
    `/nothing?write=${injected}`,
  ];
  for (const target of targets) {
    test(target, async () => {
      const answer = await answerTo(get(target));
      assert.ok([200, 400, 404].includes(answer.status), `${answer.status}`);
      assert.equal(answer.headers['set-cookie'], undefined);
    });
  }

  test('a request id of a stranger', async () => {
    const answer = await answerTo(get('/-/ping', 'x-request-id: mine\r\n'));
    assert.notEqual(answer.headers['x-request-id'], 'mine');
  });

  test('a host that holds markup', async () => {
    assertError(await answerTo(get('/').replace('host: x', 'host: "><script>')), 400, 'bad_request');
  });
});

describe('names in a body are as hostile as names in a path', () => {
  const names = ['../../etc/passwd', '..', '.', 'a\\b', 'a\u0000b', 'a\r\nb', '@../a', '@a/../b', '-', 'node_modules', '@a/', '/a', 'a'.repeat(215)];
  for (const name of names) {
    test(JSON.stringify(name).slice(0, 40), async () => {
      const manifest = { name, version: '1.0.0' };
      const answer = await server.request('PUT', `/${encodeURIComponent(name)}`, { token, body: publishDocument(manifest) });
      assert.ok([400, 403, 404, 405].includes(answer.status), `${answer.status} ${answer.text}`);
    });
  }

  test('versions and tags too', async () => {
    for (const version of ['../1', '1.0.0/../2', '1.0.0\r\nx', '', 'latest']) {
      const answer = await publish(server, token, { name: 'fine', version });
      assert.equal(answer.status, 400, `${version}: ${answer.text}`);
    }
    for (const tag of ['../x', 'a b', '1.0.0', '^1', 'a/b', '']) {
      const answer = await publish(server, token, { name: 'fine', version: '1.0.0' }, { tag });
      assert.equal(answer.status, 400, `${tag}: ${answer.text}`);
    }
  });
});

test('after all of this the server is well, and nothing has come into being', async () => {
  await server.assertHealthy();
  assert.deepEqual((await server.get('/-/v1/search?text=')).json.objects, []);
  assert.equal((await server.get('/fine')).status, 404);
  assert.equal((await publish(server, token, { name: 'fine', version: '1.0.0' })).status, 201);
});

test('blanks around a version are cut off, as npm does', async () => {
  assert.equal((await publish(server, token, { name: 'cleaned', version: ' v1.0.0\r\n' })).status, 201);
  const { versions } = (await server.get('/cleaned')).json;
  assert.deepEqual(Object.values(versions).map(({ version, _id }) => [version, _id]), [['1.0.0', 'cleaned@1.0.0']]);
  await server.stopCleanly();
});
