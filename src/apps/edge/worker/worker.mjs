// The worker: takes a request, looks into the cache, has an instance of the module answer it (or a
// native origin), sends the answer.
import * as cache from './cache.mjs';
import { Body, headersOf, requestMessage, response } from './exchange.mjs';
import { counts, report } from './tally.mjs';
import { askObject, Instance } from './instance.mjs';
import { MessageWriter } from './wire.mjs';

// Instances that wait for the next request. One that has grown large is let go.
const idle = [];
const mostIdle = 4;
const largest = 16 * 1024 * 1024;
const largestKept = 25 * 1024 * 1024; // bytes of an answer in the cache

let started = false; // by any request of this isolate
let lost = null; // the message of the answer when an instance is lost

function log(event, error) {
  console.log(JSON.stringify({ level: 'error', event, cause: String(error?.stack ?? error) }));
}

async function takeInstance(env) {
  const free = idle.pop() ?? new Instance(env);
  free.attach(env);
  lost ??= free.lost();
  if (!started && !env.ORIGIN) {
    await free.start();
    started = true;
  }
  free.batches = 0;
  return free;
}

// After the answer: what the module has counted is written, then the instance is free again.
async function release(used, counted) {
  try {
    if (counted) await used.replay(counted, new Body(null));
    if (!used.env.ORIGIN) await used.settle();
    await used.settled();
    await report(used.env);
  } catch (error) {
    log('counts_not_written', error);
  }
  if (!used.dead && used.bytes <= largest && idle.length < mostIdle) idle.push(used);
}

// The smaller deployment: this worker is a cache in front of a native server. It is asked for what is
// not compressed: the platform would decode that where it is kept, and compresses for clients itself.
async function askOrigin(request, env) {
  const url = new URL(request.url);
  const headers = headersOf(request);
  headers.set('accept-encoding', 'identity');
  headers.set('x-forwarded-for', request.headers.get('cf-connecting-ip') ?? '127.0.0.1');
  headers.set('x-forwarded-proto', url.protocol.slice(0, -1));
  headers.set('x-forwarded-host', url.host);
  const target = env.ORIGIN.replace(/\/$/, '') + request.url.slice(url.origin.length);
  const { method, body } = request;
  try {
    const answer = await fetch(target, { method, headers, body, redirect: 'manual' });
    return new Response(answer.body, answer); // whose headers can be changed
  } catch (error) {
    log('origin_away', error);
    return response(lost, null);
  }
}

async function ask(used, request, message) {
  if (used.env.ORIGIN) return askOrigin(request, used.env);
  const body = new Body(request.body);
  const answered = await response(await used.answer(message, body), used.env.REGISTRY_NPM);
  await body.drain();
  return answered;
}

// The logs are published behind the answer.
function sequence(env) {
  const sequencer = env.SEQUENCER.get(env.SEQUENCER.idFromName('logs'));
  return sequencer.fetch('https://sequencer/', { method: 'POST' });
}

const isSmall = (answer) => Number(answer.headers.get('content-length') ?? 0) <= largestKept;

async function answer(request, env, context) {
  let used;
  let plan;
  try {
    used = await takeInstance(env);
    const message = requestMessage(request);
    plan = used.plan(message);
    const place = plan.use === 'read' ? await cache.placeOf(plan) : null;
    const kept = place && (await cache.find(place));
    if (kept) {
      counts.hits += 1;
      const rated = plan.rated && !env.ORIGIN ? await used.count(message) : null;
      context.waitUntil(release(used, plan.counted && !env.ORIGIN ? message : null));
      return stated(rated ? cache.rated(kept, await response(rated, null)) : kept, used);
    }
    const asked = await ask(used, request, message);
    // What failed may have been done all the same.
    if (plan.use === 'change' && (asked.status < 400 || asked.status >= 500)) {
      await cache.forget(plan.stale);
      if (!env.ORIGIN) context.waitUntil(sequence(env));
    }
    if (place) {
      counts.misses += 1;
      asked.headers.set('x-cache', 'MISS');
      if (isSmall(asked)) {
        const kept = cache.keep(place, asked.clone());
        context.waitUntil(kept.catch((error) => log('not_kept', error)));
      }
    }
    context.waitUntil(release(used));
    return stated(asked, used);
  } catch (error) {
    counts.lost += 1;
    if (plan?.use === 'change') await cache.forget(plan.stale).catch((failed) => log('not_forgotten', failed));
    if (used) context.waitUntil(used.uploads.dropAll());
    return lostAnswer(env, context, error);
  }
}

// Has an id by which the log and the list of failures tell of it, as every 5xx.
async function lostAnswer(env, context, error) {
  const id = crypto.randomUUID().replaceAll('-', '').slice(0, 16);
  const cause = `instance lost: ${error?.stack ?? error}`;
  console.log(JSON.stringify({ level: 'error', event: 'instance_lost', request_id: id, cause }));
  if (env.ERRORS) {
    const failure = new MessageWriter().number(3).text(id).text(cause).large(Date.now()).take();
    const told = askObject(env.ERRORS, 'errors', failure);
    context.waitUntil(told.catch((failed) => log('failure_not_kept', failed)));
  }
  const answered = lost ? await response(lost, null) : new Response(null, { status: 503 });
  answered.headers.set('x-request-id', id);
  return answered;
}

// For tests and measurements, where the deployment asks for it.
function stated(answered, used) {
  if (!used.env.EDGE_STATS) return answered;
  const stats = { memory: used.bytes, batches: used.batches, ...counts };
  answered.headers.set('kontor-edge-stats', JSON.stringify(stats));
  return answered;
}

export { Tally } from './tally.mjs';
// Every minute, by the platform's clock. The logs too are looked at, for what a request left undone.
async function scheduled(event, env, context) {
  if (env.ORIGIN) return;
  try {
    const used = await takeInstance(env);
    const judged = await used.keepUp().catch((error) => log('not_kept_up', error));
    if (judged?.[0] !== 0) await cache.forget(['all']);
    await sequence(env);
    context.waitUntil(release(used));
  } catch (error) {
    log('not_kept_up', error);
  }
}

export { Counters, Errors, Health, Names, Rates, Sequencer } from './objects.mjs';
export default { fetch: answer, scheduled };
