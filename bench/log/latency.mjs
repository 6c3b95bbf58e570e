// node bench/log/latency.mjs [publishes] [clients]: the time from sending a publish to its answer with
// the proof, at the usual interval of a second, and without waiting for it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { publish } from '../../tests/process/support/packages.mjs';
import { start } from '../../tests/process/support/server.mjs';

const publishes = Number(process.argv[2] ?? 400);
const clients = Number(process.argv[3] ?? 16);
const dir = await mkdtemp(path.join(tmpdir(), 'kontor-log-latency-'));
const ends = [];
const t = { after: (end) => ends.push(end), name: 'bench' };
const server = await start(t, { cwd: dir, settings: { 'log.level': 'warn' } }).catch(async (error) => {
  await rm(dir, { recursive: true, force: true });
  throw error;
});

async function measure(kind, headers) {
  const token = await server.token();
  const took = [];
  let proofs = 0;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let i = client; i < publishes; i += clients) {
        const begun = performance.now();
        const answer = await publish(server, token, { name: `${kind}-${client}`, version: `1.0.${i}` }, { headers });
        if (answer.status !== 201) throw new Error(answer.text);
        took.push(performance.now() - begun);
        if (answer.json.tlog.proof) proofs += 1;
      }
    }),
  );
  took.sort((a, b) => a - b);
  const at = (part) => took[Math.floor(part * (took.length - 1))].toFixed(0);
  console.log(`${kind.padEnd(44)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   max ${at(1)} ms   ${proofs} proofs`);
}

try {
  await measure('publish', {});
  await measure('publish-to-proof', { prefer: 'wait=10' });
  await server.stop();
} finally {
  for (const end of ends) await end();
  await rm(dir, { recursive: true, force: true });
}
