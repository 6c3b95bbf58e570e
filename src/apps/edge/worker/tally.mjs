// What all isolates count together: each counts for itself and tells the object `Tally` of it now and
// then, behind an answer.
import { DurableObject } from 'cloudflare:workers';
import { MessageWriter } from './wire.mjs';

// In the order of ../edge_metrics.cc.
const names = ['hits', 'misses', 'lost'];
const interval = 10_000; // ms between two reports of an isolate

export const counts = { hits: 0, misses: 0, lost: 0 }; // of this isolate
let reported = { ...counts };
let latest = 0;

// Adds to the sums what is sent, and answers them.
export class Tally extends DurableObject {
  async fetch(request) {
    const added = await request.json();
    const sums = (await this.ctx.storage.get('sums')) ?? { hits: 0, misses: 0, lost: 0 };
    for (const name of names) sums[name] += added[name];
    if (names.some((name) => added[name])) await this.ctx.storage.put('sums', sums);
    return Response.json(sums);
  }
}

async function exchange(env) {
  const now = { ...counts };
  const added = Object.fromEntries(names.map((name) => [name, now[name] - reported[name]]));
  reported = now;
  latest = Date.now();
  const tally = env.TALLY.get(env.TALLY.idFromName('all'));
  try {
    const answer = await tally.fetch('https://tally/', { method: 'POST', body: JSON.stringify(added) });
    return await answer.json();
  } catch (error) {
    for (const name of names) reported[name] -= added[name]; // told the next time
    throw error;
  }
}

export async function report(env) {
  const isNews = names.some((name) => counts[name] !== reported[name]);
  if (env.TALLY && isNews && Date.now() - latest >= interval) await exchange(env);
}

// The sums of all isolates, what this one counted included.
export async function totals(env) {
  const sums = await exchange(env);
  const message = new MessageWriter();
  for (const name of names) message.large(sums[name]);
  return message.take();
}
