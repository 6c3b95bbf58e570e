// A publish that breaks off, wherever it does, leaves nothing: no package, no file, no lock on its
// name. Each is cut by an end (FIN), which the client can still hear an answer after, and by a reset.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { committed, eventually, staged } from './support/data.mjs';
import { assertError } from './support/hostile.mjs';
import { packed, publish, publishDocument } from './support/packages.mjs';
import { answersIn, RawConnection } from './support/raw.mjs';
import { start } from './support/server.mjs';

const server = await start({ after });
const token = await server.token();
const manifest = { name: 'cut', version: '1.0.0' };
const tarball = packed(manifest, { 'random.bin': randomBytes(1 << 20) });
const body = JSON.stringify(publishDocument(manifest, tarball));
const data = body.indexOf('"data":"') + 8;

const head = (headers) =>
  `PUT /cut HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n${headers}\r\n`;
const chunks = (text) => text.match(/.{1,50000}/gs).map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('');
const whole = { length: head(`content-length: ${body.length}\r\n`) + body, chunked: `${head('transfer-encoding: chunked\r\n')}${chunks(body)}0\r\n\r\n` };
const cutAfter = (text, wanted) => text.slice(0, text.indexOf('\r\n\r\n') + 4 + wanted);

const cuts = {
  'before its body': cutAfter(whole.length, 0),
  'in the first byte': cutAfter(whole.length, 1),
  'in the name': cutAfter(whole.length, 9),
  'in the manifest': cutAfter(whole.length, 120),
  'before the tarball': cutAfter(whole.length, data),
  'in the tarball': cutAfter(whole.length, data + 700_000),
  'in the middle of four characters of the tarball': cutAfter(whole.length, data + 700_001),
  'after the tarball': cutAfter(whole.length, body.indexOf('"', data)),
  'before the last byte': whole.length.slice(0, -1),
  'in a chunk': cutAfter(whole.chunked, 70_000),
  'between chunks': cutAfter(whole.chunked, chunks(body.slice(0, 100_000)).length),
  'before the last chunk': whole.chunked.slice(0, -5),
  'in the last line': whole.chunked.slice(0, -2),
};

async function assertNothingStays(from) {
  await server.child.event('request', { path: '/cut', method: 'PUT' }, from);
  await eventually(async () => (await staged(server)).length === 0);
  assert.deepEqual(await committed(server), []);
  assert.equal((await server.get('/cut')).status, 404);
  assert.deepEqual((await server.get('/-/v1/search?text=cut')).json.objects, []);
}

describe('a publish that breaks off', () => {
  for (const [name, bytes] of Object.entries(cuts)) {
    test(`${name}, by an end`, async () => {
      const from = server.child.log.length;
      const connection = await RawConnection.open(server.port);
      connection.socket.end(bytes, 'latin1');
      await connection.closed;
      assertError(answersIn(connection.text)[0], 400, 'bad_request');
      await assertNothingStays(from);
    });

    test(`${name}, by a reset`, async () => {
      const from = server.child.log.length;
      const connection = await RawConnection.open(server.port);
      await connection.write(bytes);
      connection.socket.resetAndDestroy();
      await assertNothingStays(from);
    });
  }

  test('is staged while it lasts', async () => {
    const from = server.child.log.length;
    const connection = await RawConnection.open(server.port);
    connection.write(cuts['in the tarball']);
    const files = await eventually(async () => {
      const found = await staged(server);
      return found.length > 0 && found;
    });
    assert.equal(files.length, 1);
    await connection.destroy();
    await assertNothingStays(from);
  });

  test('in sixteen at once, some of which go on, does not disturb those', async () => {
    const from = server.child.log.length;
    const others = Array.from({ length: 8 }, (_, i) => publish(server, token, { name: `whole-${i}`, version: '1.0.0' }));
    const broken = await Promise.all(Array.from({ length: 8 }, () => RawConnection.open(server.port)));
    await Promise.all(broken.map((connection) => connection.write(cuts['in the tarball'])));
    await Promise.all(broken.map((connection) => connection.destroy()));
    for (const answer of await Promise.all(others)) assert.equal(answer.status, 201, answer.text);
    const noticed = () => server.child.log.slice(from).filter(({ path }) => path === '/cut').length >= 8; // lines of earlier tests may come late
    await server.child.until(noticed, 'the end of all eight');
    await eventually(async () => (await staged(server)).length === 0);
    assert.equal((await committed(server)).length, 8);
  });
});

test('after all of this the same publish succeeds', async () => {
  const answer = await publish(server, token, manifest, { tarball });
  assert.equal(answer.status, 201, answer.text);
  const file = await server.get('/cut/-/cut-1.0.0.tgz');
  assert.ok(file.bytes.equals(tarball));
  assert.deepEqual(await staged(server), []);
  await server.stopCleanly();
});
