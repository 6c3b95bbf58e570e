// A package of 150 MB goes in and out while the server's memory stays what it was. The peak is the
// kernel's (VmHWM), reset before each transfer, so nothing that came before hides it.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { describe, test } from 'node:test';
import { createGzip } from 'node:zlib';
import { run } from './support/kontor.mjs';
import { documentAround, publish, tarEnd, tarHeader, tarPadding } from './support/packages.mjs';
import { start } from './support/server.mjs';
import { startWithTls } from './support/tls.mjs';

const payload = 150 << 20;
const allowed = 16 << 20;
const manifest = { name: 'huge', version: '1.0.0' };
const noise = randomBytes(1 << 20);

// The same tarball each time it is asked for, piece by piece, not compressed.
function tarballPieces() {
  const gzip = createGzip({ level: 0 });
  const write = async (piece) => gzip.write(piece) || once(gzip, 'drain');
  const file = async (name, size, pieces) => {
    await write(tarHeader(`package/${name}`, size));
    for (const piece of pieces) await write(piece);
    await write(tarPadding(size));
  };
  (async () => {
    const text = Buffer.from(JSON.stringify(manifest));
    await file('package.json', text.length, [text]);
    await file('random.bin', payload, Array(payload / noise.length).fill(noise));
    gzip.end(tarEnd);
  })();
  return gzip;
}

async function describeTarball() {
  const [sha512, sha1] = [createHash('sha512'), createHash('sha1')];
  let length = 0;
  for await (const piece of tarballPieces()) {
    sha512.update(piece);
    sha1.update(piece);
    length += piece.length;
  }
  const digest = sha512.digest('base64');
  return { length, sums: { integrity: `sha512-${digest}`, shasum: sha1.digest('hex') }, digest };
}

// The pieces in base64, each of whole groups of three bytes but the last.
async function* inBase64(pieces) {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.toString('base64', 0, whole);
    rest = bytes.subarray(whole);
  }
  yield rest.toString('base64');
}

async function publishHuge(server, { sums, length }) {
  const token = await server.token();
  const marker = '<data>';
  const [before, behind] = JSON.stringify(documentAround(manifest, { sums, length, data: marker })).split(marker);
  const total = before.length + 4 * Math.ceil(length / 3) + behind.length;
  const request = http.request(`${server.url}/huge`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': total },
  });
  const answered = once(request, 'response');
  request.write(before);
  for await (const text of inBase64(tarballPieces())) if (!request.write(text)) await once(request, 'drain');
  request.end(behind);
  const [answer] = await answered;
  answer.resume();
  return answer.statusCode;
}

async function downloadHuge(server) {
  const [answer] = await once(http.get(`${server.url}/huge/-/huge-1.0.0.tgz`), 'response');
  assert.equal(answer.statusCode, 200);
  const sha512 = createHash('sha512');
  for await (const piece of answer) sha512.update(piece);
  return sha512.digest('base64');
}

async function memory({ child }) {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  const bytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)[1]) * 1024;
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
}

// Fails where the server's memory grew by more than is allowed while `work` ran.
async function withinMemory(server, work) {
  await writeFile(`/proc/${server.child.pid}/clear_refs`, '5'); // the peak is what is used now
  const { now } = await memory(server);
  const result = await work();
  const grown = (await memory(server)).peak - now;
  assert.ok(grown < allowed, `grew by ${(grown / (1 << 20)).toFixed(1)} MiB`);
  return result;
}

// What a server that has worked for a while has in memory.
async function warmUp(server) {
  const small = { name: 'small', version: '1.0.0' };
  assert.equal((await publish(server, await server.token(), small)).status, 201);
  assert.equal((await server.get('/small/-/small-1.0.0.tgz')).status, 200);
}

describe('a tarball of 150 MB', () => {
  test('is published and downloaded in the memory of a small one', async (t) => {
    const server = await start(t);
    await warmUp(server);
    const huge = await describeTarball();
    assert.equal(await withinMemory(server, () => publishHuge(server, huge)), 201);
    assert.equal(await withinMemory(server, () => downloadHuge(server)), huge.digest);
    const { dist } = (await server.get('/huge/latest')).json;
    assert.equal(dist.integrity, huge.sums.integrity);
    assert.equal(dist.unpackedSize, payload + JSON.stringify(manifest).length);
    await server.stopCleanly();

    // The same over TLS and HTTP/2, where the kernel cannot copy the file for us.
    const secure = await startWithTls(t, { dataDir: server.dataDir });
    const url = `${secure.url}/huge/-/huge-1.0.0.tgz`;
    const args = ['-sS', '--http2', '--cacert', secure.certFile, '-o', '/dev/null', '-w', '%{http_version} %{size_download}'];
    assert.equal((await run('curl', [...args, `${secure.url}/small/-/small-1.0.0.tgz`])).code, 0);
    const { stdout } = await withinMemory(secure, () => run('curl', [...args, url]));
    assert.equal(stdout, `2 ${huge.length}`);
    await secure.stopCleanly();
  });
});
