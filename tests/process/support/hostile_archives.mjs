// A thousand ways to be no Ori package, each with the file or rule its refusal must name. The same
// seed makes the same archives.
import { gzipSync } from 'node:zlib';
import { checksums, contents, entry, manifest, tarOf } from './ori.mjs';
import { tarHeader } from './packages.mjs';

export function random(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

// A header with one field changed and its checksum made right again.
function forgedHeader(name, change, size = 0) {
  const header = tarHeader(name, size);
  change(header);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

const special = (name, type, target = '') =>
  forgedHeader(name, (header) => {
    header.write(type, 156, 'latin1');
    header.write(target, 157, 'latin1');
  });

const packed = (pack, extra) => gzipSync(tarOf(contents(pack), extra), { level: 1 });

let bomb; // made once: a hundred and twenty megabytes of nothing
const bombOf = () => (bomb ??= gzipSync(Buffer.alloc(120 << 20), { level: 9 }));

let crowd;
function crowdOf(pack) {
  const files = { 'oripk.toml': manifest(pack), 'src/lib.ori': '1' };
  for (let i = 0; i < 10_001; i++) files[`src/f${i}.ori`] = '';
  return (crowd ??= gzipSync(tarOf({ ...files, CHECKSUM: checksums(files) }), { level: 1 }));
}

const escapes = ['../escape', 'src/../../escape', '/etc/passwd', 'C:/windows', 'src\\..\\x', 'src/./x', 'src//x', 'con', 'src/aux.ori', 'src/\u202egpj.ori'];

const kinds = [
  (pack) => [bombOf(), /bytes|ratio|times|tar|100 MiB/],
  (pack, pick) => [packed(pack, [entry(escapes[pick(escapes.length)], 'x')]), /The archive entry ".*" /],
  (pack, pick) => [packed(pack, [special(`src/link${pick(100)}`, '2', '/etc/passwd')]), /symbolic link/],
  (pack, pick) => [packed(pack, [special(`src/hard${pick(100)}`, '1', 'oripk.toml')]), /hard link/],
  (pack, pick) => [packed(pack, [special(`src/dev${pick(100)}`, pick(2) ? '3' : '4')]), /device/],
  (pack, pick) => [packed(pack, [special(`src/pipe${pick(100)}`, '6')]), /named pipe/],
  (pack, pick) => [packed(pack, [entry(pick(2) ? 'src/LIB.ori' : 'SRC/lib.ori', '2')]), /is there twice/],
  (pack, pick) => [packed({ ...pack, checksum: checksums({ 'oripk.toml': `${pick(1e6)}`, 'src/lib.ori': 'x' }) }), /CHECKSUM/],
  (pack) => [packed(pack, [entry('src/unlisted.ori', 'x')]), /unlisted.*not in CHECKSUM/],
  (pack) => [packed({ ...pack, more: '[scripts]\nbuild = "make"\n' }), /\[scripts\]/],
  (pack, pick) => {
    const whole = packed(pack);
    return [whole.subarray(0, 1 + pick(whole.length - 1)), /archive|gzip|compressed|short|ends/i];
  },
  (pack) => [crowdOf(pack), /10000 files/],
  (pack) => [gzipSync(packed(pack)), /tar|archive/],
  (pack, pick) => {
    const bytes = Buffer.from(packed(pack));
    for (let i = 0; i < 3; i++) bytes[10 + pick(bytes.length - 10)] ^= 1 + pick(255);
    return [bytes, /archive|gzip|compressed|bytes/i];
  },
  (pack, pick) => {
    const tar = tarOf(contents(pack));
    for (let i = 0; i < 2; i++) tar[pick(345)] ^= 1 + pick(255); // of the first header
    return [gzipSync(tar), /./];
  },
  (pack, pick) => [gzipSync(Buffer.from(Array.from({ length: 64 + pick(4000) }, () => pick(256)))), /./],
  (pack, pick) => [Buffer.from(Array.from({ length: 1 + pick(2000) }, () => pick(256))), /./],
  (pack) => [packed({ ...pack, files: { 'oripk.toml': '[project]\nname = "@other/x"\nversion = "1.0.0"\n' } }), /oripk.toml/],
  (pack, pick) => [packed({ ...pack, files: { 'oripk.toml': `[project\n${'['.repeat(pick(5000))}` } }), /oripk.toml: line/],
  (pack, pick) => [gzipSync(forgedHeader('src/huge', (h) => h.write('77777777777', 124, 'latin1'))), /./],
];

export function* hostileArchives(count, seed = 20_261_121) {
  const pick = random(seed);
  for (let i = 0; i < count; i++) {
    const pack = { name: '@hostile/pkg', version: `1.0.${i}` };
    const kind = i % kinds.length;
    const [bytes, rule] = kinds[kind](pack, pick);
    yield { pack, bytes, rule, kind };
  }
}
