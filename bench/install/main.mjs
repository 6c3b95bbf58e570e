// node bench/install/main.mjs [case...] [--rounds 5] [--out build/bench/install.json] [--kontor FILE]
// Cases: `real`, a tree from the npm registry, Kontor against nginx in turn; `fifty`, 50 packages.
// Every install begins with an empty cache and no node_modules.
import { cpus, loadavg, tmpdir } from 'node:os';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Kontor } from '../read/kontor.mjs';
import { median } from '../read/load.mjs';
import { Nginx } from '../read/nginx.mjs';
import { cpuUs } from '../write/load.mjs';
import { copyTree, makeTree, npm, project } from './tree.mjs';

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    installs: { type: 'string', default: '20' },
    port: { type: 'string', default: '9488' },
    out: { type: 'string', default: 'build/bench/install.json' },
    kontor: { type: 'string', default: process.env.KONTOR_BINARY ?? 'build/kontor' },
  },
});
const dependencies = { express: '4.21.2', react: '18.3.1', 'react-dom': '18.3.1', 'prop-types': '15.8.1' };
const dir = await mkdtemp(path.join(tmpdir(), 'kontor-bench-'));
const stops = [];
const rows = [];

function row({ name, value, unit, goal, note = '' }) {
  rows.push({ name, value, unit, goal });
  const missed = goal !== undefined && value > goal ? '  MISSED' : '';
  console.log(`${name.padEnd(44)} ${value.toFixed(2).padStart(7)} ${unit}${goal === undefined ? '' : ` (goal at most ${goal})`}${missed}  ${note}`);
}

async function startKontor(name) {
  const kontor = await Kontor.start(path.resolve(options.kontor), path.join(dir, name));
  stops.push(() => kontor.stop());
  await kontor.login();
  return kontor;
}

// What clients of a registry at `port` get, as files. Documents name tarballs by the address they
// are asked under.
async function writeFiles(kontor, packages, port) {
  const put = async (file, bytes) => {
    const target = path.join(dir, 'nginx/files', file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, bytes);
  };
  for (const { name, version } of packages) {
    const headers = { accept: 'application/vnd.npm.install-v1+json', host: `127.0.0.1:${port}` };
    const target = `/${name.replace('/', '%2f')}`;
    const document = (await kontor.get(target, headers)).body;
    await put(`${name}.json`, document);
    await put(`${name}.json.gz`, (await kontor.get(target, { ...headers, 'accept-encoding': 'gzip' })).body);
    const { pathname } = new URL(JSON.parse(document).versions[version].dist.tarball);
    await put(decodeURIComponent(pathname), (await kontor.get(pathname)).body);
  }
}

// Seconds of `npm ci`; the lockfile is made once a folder.
async function installer(folder, url, wanted) {
  await project(folder, wanted);
  await npm(folder, path.join(dir, 'lock-cache'), 'install', '--package-lock-only', `--registry=${url}/`);
  return async () => {
    const cache = path.join(dir, 'cold-cache');
    await rm(cache, { recursive: true, force: true });
    await rm(path.join(folder, 'node_modules'), { recursive: true, force: true });
    const began = process.hrtime.bigint();
    await npm(folder, cache, 'ci', `--registry=${url}/`);
    return Number(process.hrtime.bigint() - began) / 1e9;
  };
}

async function real() {
  const kontor = await startKontor('real');
  const packages = await copyTree(kontor, path.join(dir, 'source'), dependencies);
  const port = Number(options.port);
  await writeFiles(kontor, packages, port);
  const nginx = await Nginx.startRegistry(path.join(dir, 'nginx'), port);
  stops.push(() => nginx.stop());
  const sides = [['nginx', nginx.url], ['kontor', kontor.url]];
  const times = { nginx: [], kontor: [] };
  const install = {};
  for (const [name, url] of sides) install[name] = await installer(path.join(dir, `app-${name}`), url, dependencies);
  const before = cpuUs(kontor.child.pid);
  for (let round = 0; round < Number(options.rounds); round += 1)
    for (const [name] of sides) times[name].push(await install[name]());
  const cpu = (cpuUs(kontor.child.pid) - before) / 1000 / Number(options.rounds);
  row({ name: `cold npm ci of ${packages.length} real packages, of nginx's time`, value: median(times.kontor) / median(times.nginx), unit: 'times', goal: 1.1,
    note: `${median(times.kontor).toFixed(2)} and ${median(times.nginx).toFixed(2)} s; ${cpu.toFixed(1)} ms of Kontor's CPU each` });
}

async function fifty() {
  const kontor = await startKontor('fifty');
  const packages = await makeTree(kontor, 50);
  const install = await installer(path.join(dir, 'app-fifty'), kontor.url, Object.fromEntries(packages.map(({ name, version }) => [name, version])));
  const times = [];
  for (let i = 0; i < Number(options.installs); i += 1) times.push(await install());
  times.sort((a, b) => a - b);
  row({ name: 'cold npm ci of 50 packages, p95', value: times[Math.ceil(0.95 * times.length) - 1], unit: 's', goal: 2, note: `p50 ${median(times).toFixed(2)} s` });
}

const cases = { real, fifty };
for (const name of names) if (!cases[name]) throw new Error(`no case ${name}; there are: ${Object.keys(cases).join(' ')}`);
try {
  for (const name of names.length > 0 ? names : Object.keys(cases)) await cases[name]();
  const result = { at: new Date().toISOString(), machine: { cpu: cpus()[0].model, cores: cpus().length }, load: loadavg(), rows };
  await mkdir(path.dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  for (const stop of stops.reverse()) await stop();
  await rm(dir, { recursive: true, force: true });
}
