// Requests whose end two parsers could see in different places, and heads that are no HTTP. Each is
// answered once and the connection ends, so that what follows is never taken for a request.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertRefused } from './support/hostile.mjs';
import { answersIn, exchange } from './support/raw.mjs';
import { adminPassword, start } from './support/server.mjs';

const server = await start({ after });
const hidden = 'GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n';
const login = '/-/user/org.couchdb.user:admin';
const body = JSON.stringify({ name: 'admin', password: adminPassword });
const put = (headers, rest) => `PUT ${login} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers}\r\n${rest}`;
const get = (headers) => `GET /-/ping HTTP/1.1\r\nhost: x\r\n${headers}\r\n`;
const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;
const chunked = 'transfer-encoding: chunked\r\n';
const length = `content-length: ${body.length}\r\n`;
const end = '0\r\n\r\n';

const table = (title, rows) =>
  describe(title, () => {
    for (const [name, bytes, status = 400, code = 'bad_request'] of rows) {
      test(name, async () => {
        await assertRefused(server.port, bytes + hidden, status, code);
        await server.assertHealthy();
      });
    }
  });

describe('what the refused ones differ from', () => {
  const accepted = [
    ['Content-Length', put(length, body)],
    ['chunked', put(chunked, chunk(body) + end)],
    ['chunked in pieces, with an extension and a trailer', put(chunked, `1;a="b"\r\n{\r\n${chunk(body.slice(1))}0;z\r\nx-t: 1\r\n\r\n`)],
    ['chunked, spelt otherwise', put('Transfer-Encoding: Chunked\r\n', chunk(body) + end)],
  ];
  for (const [name, bytes] of accepted) {
    test(`${name} is accepted, and so is the request after it`, async () => {
      const next = 'GET /-/ping HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
      const answers = answersIn(await exchange(server.port, bytes + next));
      assert.deepEqual(answers.map(({ status }) => status), [201, 200]);
    });
  }
});

table('framing', [
  ['Content-Length and Transfer-Encoding', put(length + chunked, chunk(body) + end)],
  ['Transfer-Encoding and Content-Length', put(chunked + length, chunk(body) + end)],
  ['Content-Length 0 and Transfer-Encoding', put(`content-length: 0\r\n${chunked}`, end)],
  ['two equal Content-Lengths', put(length + length, body)],
  ['two different Content-Lengths', put(`${length}content-length: 0\r\n`, body)],
  ['a list of Content-Lengths', put(`content-length: ${body.length}, ${body.length}\r\n`, body)],
  ['a Content-Length with a sign', put(`content-length: +${body.length}\r\n`, body)],
  ['a negative Content-Length', put('content-length: -1\r\n', body)],
  ['a hexadecimal Content-Length', put(`content-length: 0x${body.length.toString(16)}\r\n`, body)],
  ['a Content-Length with a blank inside', put('content-length: 1 0\r\n', body)],
  ['an empty Content-Length', put('content-length:\r\n', body)],
  ['a Content-Length beyond 64 bits', put('content-length: 18446744073709551617\r\n', body)],
  ['Transfer-Encoding twice', put(chunked + chunked, chunk(body) + end)],
  ['chunked twice in one Transfer-Encoding', put('transfer-encoding: chunked, chunked\r\n', chunk(body) + end)],
  ['chunked and then another coding', put('transfer-encoding: chunked, gzip\r\n', chunk(body) + end)],
  ['another coding and then chunked', put('transfer-encoding: gzip, chunked\r\n', chunk(body) + end)],
  ['a Transfer-Encoding that looks like chunked', put('transfer-encoding: xchunked\r\n', chunk(body) + end)],
  ['identity', put('transfer-encoding: identity\r\n', body)],
  ['chunked behind a vertical tab', put('transfer-encoding: \vchunked\r\n', chunk(body) + end)],
  ['chunked in HTTP/1.0', put(chunked, chunk(body) + end).replace('HTTP/1.1', 'HTTP/1.0')],
]);

table('headers', [
  ['a folded line', get('x-a: 1\r\n 2\r\n')],
  ['a folded Transfer-Encoding', put('transfer-encoding:\r\n chunked\r\n', chunk(body) + end)],
  ['a bare LF as the end of a line', get('x-a: 1\nx-b: 2\r\n')],
  ['a bare LF as the end of the head', 'GET /-/ping HTTP/1.1\r\nhost: x\n\n'],
  ['a bare CR in a value', get('x-a: 1\rx-b: 2\r\n')],
  ['a blank before the colon', get('x-a : 1\r\n')],
  ['a blank before the colon of Content-Length', put(`content-length : ${body.length}\r\n`, body)],
  ['a tab before the colon', get('x-a\t: 1\r\n')],
  ['a blank before the name', 'GET /-/ping HTTP/1.1\r\n host: x\r\n\r\n'],
  ['no name', get(': 1\r\n')],
  ['no colon', get('x-a\r\n')],
  ['a NUL in a value', get('x-a: 1\x002\r\n')],
  ['a NUL in a name', get('x\x00a: 1\r\n')],
  ['a byte beyond ASCII in a name', get('x\xe4: 1\r\n')],
  ['no Host', 'GET /-/ping HTTP/1.1\r\n\r\n'],
  ['two Hosts', get('host: y\r\n')],
  ['a Host with a path', 'GET /-/ping HTTP/1.1\r\nhost: x/y\r\n\r\n'],
  ['a Host with a user', 'GET /-/ping HTTP/1.1\r\nhost: user@x\r\n\r\n'],
  ['a Host with a port that is none', 'GET /-/ping HTTP/1.1\r\nhost: x:99999\r\n\r\n'],
]);

table('the request line', [
  ['two blanks', 'GET  /-/ping HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['a tab', 'GET\t/-/ping\tHTTP/1.1\r\nhost: x\r\n\r\n'],
  ['no version', 'GET /-/ping\r\nhost: x\r\n\r\n'],
  ['a version to come', 'GET /-/ping HTTP/1.2\r\nhost: x\r\n\r\n'],
  ['the version of another connection', 'GET /-/ping HTTP/2.0\r\nhost: x\r\n\r\n'],
  ['a version in small letters', 'GET /-/ping http/1.1\r\nhost: x\r\n\r\n'],
  ['a method in small letters', 'get /-/ping HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['a method nobody knows', 'BREW /-/ping HTTP/1.1\r\nhost: x\r\n\r\n', 501, 'not_implemented'],
  ['a target without a slash', 'GET -/ping HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['the target of a proxy', 'CONNECT example.test:443 HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['a fragment', 'GET /-/ping#x HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['nothing but NULs', '\x00'.repeat(64)],
  ['blank lines without end', '\r\n'.repeat(64)],
]);

table('chunks', [
  ['a size that is no number', put(chunked, `zz\r\n${body}\r\n${end}`)],
  ['an empty size', put(chunked, `\r\n${body}\r\n${end}`)],
  ['a negative size', put(chunked, `-1\r\n${body}\r\n${end}`)],
  ['a size with a prefix', put(chunked, `0x${chunk(body)}${end}`)],
  ['a size behind a blank', put(chunked, ` ${chunk(body)}${end}`)],
  ['a size before a blank', put(chunked, `${body.length.toString(16)} \r\n${body}\r\n${end}`)],
  ['a size beyond 64 bits', put(chunked, `1000000000000000${chunk(body)}${end}`)],
  ['a bare LF after the size', put(chunked, `${body.length.toString(16)}\n${body}\r\n${end}`)],
  ['a bare LF after the data', put(chunked, `${body.length.toString(16)}\r\n${body}\n${end}`)],
  ['more data than the size says', put(chunked, `${(body.length - 1).toString(16)}\r\n${body}\r\n${end}`)],
  ['an extension without end', put(chunked, `1;${'a'.repeat(1000)}\r\n{\r\n${end}`)],
  ['a bare LF inside an extension', put(chunked, `1;a\n\r\n{\r\n${end}`)],
  ['a trailer without end', put(chunked, `${chunk(body)}0\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)],
  ['a folded trailer', put(chunked, `${chunk(body)}0\r\n x: 1\r\n\r\n`)],
]);

test('what followed the refused ones was never taken for a request', async () => {
  await server.stopCleanly();
  const requests = server.child.log.filter(({ event }) => event === 'request');
  assert.ok(requests.length > 100, `${requests.length}`);
  assert.deepEqual(requests.filter(({ path }) => path.includes('smuggled')), []);
});
