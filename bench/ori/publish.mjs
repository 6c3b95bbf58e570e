// How many archives of 100 KB a server takes in a second, with inspection in processes of their own
// and in place, and what a publish costs in processor time: the difference is the cost of the
// isolation, also on a machine that does other things meanwhile.
//
//     node bench/ori/publish.mjs [archives] [connections]
import http from 'node:http';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { archive } from '../../tests/process/support/ori.mjs';
import { start } from '../../tests/process/support/server.mjs';

const count = Number(process.argv[2] ?? 2000);
const connections = Number(process.argv[3] ?? 32);
const noise = randomBytes(75 * 1024).toString('base64'); // packs to its 75 KB, and 25 KB of text

const packages = Array.from({ length: count }, (_, i) => {
  const pack = { name: `@bench/p${i % 100}`, version: `1.${Math.floor(i / 100)}.0`, files: { 'src/data.txt': noise + i, 'src/more.txt': randomBytes(24 * 1024).toString('latin1') } };
  return { pack, bytes: archive(pack) };
});

function post(agent, url, target, token, bytes) {
  return new Promise((resolve, reject) => {
    const request = http.request(url + target, {
      agent, method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/gzip', 'content-length': bytes.length },
    }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

// Milliseconds of processor time that these processes have used.
async function cpuOf(pids) {
  let ticks = 0;
  for (const pid of pids) {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * 10;
}

// The server's process and those it has started.
async function processesOf(pid) {
  const found = [pid];
  for (const thread of await readdir(`/proc/${pid}/task`))
    found.push(...(await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8')).split(' ').filter(Boolean));
  return found;
}

async function measure(workers) {
  const undo = [];
  const t = { after: (work) => undo.push(work) };
  const cwd = await mkdtemp(path.join(tmpdir(), 'kontor-bench-'));
  const server = await start(t, { cwd, settings: { 'processor.workers': workers, 'log.level': 'warn', 'rateLimit.ori.maxRequests': 1_000_000_000 } });
  const token = await server.token();
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const waiting = [...packages];
  const pids = await processesOf(server.child.pid);
  const used = await cpuOf(pids);
  const begun = process.hrtime.bigint();
  await Promise.all(Array.from({ length: connections }, async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { pack, bytes } = next;
      const status = await post(agent, server.url, `/v1/packages/${pack.name.slice(1)}/publish`, token, bytes);
      if (status !== 201) throw new Error(`${pack.name}@${pack.version}: ${status}`);
    }
  }));
  const took = Number(process.hrtime.bigint() - begun) / 1e9;
  const cpu = (await cpuOf(pids)) - used;
  const own = (await cpuOf([server.child.pid])) / ((await cpuOf(pids)) || 1);
  agent.destroy();
  await server.stopCleanly();
  await rm(cwd, { recursive: true, force: true });
  return { rate: count / took, cpu: cpu / count, own };
}

const size = Math.round(packages.reduce((sum, p) => sum + p.bytes.length, 0) / count / 1000);
for (const [name, workers] of [['in worker processes', 2], ['in place', 0]]) {
  const { rate, cpu, own } = await measure(workers);
  console.log(`publish of ${size} KB archives, inspected ${name}: ${rate.toFixed(0)}/s, ` +
    `${cpu.toFixed(2)} ms of processor time each, ${(own * 100).toFixed(0)}% of it in the server's own process`);
}
