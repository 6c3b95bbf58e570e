// Packages whose packuments and tarballs have the sizes the cases ask for. Manifests are of varied
// words and hashes, so that they compress about as real ones do.
import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const words = ('stream buffer parse render cache token queue async module bundle config logger router '
  + 'client server socket schema query cursor worker thread signal handle object string number array').split(' ');

// The same seed yields the same text.
function* pick(seed) {
  for (let i = 0; ; i += 1) yield createHash('md5').update(`${seed} ${i}`).digest();
}

function filler(seed, bytes) {
  const out = {};
  let size = 0;
  for (const hash of pick(seed)) {
    if (size >= bytes) return out;
    const name = `${words[hash[0] % words.length]}-${words[hash[1] % words.length]}-${hash[2] % 64}`;
    out[name] = `^${hash[3] % 9}.${hash[4] % 20}.${hash[5] % 20}`;
    size = JSON.stringify(out).length;
  }
  return out;
}

function manifest(name, version, extraBytes) {
  return {
    name,
    version,
    description: 'A package that measures how fast it is served.',
    main: 'index.js',
    license: 'MIT',
    keywords: ['measure', 'registry'],
    repository: { type: 'git', url: `git+https://example.com/${name}.git` },
    dependencies: filler(`${name} ${version}`, extraBytes),
  };
}

function tarEntry(name, content) {
  const head = Buffer.alloc(512);
  const field = (at, size, value) => head.write(`${value.toString(8).padStart(size - 1, '0')}\0`, at);
  head.write(`package/${name}`, 0);
  field(100, 8, 0o644);
  field(108, 8, 0);
  field(116, 8, 0);
  field(124, 12, content.length);
  field(136, 12, 499162500);
  head.write('        0', 148);
  head.write('ustar\x0000', 257, 'latin1');
  field(148, 7, head.reduce((sum, byte) => sum + byte, 0));
  return Buffer.concat([head, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

export function tarball(packageJson, payloadBytes) {
  const entries = [tarEntry('package.json', Buffer.from(JSON.stringify(packageJson)))];
  if (payloadBytes > 0) entries.push(tarEntry('data.bin', randomBytes(payloadBytes)));
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]), { level: 1 });
}

// The document `npm publish` sends.
export function publishDocument(name, version, { manifestBytes = 0, payloadBytes = 0, access = 'public' } = {}) {
  const packageJson = manifest(name, version, manifestBytes);
  const bytes = tarball(packageJson, payloadBytes);
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const shasum = createHash('sha1').update(bytes).digest('hex');
  return {
    _id: name,
    name,
    access,
    'dist-tags': { latest: version },
    versions: { [version]: { ...packageJson, _id: `${name}@${version}`, dist: { integrity, shasum } } },
    _attachments: {
      [`${name}-${version}.tgz`]: {
        content_type: 'application/octet-stream',
        data: bytes.toString('base64'),
        length: bytes.length,
      },
    },
  };
}
