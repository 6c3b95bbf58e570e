// A store of many packages: how soon it starts, what it takes, and searches while others publish.
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Kontor } from '../read/kontor.mjs';
import { tarball } from '../read/packages.mjs';
import { load, resetPeak, rssMb } from './load.mjs';
import { start } from './publishing.mjs';

const run = promisify(execFile);
const versions = 3;

async function fill(bench) {
  const data = path.join(bench.dir, 'kontor/data');
  const first = await Kontor.start(bench.binary, path.join(bench.dir, 'kontor'));  // makes the administrator
  await first.stop();
  first.emptyLog();  // the next start is looked for in it
  const { stdout } = await run('build/bench/kontor_fill', [data, String(bench.packages), String(versions)]);
  const { rate, seconds } = JSON.parse(stdout);
  const bytes = statSync(path.join(data, 'kontor.db')).size;
  const what = `${bench.packages.toLocaleString('en')} packages of ${versions} versions`;
  bench.row({ name: `load ${what}`, value: rate, unit: 'packages/s', note: `${seconds} s` });
  bench.row({ name: '  database per package', value: bytes / bench.packages / 1000, unit: 'KB', note: `${(bytes / 1e6).toFixed(0)} MB; a tarball is a file more a version` });
}

// Names that are there, from the registry's own list.
async function namesOf(kontor, count) {
  const answer = await kontor.request('GET', `/-/package/list?limit=${count}`, { headers: { authorization: `Bearer ${kontor.token}` } });
  const names = Object.keys(JSON.parse(answer.body));
  if (names.length !== count) throw new Error(`asked for ${count} names, got ${names.length}: ${answer.body}`);
  return names;
}

async function largeStore(bench) {
  await fill(bench);
  const kontor = await start(bench);
  const pid = kontor.child.pid;
  bench.row({ name: '  start to first answer', value: kontor.startMs, unit: 'ms', goal: bench.packages > 100_000 ? 1000 : 300, atMost: true });
  const names = await namesOf(kontor, 1000);
  const words = names.flatMap((name) => name.split('-').slice(0, 2));
  const searches = path.join(bench.dir, 'searches');
  const packages = path.join(bench.dir, 'packages');
  await writeFile(searches, words.map((word, i) => `/-/v1/search?text=${i % 3 ? word : word.slice(0, 3)}&size=20`).join('\n'));
  await writeFile(packages, names.map((name) => `/${name}`).join('\n'));
  await resetPeak(pid);
  const [search, publish] = await load(kontor.url,
    { kind: 'get', label: 'search', clients: 4, seconds: 10, pause: 5, paths: searches },
    { kind: 'publish', label: 'publish', clients: 4, pause: 20, prefix: 'fresh-', token: kontor.token });
  bench.row({ name: '  search while publishing, p99', value: search.p99_us / 1000, unit: 'ms', goal: 10, atMost: true,
    note: `p50 ${(search.p50_us / 1000).toFixed(2)} ms, ${search.rate.toFixed(0)} searches/s beside ${publish.rate.toFixed(0)} publishes/s, ${search.errors + publish.errors} errors`,
    detail: { search, publish } });
  const [reads] = await load(kontor.url, { kind: 'get', label: 'reads', clients: 32, count: 100_000, paths: packages, encoding: 'gzip' });
  bench.row({ name: '  resident memory, peak, after 100,000 reads', value: rssMb(pid, 'VmHWM'), unit: 'MB', goal: 200, atMost: true,
    note: `${reads.rate.toFixed(0)} reads/s of ${names.length} packages, ${reads.errors} errors` });
}

// Tarballs of 10 KB from a folder, by `kontor import`.
async function bulk(bench) {
  const home = path.join(bench.dir, 'kontor');
  await (await Kontor.start(bench.binary, home)).stop();  // makes the administrator
  const count = 10_000;
  const folder = path.join(bench.dir, 'tarballs');
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i += 1)
    await writeFile(path.join(folder, `${i}.tgz`), tarball({ name: `bulk-${Math.floor(i / 3)}`, version: `1.0.${i % 3}`, license: 'MIT' }, 9_500));
  const { stdout } = await run(bench.binary, ['import', '--json', '--data-dir', path.join(home, 'data'), folder]);
  const { imported, refused, seconds } = JSON.parse(stdout);
  if (imported !== count || refused) throw new Error(stdout);
  bench.row({ name: 'kontor import of 10,000 tarballs of 10 KB', value: imported / seconds, unit: 'versions/s', note: `${seconds.toFixed(1)} s` });
}

// Readers and publishers together: nobody fails, nobody starves, memory stays.
async function mixed(bench) {
  const kontor = await start(bench);
  const pid = kontor.child.pid;
  await load(kontor.url, { kind: 'publish', clients: 16, count: 500, prefix: 'seed-', token: kontor.token });
  const reads = path.join(bench.dir, 'reads');
  const seeds = Array.from({ length: 500 }, (_, i) => `seed-${i + 1}`);
  await writeFile(reads, seeds.flatMap((name) => [`/${name}`, `/${name}/-/${name}-1.0.0.tgz`]).join('\n'));
  const before = rssMb(pid);
  await resetPeak(pid);
  const [read, publish] = await load(kontor.url,
    { kind: 'get', label: 'read', clients: 180, seconds: bench.seconds, pause: 20, paths: reads, encoding: 'gzip' },
    { kind: 'publish', label: 'publish', clients: 20, seconds: bench.seconds, pause: 50, prefix: 'mixed-', token: kontor.token });
  const note = ({ rate, errors, least_by_a_client: least, most_by_a_client: most }) =>
    `${rate.toFixed(0)}/s, ${errors} errors, ${least} to ${most} answers a client`;
  bench.row({ name: `200 clients, ${bench.seconds} s: errors`, value: read.errors + publish.errors, unit: '', goal: 0, atMost: true });
  bench.row({ name: '  reads, p99', value: read.p99_us / 1000, unit: 'ms', goal: 100, atMost: true, note: note(read), detail: read });
  bench.row({ name: '  publishes, p99', value: publish.p99_us / 1000, unit: 'ms', note: note(publish), detail: publish });
  bench.row({ name: '  growth of resident memory, peak', value: rssMb(pid, 'VmHWM') - before, unit: 'MB' });
}

export const cases = { store: largeStore, import: bulk, mixed };
