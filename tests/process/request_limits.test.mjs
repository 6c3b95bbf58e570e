// Limits of size, count and depth: the answer is the same error with and without a declared length,
// the connection ends where the rest of the request would follow, and nothing stays.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { assertError, assertRefused } from './support/hostile.mjs';
import { packed, publish, publishDocument } from './support/packages.mjs';
import { answersIn, exchange } from './support/raw.mjs';
import { start } from './support/server.mjs';

const limits = { maxTarballBytes: '64KiB', maxDocumentBytes: '32KiB', maxJsonDepth: 16 };
const settings = Object.fromEntries(Object.entries(limits).map(([key, value]) => [`limits.${key}`, value]));
const server = await start({ after }, { settings });
const token = await server.token();

const get = (target, headers = '') => `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}\r\n`;
const putHead = (target, headers) =>
  `PUT ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n${headers}\r\n`;

async function statusOf(bytes) {
  const [answer] = answersIn(await exchange(server.port, bytes));
  return answer.status;
}

describe('a head', () => {
  test('of 64 KiB is refused, in one header or in many', async () => {
    await assertRefused(server.port, get('/-/ping', `x: ${'a'.repeat(1 << 16)}\r\n`), 431, 'headers_too_large');
    const many = Array.from({ length: 64 }, (_, i) => `x-${i}: ${'a'.repeat(1000)}\r\n`).join('');
    await assertRefused(server.port, get('/-/ping', many), 431, 'headers_too_large');
  });

  test('of more headers than allowed is refused, with as many it is served', async () => {
    const some = (n) => get('/-/ping', Array.from({ length: n - 2 }, (_, i) => `x-${i}: 1\r\n`).join(''));
    assert.equal(await statusOf(some(100)), 200);
    await assertRefused(server.port, some(101), 431, 'headers_too_large');
  });

  test('with a URL that is too long is refused', async () => {
    await assertRefused(server.port, get(`/${'a'.repeat(9000)}`), 414, 'uri_too_long');
    await assertRefused(server.port, get(`/-/v1/search?text=${'a'.repeat(1 << 16)}`), 414, 'uri_too_long');
  });

  test('without end is refused as soon as it is too large', async () => {
    await assertRefused(server.port, `GET /-/ping HTTP/1.1\r\nx: ${'a'.repeat(1 << 17)}`, 431, 'headers_too_large');
    await assertRefused(server.port, 'G'.repeat(1 << 17), 414, 'uri_too_long');
  });
});

const chunked = (text) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

// The same document with its length declared and in one chunk.
const framings = {
  'Content-Length': (target, text) => putHead(target, `content-length: ${text.length}\r\n`) + text,
  chunked: (target, text) => putHead(target, 'transfer-encoding: chunked\r\n') + chunked(text),
};

const nested = (depth) => '['.repeat(depth) + ']'.repeat(depth);

function documentWith(change) {
  const document = publishDocument({ name: 'limited', version: '1.0.0' });
  change(document);
  return JSON.stringify(document);
}

const refusedBodies = [
  ['a tarball over its limit', 413, 'too_large', () => {
    const manifest = { name: 'limited', version: '1.0.0' };
    return JSON.stringify(publishDocument(manifest, packed(manifest, { 'random.bin': randomBytes(1 << 16) })));
  }],
  ['a document over its limit', 413, 'too_large', () => documentWith((d) => Object.assign(d, { readme: 'a'.repeat(1 << 16) }))],
  ['far more than any limit', 413, 'too_large', () => documentWith((d) => Object.assign(d, { readme: 'a'.repeat(1 << 20) }))],
  ['nesting over its limit', 400, 'invalid_json', () => documentWith((d) => Object.assign(d, { x: 'NEST' })).replace('"NEST"', nested(17))],
  ['nesting without end', 400, 'invalid_json', () => `{"x":${'['.repeat(20_000)}`],
  ['no JSON', 400, 'invalid_json', () => '{"_id": limited}'],
  ['JSON that ends early', 400, 'invalid_json', () => documentWith(() => {}).slice(0, -3)],
  ['JSON and more', 400, 'invalid_json', () => `${documentWith(() => {})}{}`],
  ['bytes that are not UTF-8', 400, 'invalid_json', () => documentWith((d) => Object.assign(d, { readme: 'MARK' })).replace('MARK', '\xff\xfe')],
  ['nothing', 400, 'invalid_json', () => ''],
];

describe('a publish', () => {
  for (const [name, status, code, make] of refusedBodies) {
    for (const [framing, write] of Object.entries(framings)) {
      test(`of ${name} is refused (${framing})`, async () => {
        await assertRefused(server.port, write('/limited', make()), status, code);
        await server.assertHealthy();
        assert.equal((await server.get('/limited')).status, 404);
      });
    }
  }

  test('whose declared length is over all limits is refused before it is sent', async () => {
    const head = putHead('/limited', 'content-length: 1073741824\r\nexpect: 100-continue\r\n');
    const text = await exchange(server.port, head);
    assert.doesNotMatch(text, /100 Continue/);
    assertError(answersIn(text)[0], 413, 'too_large');
  });

  test('by nobody is refused before it is read', async () => {
    const head = putHead('/limited', 'content-length: 50000\r\nexpect: 100-continue\r\n');
    const text = await exchange(server.port, head.replace(token, 'npm_wrong'));
    assert.doesNotMatch(text, /100 Continue/);
    assertError(answersIn(text)[0], 401, 'invalid_credential');
  });
});

describe('other bodies', () => {
  const targets = [
    ['PUT', '/-/user/org.couchdb.user:admin'],
    ['POST', '/-/v1/login'],
    ['POST', '/-/npm/v1/tokens'],
    ['POST', '/-/npm/v1/user'],
    ['POST', '/-/kontor/v1/users'],
    ['POST', '/-/npm/v1/security/advisories/bulk'],
    ['PUT', '/-/package/limited/dist-tags/x'],
  ];
  for (const [method, target] of targets) {
    test(`${method} ${target} refuses what is too large, too deep, and no JSON`, async () => {
      const codes = [];
      for (const text of [`{"x":"${'a'.repeat(1 << 25)}"}`, `{"x":${nested(300)}}`, '{"x":', 'null', '"\ud800"']) {
        const [answer] = answersIn(await exchange(server.port, framings.chunked(target, text).replace('PUT', method)));
        assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status} ${text.slice(0, 20)}`);
        codes.push(answer.status);
      }
      assert.equal(codes[0], 413);
      await server.assertHealthy();
    });
  }
});

test('after all of this a right publish works', async () => {
  const answer = await publish(server, token, { name: 'limited', version: '1.0.0' });
  assert.equal(answer.status, 201, answer.text);
  await server.stopCleanly();
});
