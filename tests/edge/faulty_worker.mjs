// The worker with bindings that fail as a request's header asks: the entry of the tests of faults.
import worker, { Counters, Sequencer } from '../../src/apps/edge/worker/worker.mjs';

export { Counters, Sequencer };

const faults = {
  'd1-down': () => Promise.reject(new Error('D1_ERROR: Network connection lost.')),
  'd1-broken': () => Promise.reject(new Error('D1_ERROR: disk I/O error: SQLITE_IOERR')),
  // An answer that the module has no room for: it runs out of memory and traps.
  'out-of-memory': () => Promise.resolve({ length: 2 ** 31, *[Symbol.iterator]() {} }),
};

const failing = (object, names, fail) =>
  new Proxy(object, {
    get(target, name) {
      if (names.includes(name)) return fail;
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

function faulty(env, fault) {
  if (faults[fault]) return { ...env, DB: failing(env.DB, ['batch'], faults[fault]) };
  const broken = () => Promise.reject(new Error('R2: internal error'));
  const names = { 'r2-put': ['put', 'createMultipartUpload'], 'r2-get': ['get'] }[fault];
  return names ? { ...env, REGISTRY_NPM: failing(env.REGISTRY_NPM, names, broken) } : env;
}

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === '/-/objects') {
      const { objects } = await env.REGISTRY_NPM.list();
      return Response.json(objects.map(({ key }) => key));
    }
    return worker.fetch(request, faulty(env, request.headers.get('x-fault')), context);
  },
};
