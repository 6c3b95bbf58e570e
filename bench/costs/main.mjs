// node bench/costs/main.mjs [--out build/bench/costs.json] [--kontor FILE]
// Counts, per request, by a preload library (bench/costs/counter.c) and, in a second run, by strace.
// Nothing here is a time, so the load of the machine does not matter.
import { cpus, tmpdir } from 'node:os';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packages } from '../read/cases.mjs';
import { Kontor } from '../read/kontor.mjs';
import { measure } from '../read/load.mjs';
import { load, systemCalls } from '../write/load.mjs';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'build/bench/costs.json' },
    kontor: { type: 'string', default: process.env.KONTOR_BINARY ?? 'build/kontor' },
  },
});
// In the order of struct counts.
const counted = ['allocations', 'allocated bytes', 'bytes copied in memory', 'bytes in by copy', 'bytes out by copy', 'bytes out by sendfile'];
const dir = await mkdtemp(path.join(tmpdir(), 'kontor-bench-'));
const file = path.join(dir, 'counts');
const results = [];

function counts() {
  const fd = openSync(file, 'r');
  const bytes = Buffer.alloc(8 * counted.length);
  readSync(fd, bytes, 0, bytes.length, 0);
  closeSync(fd);
  return counted.map((_, i) => Number(bytes.readBigUInt64LE(8 * i)));
}

const syncs = new Set(['fsync', 'fdatasync']);

// `run` sends requests and yields how many.
async function cost(name, pid, run) {
  await run(); // what is made once is made
  const before = counts();
  const requests = await run();
  const each = Object.fromEntries(counts().map((n, i) => [counted[i], (n - before[i]) / requests]));
  const traced = await systemCalls(pid, run);
  const calls = Object.entries(traced.counts).map(([call, n]) => [call, n / traced.result]).sort((a, b) => b[1] - a[1]);
  const sum = (list) => list.reduce((total, [, n]) => total + n, 0);
  const row = { name, calls: Object.fromEntries(calls), systemCalls: sum(calls), syncs: sum(calls.filter(([call]) => syncs.has(call))), ...each };
  results.push(row);
  const shown = calls.filter(([, n]) => n >= 0.005).map(([call, n]) => `${call} ${n.toFixed(2)}`).join(', ');
  console.log(`${name.padEnd(28)} ${row.systemCalls.toFixed(2)} system calls (${shown})`);
  console.log(`${' '.repeat(29)}${counted.map((what) => `${what} ${each[what].toFixed(each[what] < 100 ? 1 : 0)}`).join(', ')}`);
}

async function main() {
  await writeFile(file, Buffer.alloc(4096));
  const preload = path.resolve('build/bench/libbench_counter.so');
  const kontor = await Kontor.start(path.resolve(options.kontor), path.join(dir, 'kontor'),
    { settings: ['gc.interval=0', 'health.interval=0'], env: { LD_PRELOAD: preload, KONTOR_COUNTS: file } });
  try {
    await kontor.login();
    for (const name of ['p5k', 'p60k', 'q5k', 't30k']) {
      const { versions, ...rest } = packages[name];
      for (let i = 0; i < versions; i += 1) await kontor.publish(name, `1.0.${i}`, rest);
    }
    const get = (target, headers = {}) => () =>
      measure({ url: kontor.url + target, headers, connections: 16, seconds: 1, pids: kontor.pids }).then(({ requests }) => requests);
    const { etag } = (await kontor.get('/p5k')).headers;
    const pid = kontor.child.pid;
    await cost('packument 5 KB', pid, get('/p5k'));
    await cost('  304 by ETag', pid, get('/p5k', { 'if-none-match': etag }));
    await cost('  private, by token', pid, get('/q5k', { authorization: `Bearer ${kontor.token}` }));
    await cost('packument 60 KB', pid, get('/p60k'));
    await cost('tarball 30 KB', pid, get('/t30k/-/t30k-1.0.0.tgz'));
    let round = 0;
    await cost('publish 10 KB, 32 clients', pid, async () => {
      round += 1;
      const [{ answers, errors }] = await load(kontor.url, { kind: 'publish', clients: 32, count: 2000, prefix: `cost-${round}-`, token: kontor.token });
      if (errors) throw new Error(`${errors} publishes failed`);
      return answers;
    });
    await mkdir(path.dirname(options.out), { recursive: true });
    await writeFile(options.out, `${JSON.stringify({ at: new Date().toISOString(), cpu: cpus()[0].model, results }, null, 2)}\n`);
  } finally {
    await kontor.stop();
  }
}

try {
  await main();
} finally {
  await rm(dir, { recursive: true, force: true });
}
