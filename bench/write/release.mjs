// A release as people make it: `npm publish` of a workspace.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cpuUs } from './load.mjs';
import { start } from './publishing.mjs';

const run = promisify(execFile);
const count = 100;

async function workspace(folder, kontor) {
  await mkdir(folder, { recursive: true });
  const root = { name: 'release', private: true, version: '1.0.0', workspaces: ['packages/*'] };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(root));
  const key = kontor.url.replace(/^https?:/, '');
  await writeFile(path.join(folder, '.npmrc'), `registry=${kontor.url}\n${key}/:_authToken=${kontor.token}\n`
    + 'update-notifier=false\naudit=false\nfund=false\n');
  for (let i = 0; i < count; i += 1) {
    const here = path.join(folder, `packages/part-${i}`);
    await mkdir(here, { recursive: true });
    await writeFile(path.join(here, 'package.json'), JSON.stringify({ name: `part-${i}`, version: '1.0.0', license: 'MIT', main: 'index.js' }));
    await writeFile(path.join(here, 'index.js'), `module.exports = ${i};\n`.repeat(500));
  }
}

// All that were logged. Lines are written some 200 ms behind the answers.
async function loggedRequests(kontor) {
  for (;;) {
    const lines = readFileSync(kontor.log, 'utf8').split('\0').join('').split('\n').slice(0, -1).map((line) => JSON.parse(line));
    const requests = lines.filter((entry) => entry.event === 'request');
    if (requests.filter((entry) => entry.method === 'PUT' && entry.status === 201).length === count) return requests;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

async function release(bench) {
  const kontor = await start(bench);
  const folder = path.join(bench.dir, 'release');
  await workspace(folder, kontor);
  kontor.emptyLog();
  const cpu = cpuUs(kontor.child.pid);
  const began = process.hrtime.bigint();
  await run('npm', ['publish', '--workspaces'], { cwd: folder, maxBuffer: 1 << 26, env: { ...process.env, HOME: bench.dir } });
  const wall = Number(process.hrtime.bigint() - began) / 1e9;
  const cpuSeconds = (cpuUs(kontor.child.pid) - cpu) / 1e6;
  const requests = await loggedRequests(kontor);
  const server = requests.reduce((sum, entry) => sum + entry.us, 0) / 1e6;
  bench.row({ name: `npm publish of ${count} packages: the server's part`, value: 100 * server / wall, unit: '%', goal: 5, atMost: true,
    note: `${server.toFixed(2)} of ${wall.toFixed(1)} s, ${requests.length} requests; CPU ${cpuSeconds.toFixed(2)} s` });
}

export const cases = { release };
