// The worker under miniflare with what the tests here send to it.
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';

// Read where the support of the client tests is loaded.
process.env.KONTOR_TEST_TARGET = 'edge';
const { startServer } = await import('../clients/support/server.mjs');

// A tar archive of one package with a manifest and `filler` bytes that do not compress.
export function tarball(manifest, filler = 0) {
  const parts = [entry('package/package.json', Buffer.from(JSON.stringify(manifest)))];
  if (filler) parts.push(entry('package/filler', randomBytes(filler)));
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]), { level: 1 });
}

function entry(name, bytes) {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write('0000644\0', 100);
  head.write('0000000\0'.repeat(2), 108);
  head.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  head.write('00000000000\0', 136);
  head.write('        0', 148);
  head.write('ustar\x0000', 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

const digest = (name, bytes, form) => createHash(name).update(bytes).digest(form);

// The document npm publishes a version with.
export function publication(manifest, archive, { access = 'public' } = {}) {
  const { name, version } = manifest;
  const file = `${name}-${version}.tgz`;
  const dist = {
    integrity: `sha512-${digest('sha512', archive, 'base64')}`,
    shasum: digest('sha1', archive, 'hex'),
    tarball: `http://localhost/${name}/-/${file.split('/').pop()}`,
  };
  return {
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
    access,
    _attachments: {
      [file]: {
        content_type: 'application/octet-stream',
        data: archive.toString('base64'),
        length: archive.length,
      },
    },
  };
}

// Sends the beginning of a body, all but `missing` bytes, and hangs up.
export function breakOff(server, { token }, target, body, missing) {
  const text = JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  };
  return new Promise((resolve) => {
    const sending = request(server.url + target, { method: 'PUT', headers });
    sending.on('error', resolve);
    sending.on('close', resolve);
    sending.write(text.slice(0, text.length - missing), () => sending.destroy());
  });
}

export async function startEdge(settings, files) {
  process.env.KONTOR_EDGE_STATS = '1';
  const server = await startServer(settings, files);
  server.publish = (user, manifest, archive = tarball(manifest), options = {}) =>
    server.request('PUT', `/${manifest.name.replace('/', '%2f')}`, {
      token: user.token,
      headers: options.headers,
      body: publication(manifest, archive, options),
    });
  server.get = (target, headers = {}) => fetch(server.url + target, { headers });
  return server;
}

export const stats = (answer) => JSON.parse(answer.headers.get('kontor-edge-stats'));
