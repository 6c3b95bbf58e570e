// HTTP/2 gets the same refusals as HTTP/1.1, and one stream's trouble is not the others'.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { after, describe, test } from 'node:test';
import { committed, eventually, staged } from './support/data.mjs';
import { assertError } from './support/hostile.mjs';
import { packed, publishDocument } from './support/packages.mjs';
import { adminPassword } from './support/server.mjs';
import { startWithTls } from './support/tls.mjs';

const settings = { 'limits.maxTarballBytes': '4MiB', 'limits.maxDocumentBytes': '64KiB' };
const server = await startWithTls({ after }, { settings });
// node's client refuses streams of its own where more than so many MB wait to be sent.
const connect = ({ url, certFile }) => http2.connect(url, { ca: readFileSync(certFile), maxSessionMemory: 100 });
const session = connect(server);
after(() => session.destroy());
const json = { 'content-type': 'application/json' };

// The answer on a stream, in the form of those over HTTP/1.1.
async function answerOn(stream) {
  const pieces = [];
  const [headers] = await once(stream, 'response');
  for await (const piece of stream) pieces.push(piece);
  return { status: headers[':status'], headers, body: Buffer.concat(pieces).toString() };
}

function ask(headers, body) {
  const stream = session.request({ ':path': '/-/ping', ...headers }, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return answerOn(stream);
}

const put = (name, token) => ({ ':method': 'PUT', ':path': `/${name}`, authorization: `Bearer ${token}`, ...json });

async function logIn() {
  const body = JSON.stringify({ name: 'admin', password: adminPassword });
  const answer = await ask({ ':method': 'PUT', ':path': '/-/user/org.couchdb.user:admin', ...json }, body);
  assert.equal(answer.status, 201, answer.body);
  return JSON.parse(answer.body).token;
}
const token = await logIn();

async function assertAlive() {
  assert.equal((await ask({})).status, 200, 'the same connection goes on');
}

describe('a request that is refused', () => {
  const paths = ['/..', '/%2e%2e', '/a%00', '/a%0d%0ab', '/%c0%ae', '/a%5cb', '//', '/%zz', '/%ff'];
  for (const path of paths) {
    test(`for its path ${path}`, async () => {
      assertError(await ask({ ':path': path }), 400, 'bad_request');
      await assertAlive();
    });
  }

  test('for its length of path', async () => {
    assertError(await ask({ ':path': `/${'a'.repeat(9000)}` }), 414, 'uri_too_long');
    await assertAlive();
  });

  test('for the size and the number of its headers', async () => {
    assertError(await ask({ x: 'a'.repeat(20_000) }), 431, 'headers_too_large');
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, '1']));
    assertError(await ask(many), 431, 'headers_too_large');
    await assertAlive();
  });

  test('for its method', async () => {
    assertError(await ask({ ':method': 'BREW' }), 501, 'not_implemented');
    assertError(await ask({ ':method': 'PATCH' }), 405, 'method_not_allowed');
    await assertAlive();
  });

  test('for its authority', async () => {
    assertError(await ask({ ':authority': 'user@host' }), 400, 'bad_request');
    await assertAlive();
  });

  test('for its body, which is read no further', async () => {
    const body = Buffer.alloc(8 << 20, ' ');
    assertError(await ask({ ...put('large', token), 'content-length': body.length }, body), 413, 'too_large');
    assertError(await ask(put('broken', token), '{"_id": broken}'), 400, 'invalid_json');
    assertError(await ask(put('foreign', 'npm_nobodys'), '{}'), 401, 'invalid_credential');
    await assertAlive();
  });

  test('for a body that stops, while other streams go on', async (t) => {
    const impatient = await startWithTls(t, { settings: { 'limits.bodyTimeout': '200ms' } });
    const own = connect(impatient);
    const stream = own.request({ ':method': 'POST', ':path': '/-/v1/login', ...json }, { endStream: false });
    stream.write('{"hostname":');
    assertError(await answerOn(stream), 408, 'request_timeout');
    assert.equal((await answerOn(own.request({ ':path': '/-/ping' }))).status, 200);
    own.destroy();
    await impatient.stopCleanly();
  });
});

describe('a publish', () => {
  const document = (name) => {
    const manifest = { name, version: '1.0.0' };
    return JSON.stringify(publishDocument(manifest, packed(manifest, { 'random.bin': randomBytes(1 << 20) })));
  };
  const beginUpload = (name) => {
    const stream = session.request(put(name, token), { endStream: false });
    stream.on('error', () => {}); // it is we who end it
    const text = document(name);
    stream.write(text.slice(0, 900_000));
    return stream;
  };

  test('that is cancelled leaves nothing; those beside it succeed', async () => {
    const cut = ['cut-0', 'cut-1', 'cut-2'].map(beginUpload);
    await eventually(async () => (await staged(server)).length === 3);
    const whole = ['whole-0', 'whole-1', 'whole-2'].map((name) => ask(put(name, token), document(name)));
    for (const stream of cut) stream.close(http2.constants.NGHTTP2_CANCEL);
    for (const answer of await Promise.all(whole)) assert.equal(answer.status, 201, answer.body);
    await eventually(async () => (await staged(server)).length === 0);
    assert.equal((await committed(server)).length, 3);
    for (const name of ['cut-0', 'cut-1', 'cut-2']) assert.equal((await ask({ ':path': `/${name}` })).status, 404);
    for (const name of ['whole-0', 'whole-1', 'whole-2']) assert.equal((await ask({ ':path': `/${name}` })).status, 200);
  });

  test('whose connection ends leaves nothing', async () => {
    const other = connect(server);
    other.on('error', () => {});
    const stream = other.request(put('gone', token), { endStream: false });
    stream.on('error', () => {});
    stream.write(document('gone').slice(0, 900_000));
    await eventually(async () => (await staged(server)).length === 1);
    other.destroy();
    await eventually(async () => (await staged(server)).length === 0);
    assert.equal((await ask({ ':path': '/gone' })).status, 404);
  });
});

test('a drain tells the client to go elsewhere and ends', async () => {
  session.destroy();
  const idle = connect(server);
  await once(idle, 'remoteSettings');
  const goaway = once(idle, 'goaway');
  const closed = once(idle, 'close');
  const ended = server.stop();
  const [code] = await goaway;
  assert.equal(code, http2.constants.NGHTTP2_NO_ERROR);
  await closed;
  assert.equal((await ended).code, 0);
});
