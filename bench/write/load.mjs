// The load generator, and what a load cost the server.
import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = 'build/bench/kontor_load';

// `groups`: objects of kontor_load's settings with `kind`. Resolves with one result for each.
export async function load(url, ...groups) {
  const texts = groups.map(({ kind, ...settings }) =>
    [kind, ...Object.entries(settings).map(([key, value]) => `${key}=${value}`)].join(' '));
  const { stdout } = await run(program, [new URL(url).port, ...texts], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

// CPU microseconds of all threads of a process that are still there.
export function cpuUs(pid) {
  let sum = 0;
  for (const task of readdirSync(`/proc/${pid}/task`))
    sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  return sum / 1000;
}

export function rssMb(pid, field = 'VmRSS') {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)[1]) / 1024;
}

// So that VmHWM, the peak, is that of what comes next.
export async function resetPeak(pid) {
  await import('node:fs/promises').then(({ writeFile }) => writeFile(`/proc/${pid}/clear_refs`, '5'));
}

// Counts of system calls while `work` runs; slows the server down.
export async function systemCalls(pid, work) {
  const strace = spawn('strace', ['-f', '-c', '-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  strace.stderr.on('data', (chunk) => { text += chunk; });
  await new Promise((resolve, reject) => {
    strace.once('exit', () => reject(new Error(`strace: ${text}`)));
    const poll = setInterval(() => {
      if (!/attached/.test(text)) return;
      clearInterval(poll);
      resolve();
    }, 10);
  });
  const result = await work();
  const ended = new Promise((resolve) => { strace.removeAllListeners('exit'); strace.once('close', resolve); });
  strace.kill('SIGINT');
  await ended;
  const counts = {};
  for (const [, calls, name] of text.matchAll(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$/gm))
    if (name !== 'total') counts[name] = Number(calls);
  return { counts, result };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
