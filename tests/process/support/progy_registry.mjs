// A registry of courses that answers as it is told and remembers what it was asked; for what an honest
// one never does.
import { createHash } from 'node:crypto';
import http from 'node:http';
import { atEnd } from './kontor.mjs';

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

// `change(path, answer)` may alter {status, headers, body} before it is sent, or return false for a
// connection that breaks before an answer, or {cut: n} to break it after n bytes of the body. Uploads
// are taken at `bytesPerSecond`.
export async function fakeRegistry(t, { change = () => undefined, bytesPerSecond = Infinity } = {}) {
  const registry = { asked: [], courses: new Map(), legacy: {}, change };
  const server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => {
      pieces.push(piece);
      if (bytesPerSecond === Infinity) return;
      request.pause();
      setTimeout(() => request.resume(), (piece.length * 1000) / bytesPerSecond);
    });
    request.on('end', () => answer(registry, request, Buffer.concat(pieces), response));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => {
    server.closeAllConnections();
    server.close();
  });
  registry.url = `http://127.0.0.1:${server.address().port}`;
  registry.add = (name, version, bytes) => registry.courses.set(`${name}@${version}`, bytes);
  registry.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return registry;
}

const problem = (status, code, error) => ({ status, body: Buffer.from(JSON.stringify({ error, code })) });
const json = (value) => ({ status: 200, body: Buffer.from(JSON.stringify(value)) });

function resolved(registry, name, wanted) {
  const versions = [...registry.courses.keys()].filter((key) => key.startsWith(`${name}@`));
  const latest = wanted ?? versions.at(-1)?.slice(name.length + 1);
  const bytes = registry.courses.get(`${name}@${latest}`);
  if (!bytes) return problem(404, 'PACKAGE_NOT_FOUND', 'Package not found');
  return json({
    name, latest, version: latest,
    versions: versions.map((key) => key.slice(name.length + 1)).reverse(),
    description: 'From a fake', checksum: sha256(bytes), sizeBytes: bytes.length,
  });
}

function downloaded(registry, name, version, range) {
  const bytes = registry.courses.get(`${name}@${version}`);
  if (!bytes) return problem(404, 'PACKAGE_NOT_FOUND', 'Artifact not found in registry storage');
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (from === 0) return { status: 200, body: bytes };
  return {
    status: 206,
    headers: { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` },
    body: bytes.subarray(from),
  };
}

function made(registry, request, body) {
  const url = new URL(request.url, registry.url);
  const parts = url.pathname.split('/').map(decodeURIComponent);
  const [, , action, ...rest] = parts;
  if (action === 'resolve') return resolved(registry, rest.join('/'), url.searchParams.get('version') ?? undefined);
  if (action === 'download') return downloaded(registry, `${rest[0]}/${rest[1]}`, rest[2], request.headers.range);
  if (action === 'legacy-courses') return json(registry.legacy);
  if (action === 'publish') {
    const { name, version } = JSON.parse(/name="metadata"\r\n\r\n(.*?)\r\n--/s.exec(body.toString('latin1'))[1]);
    return json({ success: true, version, url: `${registry.url}/registry/${name}`, checksum: sha256(body) });
  }
  return problem(404, 'PACKAGE_NOT_FOUND', 'Package not found');
}

function answer(registry, request, body, response) {
  const { method, url, headers } = request;
  registry.asked.push({ method, path: url, headers, body });
  const answered = { headers: {}, ...made(registry, request, body) };
  const how = registry.change(url, answered, registry.asked);
  if (how === false) return response.destroy();
  response.writeHead(answered.status, { ...answered.headers, 'content-length': answered.body.length });
  if (how?.cut === undefined) return response.end(answered.body);
  // By an orderly end: a reset would take back what has arrived.
  response.write(answered.body.subarray(0, how.cut), () => response.socket.end());
}
