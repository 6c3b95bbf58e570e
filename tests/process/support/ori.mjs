// Ori archives as `ori publish` packs them, and the calls on the v1 API that tests make most.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { tarEnd, tarHeader, tarPadding } from './packages.mjs';

export const manifest = ({ name, version, description = 'A tool', more = '' }) =>
  `[project]\nname = "${name}"\nversion = "${version}"\ndescription = "${description}"\nori = "0.4.0"\n${more}`;

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

export const checksums = (files) =>
  Object.keys(files).sort(byBytes).map((file) => `sha256:${sha256(files[file])}  ${file}\n`).join('');

export const entry = (file, content) => {
  const bytes = Buffer.from(content);
  return Buffer.concat([tarHeader(file, bytes.length), bytes, tarPadding(bytes.length)]);
};

// The tar stream of these files; `extra` are entries behind them.
export const tarOf = (files, extra = []) =>
  Buffer.concat([...Object.entries(files).map(([file, content]) => entry(file, content)), ...extra, tarEnd]);

export function contents(pack) {
  const files = { 'oripk.toml': manifest(pack), 'src/lib.ori': '@main () = 1\n', ...pack.files };
  return { ...files, CHECKSUM: pack.checksum ?? checksums(files) };
}

export const archive = (pack, extra) => gzipSync(tarOf(contents(pack), extra));

const place = (name) => `/v1/packages/${name.replace('@', '')}`;

export const publishBytes = (server, name, raw, token) =>
  server.request('POST', `${place(name)}/publish`, { token, raw, headers: { 'content-type': 'application/gzip' } });

export const publishOri = (server, pack, token) => publishBytes(server, pack.name, archive(pack), token);

export const versions = (server, name, options) => server.get(`${place(name)}/versions`, options);

export const metadata = (server, { name, version }) => server.get(`${place(name)}/${version}/metadata`);

export const download = (server, { name, version }, options) =>
  server.get(`${place(name)}/${version}/download`, options);

export const change = (server, { name, version }, verb, token, body = {}) =>
  server.request('POST', `${place(name)}/${version}/${verb}`, { token, body });
