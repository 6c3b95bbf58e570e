// Courses as `progy pack` packs them, and the calls on the registry that tests make most.
import { createHash } from 'node:crypto';
import { zip } from './zip.mjs';

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

export const artifact = ({ name, version, files = {} }) =>
  zip({ 'course.json': JSON.stringify({ name, version }), 'content/01_intro/README.md': '# Hello\n', ...files });

const boundary = 'a-boundary-of-the-tests';
const part = (head, content) =>
  Buffer.concat([
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);

export const form = (bytes, metadata) =>
  Buffer.concat([
    part('name="file"; filename="course.progy"', bytes),
    part('name="metadata"', JSON.stringify(metadata)),
    Buffer.from(`--${boundary}--\r\n`),
  ]);

export const formType = `multipart/form-data; boundary=${boundary}`;

// Publishes these bytes as the artifact of a course; `course` has its name, version and whatever
// else the metadata shall say.
export const publishBytes = (server, { files, ...metadata }, bytes, token, headers = {}) =>
  server.request('POST', '/registry/publish', {
    token,
    raw: form(bytes, metadata),
    headers: { 'content-type': formType, ...headers },
  });

export const publishCourse = (server, course, token, headers) =>
  publishBytes(server, course, artifact(course), token, headers);

export const resolve = (server, name, options) => server.get(`/registry/resolve/${name}`, options);

export const download = (server, { name, version }, options) =>
  server.get(`/registry/download/${name}/${version}`, options);
