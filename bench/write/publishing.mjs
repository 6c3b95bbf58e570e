// How fast versions are taken, and what each costs.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Kontor } from '../read/kontor.mjs';
import { cpuUs, load, median, resetPeak, rssMb, systemCalls } from './load.mjs';
import { Verdaccio } from './verdaccio.mjs';

const run = promisify(execFile);
const count = 3000;

export async function start(bench, settings = []) {
  const kontor = await Kontor.start(bench.binary, path.join(bench.dir, 'kontor'), { settings });
  bench.atEnd(() => kontor.stop());
  await kontor.login();
  return kontor;
}

function refuseErrors(result) {
  if (result.errors > 0) throw new Error(`${result.errors} publishes failed: ${JSON.stringify(result.statuses)}`);
}

async function kontorRound(kontor, group) {
  const before = cpuUs(kontor.child.pid);
  const [result] = await load(kontor.url, { kind: 'publish', clients: 32, count, token: kontor.token, ...group });
  refuseErrors(result);
  return { ...result, cpu_us: (cpuUs(kontor.child.pid) - before) / result.answers };
}

function rateRow(name, rounds, goal) {
  const of = (field) => median(rounds.map((r) => r[field]));
  return { name, value: of('rate'), unit: 'publishes/s', goal,
    note: `p50 ${(of('p50_us') / 1000).toFixed(1)} ms, p99 ${(of('p99_us') / 1000).toFixed(1)} ms, CPU ${of('cpu_us').toFixed(0)} us each`,
    detail: rounds };
}

// Verdaccio refuses some of what 32 clients do at once; those are counted and do not make its rate.
async function compare(bench, kontorRounds, makeGroup) {
  const verdaccio = await Verdaccio.start(path.join(bench.dir, 'verdaccio'));
  if (!verdaccio) {
    console.log('  Verdaccio could not be had from the npm registry: no comparison');
    return;
  }
  bench.atEnd(() => verdaccio.stop());
  const rounds = [];
  for (let i = 0; i < bench.rounds; i += 1) {
    const [result] = await load(verdaccio.url, { kind: 'publish', clients: 32, count: 400, token: verdaccio.token, ...makeGroup(i, 400) });
    rounds.push(result);
  }
  const theirs = median(rounds.map((r) => r.rate));
  bench.row({ name: '  the same by Verdaccio 6.10, without syncing', value: theirs, unit: 'publishes/s',
    note: `p99 ${(median(rounds.map((r) => r.p99_us)) / 1000).toFixed(0)} ms, refused ${rounds.reduce((n, r) => n + r.errors, 0)}`, detail: rounds });
  bench.row({ name: '  ratio', value: median(kontorRounds.map((r) => r.rate)) / theirs, unit: 'times', goal: 4 });
}

async function newPackages(bench) {
  const kontor = await start(bench);
  const rounds = [];
  for (let i = 0; i < bench.rounds; i += 1) rounds.push(await kontorRound(kontor, { prefix: `new-${i}-` }));
  bench.row(rateRow('10 KB, new packages, 32 clients', rounds, 1500));
  await compare(bench, rounds, (i) => ({ prefix: `new-${i}-` }));
  const { counts, result } = await systemCalls(kontor.child.pid, () => kontorRound(kontor, { prefix: 'traced-', count: 2000 }));
  const each = Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, n / result.answers]));
  bench.row({ name: '  fsyncs per publish', value: (each.fsync ?? 0) + (each.fdatasync ?? 0), unit: 'calls', goal: 1.5, atMost: true, detail: each });
  bench.row({ name: '  system calls per publish', value: Object.values(each).reduce((a, b) => a + b, 0), unit: 'calls' });
}

async function onePackage(bench) {
  const kontor = await start(bench);
  const group = (i, n) => ({ single: 'single', first: 1 + i * n });
  const rounds = [];
  for (let i = 0; i < bench.rounds; i += 1) rounds.push(await kontorRound(kontor, group(i, count)));
  bench.row(rateRow('10 KB, one package, 32 clients', rounds, 1000));
  await compare(bench, rounds, group);
}

// The speed of the three hashes one after the other on this machine, bytes a second.
async function hashSpeed() {
  let seconds = 0;
  for (const name of ['sha512', 'sha1', 'sha256']) {
    const { stdout } = await run('openssl', ['speed', '-seconds', '1', '-bytes', '65536', '-evp', name]);
    seconds += 1 / (Number(/([\d.]+)k\s*$/.exec(stdout)[1]) * 1000);
  }
  return 1 / seconds;
}

async function large(bench) {
  const kontor = await start(bench);
  const bytes = 100_000_000;
  const hashes = await hashSpeed();
  const publish = async (random, i) => {
    const [result] = await load(kontor.url, { kind: 'publish', clients: 1, count: 1, bytes, random, prefix: `large-${random}-${i}-`, token: kontor.token });
    refuseErrors(result);
    return bytes / result.seconds;
  };
  await publish(true, 'warm');
  const before = rssMb(kontor.child.pid);
  await resetPeak(kontor.child.pid);
  for (const [random, what] of [[true, 'bytes that do not compress'], [false, 'text']]) {
    const rates = [];
    for (let i = 0; i < bench.rounds; i += 1) rates.push(await publish(random, i));
    const goal = random ? 60 : undefined;
    bench.row({ name: `100 MB tarball of ${what}, of the speed of the hashes`, value: 100 * median(rates) / hashes, unit: '%', goal,
      note: `${(median(rates) / 1e6).toFixed(0)} MB/s, hashes ${(hashes / 1e6).toFixed(0)} MB/s`, detail: rates });
  }
  bench.row({ name: '  growth of resident memory', value: rssMb(kontor.child.pid, 'VmHWM') - before, unit: 'MB', goal: 16, atMost: true });
}

export const cases = { new: newPackages, one: onePackage, large };
