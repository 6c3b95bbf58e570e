// Load from wrk and h2load, and what it cost the server: CPU time that its threads really ran.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Nanoseconds on a CPU of all threads of these processes.
function cpuNs(pids) {
  let sum = 0;
  for (const pid of pids)
    for (const task of readdirSync(`/proc/${pid}/task`))
      sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  return sum;
}

export function memoryKiB(pids) {
  let pss = 0;
  let rss = 0;
  for (const pid of pids) {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    pss += Number(/^Pss:\s+(\d+)/m.exec(text)[1]);
    rss += Number(/^Rss:\s+(\d+)/m.exec(text)[1]);
  }
  return { pss, rss };
}

const npmHeaders = {
  'user-agent': 'npm/10.9.2 node/v22.14.0 linux x64 workspaces/false',
  'npm-command': 'install',
  'pacote-version': '19.0.1',
  'pacote-req-type': 'packument',
  accept: '*/*',
};

async function wrk({ url, headers, connections, seconds }) {
  const args = ['-t2', `-c${connections}`, `-d${seconds}s`];
  for (const [name, value] of Object.entries({ ...npmHeaders, ...headers })) args.push('-H', `${name}: ${value}`);
  const { stdout } = await run('wrk', [...args, url]);
  const failed = /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/.exec(stdout);
  if (failed && !/connect 0, read 0, write 0/.test(failed[0])) throw new Error(`${url}: ${failed[0]}`);
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]),
    requests: Number(/(\d+) requests in/.exec(stdout)[1]),
  };
}

async function h2load({ url, headers, connections, seconds, streams }) {
  const args = ['-t2', `-c${connections}`, `-m${streams}`, '-D', String(seconds)];
  for (const [name, value] of Object.entries({ ...npmHeaders, ...headers })) args.push('-H', `${name}: ${value}`);
  const { stdout } = await run('h2load', [...args, url]);
  const [, requests, failed] = /requests: \d+ total, \d+ started, (\d+) done, \d+ succeeded, (\d+) failed/.exec(stdout);
  if (failed !== '0') throw new Error(`${url}: ${failed} failed`);
  return { rate: Number(/finished in [\d.]+\w+, ([\d.]+) req\/s/.exec(stdout)[1]), requests: Number(requests) };
}

// One round of a case on one server.
export async function measure(target) {
  const before = cpuNs(target.pids());
  const { rate, requests } = await (target.streams ? h2load : wrk)(target);
  return { rate, requests, cpuUs: (cpuNs(target.pids()) - before) / 1000 / requests };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
