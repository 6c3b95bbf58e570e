// The worker: takes a request, has an instance of the module answer it, sends the answer.
import { Body, requestMessage, response } from './exchange.mjs';
import { Instance } from './instance.mjs';

// Instances that wait for the next request. One that has grown large is let go.
const idle = [];
const mostIdle = 4;
const largest = 16 * 1024 * 1024;

let started = false; // by any request of this isolate

async function instance(env) {
  const free = idle.pop() ?? new Instance(env);
  if (!started) {
    await free.start();
    started = true;
  }
  return free;
}

async function release(used) {
  try {
    await used.settle();
  } catch (error) {
    console.log(JSON.stringify({ level: 'error', event: 'counts_not_written', cause: error.message }));
  }
  if (!used.dead && used.bytes <= largest && idle.length < mostIdle) idle.push(used);
}

// What is said when the module cannot speak for itself.
function unavailable(error) {
  console.log(JSON.stringify({ level: 'error', event: 'instance_lost', cause: String(error) }));
  const text = 'The registry could not answer this time; try again.';
  return Response.json(
    { error: text, message: text },
    { status: 503, headers: { 'cache-control': 'no-store', 'kontor-error-code': 'unavailable' } },
  );
}

async function answer(request, env, context) {
  let used;
  try {
    used = await instance(env);
    const message = await used.answer(requestMessage(request), new Body(request.body));
    const answered = await response(message, env.REGISTRY_NPM);
    context.waitUntil(release(used));
    return answered;
  } catch (error) {
    if (used) context.waitUntil(used.uploads.dropAll());
    return unavailable(error);
  }
}

export default { fetch: answer };
