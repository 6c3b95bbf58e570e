// Two figures for the time that requests cost. What one worker of miniflare's runtime computes, as V8's
// profiler samples it: waiting does not count, and neither do the workers that stand for the platform. And
// the time of the whole runtime on the processor, which is an upper bound, those others included.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const require = createRequire(fileURLToPath(new URL('../../tools/edge/package.json', import.meta.url)));
const WebSocket = require('ws'); // miniflare brings it

const sampleEvery = 100; // microseconds
const tick = 10; // milliseconds, in which the kernel counts

// Of all children of this process: the runtime.
function runtimeMs() {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return children.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) * tick;
  }, 0);
}

export async function attachProfiler(inspector, worker) {
  const socket = new WebSocket(new URL(`./core:user:${worker}`, inspector));
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  const waiting = new Map();
  let latest = 0;
  socket.on('message', (text) => {
    const { id, result } = JSON.parse(text);
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  const call = (method, params = {}) =>
    new Promise((resolve) => {
      latest += 1;
      waiting.set(latest, resolve);
      socket.send(JSON.stringify({ id: latest, method, params }));
    });
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: sampleEvery });
  return {
    // Milliseconds of both while `act` goes on. Where samples lie further apart the worker was not
    // running in between.
    async measure(act) {
      await call('Profiler.start');
      const before = runtimeMs();
      await act();
      const runtime = runtimeMs() - before;
      const { profile } = await call('Profiler.stop');
      const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
      const longest = 2 * sampleEvery;
      const own = (id, i) => (names.get(id) === '(idle)' ? 0 : Math.min(profile.timeDeltas[i], longest));
      const worker = profile.samples.reduce((sum, id, i) => sum + own(id, i), 0) / 1000;
      return { worker, runtime };
    },
    close: () => socket.close(),
  };
}
