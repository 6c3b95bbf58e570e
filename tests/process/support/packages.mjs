// Tarballs and publish documents as npm makes them.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const block = 512;

function field(header, text, at, size) {
  header.write(text.padStart(size - 1, '0'), at, 'latin1');
}

// The header of a regular file in the ustar format.
export function tarHeader(name, size) {
  const header = Buffer.alloc(block);
  header.write(name, 0, 'latin1');
  field(header, '644', 100, 8);
  field(header, '0', 108, 8);
  field(header, '0', 116, 8);
  field(header, size.toString(8), 124, 12);
  field(header, '3564020244', 136, 12); // npm's date, 26 October 1985
  header.fill(' ', 148, 156);
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

export const tarPadding = (size) => Buffer.alloc((block - (size % block)) % block);
export const tarEnd = Buffer.alloc(2 * block);

export function tar(files) {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content);
    return [tarHeader(`package/${name}`, bytes.length), bytes, tarPadding(bytes.length)];
  });
  return Buffer.concat([...parts, tarEnd]);
}

export const packed = (manifest, files = { 'index.js': 'module.exports = 1\n' }) =>
  gzipSync(tar({ 'package.json': JSON.stringify(manifest), ...files }));

export const fileName = ({ name, version }) => `${name.split('/').pop()}-${version}.tgz`;
export const targetOf = (name) => `/${name.replace('/', '%2f')}`;

// What npm PUTs. `sums` and `length` describe the tarball; `data` is its base64.
export function documentAround(manifest, { sums, length, data }, { tag = 'latest', access = null } = {}) {
  const { name, version } = manifest;
  return {
    _id: name,
    name,
    'dist-tags': { [tag]: version },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist: { ...sums } } },
    access,
    _attachments: { [fileName(manifest)]: { content_type: 'application/octet-stream', data, length } },
  };
}

export function sumsOf(bytes) {
  const digest = (kind, form) => createHash(kind).update(bytes).digest(form);
  return { integrity: `sha512-${digest('sha512', 'base64')}`, shasum: digest('sha1', 'hex') };
}

export function publishDocument(manifest, tarball = packed(manifest), options = {}) {
  const described = { sums: sumsOf(tarball), length: tarball.length, data: tarball.toString('base64') };
  return documentAround(manifest, described, options);
}

export function publish(server, token, manifest, { tarball, headers, prefix = '', ...options } = {}) {
  return server.request('PUT', prefix + targetOf(manifest.name), {
    token,
    headers,
    body: publishDocument(manifest, tarball, options),
  });
}
