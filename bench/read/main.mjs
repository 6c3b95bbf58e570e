// node bench/read/main.mjs [case...] [--rounds 3] [--seconds 2] [--out build/bench/read.json]
// Cases: those of cases.mjs, `memory`, `start` and `start-100k`; without names all. Publishes real packages
// into a real server, gives what it answers to nginx, and measures both in turn.
import { cpus, loadavg, tmpdir } from 'node:os';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cases, packages } from './cases.mjs';
import { Kontor } from './kontor.mjs';
import { measure, median } from './load.mjs';
import { fill, memoryRows, startRow } from './memory.mjs';
import { certificate, Nginx } from './nginx.mjs';

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    out: { type: 'string', default: 'build/bench/read.json' },
    port: { type: 'string', default: '9480' },
    kontor: { type: 'string', default: process.env.KONTOR_BINARY ?? 'build/kontor' },
  },
});
const binary = path.resolve(options.kontor);
const wanted = (name) => names.length === 0 || names.includes(name);
for (const name of names)
  if (!cases.some((c) => c.name === name) && !['memory', 'start', 'start-100k'].includes(name))
    throw new Error(`no case ${name}; there are: ${cases.map((c) => c.name).join(' ')} memory start start-100k`);

const dir = await mkdtemp(path.join(tmpdir(), 'kontor-bench-'));
const stops = [];

function pathOf(name, tarball) {
  return tarball ? `/${name}/-/${name}-1.0.0.tgz` : `/${name}`;
}

// What a case asks for: a path of its own, or its package.
const targetOf = (c) => c.path ?? pathOf(c.package, c.tarball);

async function publishFor(kontor, chosen) {
  const needed = new Set(chosen.flatMap((c) => [c.package, c.against ?? c.package]));
  for (const name of needed) {
    const { versions, ori, ...rest } = packages[name];
    if (ori) { await kontor.publishOri(`@bench/${name}`, rest); continue; }
    await kontor.publish(name, '1.0.0', rest);
    const more = Array.from({ length: versions - 1 }, (_, i) => [name, `1.0.${i + 1}`, rest]);
    await kontor.publishAll(more);
  }
}

// The bytes of a case as nginx shall have them; a document of this second has no Last-Modified yet.
async function fileOf(kontor, c) {
  const headers = c.token ? { authorization: `Bearer ${await kontor.login()}` } : {};
  const plain = await kontor.get(targetOf(c), headers);
  const zipped = c.tarball || c.path ? null : await kontor.get(pathOf(c.package), { ...headers, 'accept-encoding': 'gzip' });
  return { name: c.name, headers: plain.headers, body: plain.body, gzip: zipped?.body };
}

// The two sides of a case as targets of load.
async function sides(c, kontor, nginx) {
  const common = { connections: c.connections ?? 64, seconds: Number(options.seconds), streams: c.streams };
  const headers = { ...c.headers };
  const ours = { ...common, url: kontor.url + targetOf(c), pids: kontor.pids, headers };
  const theirs = c.against
    ? { ...common, url: kontor.url + pathOf(c.against), pids: kontor.pids, headers: { ...headers } }
    : { ...common, url: `${c.tls ? nginx.tlsUrl : nginx.url}/${c.name}`, pids: () => nginx.pids(), headers: { ...headers } };
  if (c.token) ours.headers.authorization = `Bearer ${kontor.token}`;
  if (c.conditional) {
    ours.headers['if-none-match'] = (await kontor.get(pathOf(c.package))).headers.etag;
    theirs.headers['if-none-match'] = (await fetch(theirs.url, { headers: { 'accept-encoding': 'identity' } })).headers.get('etag');
  }
  return { ours, theirs };
}

async function runCase(c, kontor, nginx) {
  const { ours, theirs } = await sides(c, kontor, nginx);
  const results = { ours: [], theirs: [] };
  for (let round = 0; round < Number(options.rounds); round += 1) {
    results.theirs.push(await measure(theirs));
    results.ours.push(await measure(ours));
    kontor.emptyLog();
  }
  const of = (side, what) => median(results[side].map((r) => r[what]));
  const row = {
    name: c.name, goal: c.goal, against: c.against ? 'public' : 'nginx', bytes: c.bytes,
    rate: of('ours', 'rate'), baseRate: of('theirs', 'rate'), cpuUs: of('ours', 'cpuUs'), baseCpuUs: of('theirs', 'cpuUs'),
  };
  row.load = loadavg()[0];
  row.ratio = row.rate / row.baseRate;
  row.cpuRatio = row.cpuUs / row.baseCpuUs;
  return row;
}

function printCase(r) {
  console.log(`${r.name.padEnd(20)} ${String(Math.round(r.baseRate)).padStart(9)}/s ${String(Math.round(r.rate)).padStart(9)}/s`
    + `  ratio ${r.ratio.toFixed(2)} (goal ${r.goal.toFixed(2)})  CPU us ${r.baseCpuUs.toFixed(1)} ${r.cpuUs.toFixed(1)}`
    + `  ratio ${r.cpuRatio.toFixed(2)}  load ${r.load.toFixed(1)}${r.ratio >= r.goal ? '' : '  MISSED'}`);
}

function printRow(r) {
  console.log(`${r.name.padEnd(32)} ${r.value.toFixed(1).padStart(9)}  (goal ${r.goal})${r.value <= r.goal ? '' : '  MISSED'}`);
}

async function main() {
  const chosen = cases.filter((c) => wanted(c.name));
  const result = { at: new Date().toISOString(), machine: { cpu: cpus()[0].model, cores: cpus().length },
    rounds: Number(options.rounds), seconds: Number(options.seconds), cases: [], rows: [] };
  const tls = await certificate(dir);
  const servers = {};
  for (const kind of ['plain', 'secure']) {
    const mine = chosen.filter((c) => Boolean(c.tls) === (kind === 'secure'));
    if (mine.length === 0 && !wanted('memory')) continue;
    servers[kind] = await Kontor.start(binary, path.join(dir, kind), kind === 'secure' ? { tls } : {});
    stops.push(() => servers[kind].stop());
    await publishFor(servers[kind], mine.length > 0 ? mine : [{ package: 'p5k' }]);
    if (kind === 'plain' && wanted('memory') && !mine.some((c) => c.package === 'p5k')) await servers[kind].publish('p5k', '2.0.0', {});
  }
  await new Promise((resolve) => { setTimeout(resolve, 1100); });
  const serverOf = (c) => (c.tls ? servers.secure : servers.plain);
  const files = [];
  for (const c of chosen) if (!c.against) files.push(await fileOf(serverOf(c), c));
  if (files.length > 0) {
    const port = Number(options.port);
    const nginx = await Nginx.start(path.join(dir, 'nginx'), files, tls, { plain: port, tls: port + 1 });
    stops.push(() => nginx.stop());
    servers.nginx = nginx;
  }
  console.log(`${'case'.padEnd(20)} ${'nginx'.padStart(11)} ${'Kontor'.padStart(11)}`);
  for (const c of chosen) {
    if (c.token) await serverOf(c).login();
    const row = await runCase({ ...c, bytes: files.find((f) => f.name === c.name)?.body.length }, serverOf(c), servers.nginx);
    result.cases.push(row);
    printCase(row);
  }
  if (wanted('memory')) result.rows.push(...await memoryRows({ binary, dir, plain: servers.plain, secure: servers.secure, target: '/p5k' }));
  if (wanted('start')) result.rows.push(await startRow('start, empty store, ms', binary, path.join(dir, 'start'), 50));
  if (wanted('start-100k')) {
    await fill(binary, path.join(dir, 'many'), 100_000);
    result.rows.push(await startRow('start, 100,000 packages, ms', binary, path.join(dir, 'many'), 300));
  }
  result.rows.forEach(printRow);
  await mkdir(path.dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify(result, null, 2)}\n`);
}

try {
  await main();
} finally {
  for (const stop of stops.reverse()) await stop();
  await rm(dir, { recursive: true, force: true });
}
