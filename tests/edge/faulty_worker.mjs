// The worker with bindings that fail as a request's header asks, that tell what is in the buckets and
// how often packages were downloaded, and that can be told that a minute has passed: the entry of the
// tests of faults.
import worker from '../../src/apps/edge/worker/worker.mjs';

export * from '../../src/apps/edge/worker/worker.mjs';

const faults = {
  'd1-down': () => Promise.reject(new Error('D1_ERROR: Network connection lost.')),
  'd1-broken': () => Promise.reject(new Error('D1_ERROR: disk I/O error: SQLITE_IOERR')),
  // An answer that the module has no room for: it runs out of memory and traps.
  'out-of-memory': () => Promise.resolve({ length: 2 ** 31, *[Symbol.iterator]() {} }),
};

const changed = (object, instead) =>
  new Proxy(object, {
    get(target, name) {
      if (instead[name]) return instead[name];
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

const failing = (object, names, fail) => changed(object, Object.fromEntries(names.map((name) => [name, fail])));

const uploads = new Set(); // begun in parts, and neither completed nor aborted
let begun = 0;

// The bucket, with a note of each upload in parts.
const watched = (bucket) =>
  changed(bucket, {
    async createMultipartUpload(key) {
      const upload = await bucket.createMultipartUpload(key);
      uploads.add(key);
      begun += 1;
      const ended = (name) => async (...args) => {
        const result = await upload[name](...args);
        uploads.delete(key);
        return result;
      };
      return changed(upload, { complete: ended('complete'), abort: ended('abort') });
    },
  });

function faulty(env, fault) {
  if (faults[fault]) return { ...env, DB: failing(env.DB, ['batch'], faults[fault]) };
  const broken = () => Promise.reject(new Error('R2: internal error'));
  const names = { 'r2-put': ['put', 'createMultipartUpload'], 'r2-get': ['get'] }[fault];
  if (names) return { ...env, REGISTRY_NPM: failing(env.REGISTRY_NPM, names, broken) };
  if (fault === 'names') return { ...env, NAMES: failing(env.NAMES, ['get'], () => ({ fetch: broken })) };
  if (fault === 'kv-down') return { ...env, REGISTRY_CACHE: failing(env.REGISTRY_CACHE, ['get', 'put'], broken) };
  if (fault === 'no-bucket') return { ...env, REGISTRY_CDN: undefined };
  return { ...env, REGISTRY_NPM: watched(env.REGISTRY_NPM) };
}

// What the bucket holds under a key.
async function shown(object) {
  if (!object) return new Response(null, { status: 404 });
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await object.arrayBuffer()));
  const { size, httpMetadata, customMetadata: metadata } = object;
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return Response.json({ size, sha256, contentType: httpMetadata.contentType, metadata });
}

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === '/-/objects') {
      const { objects } = await env.REGISTRY_NPM.list();
      return Response.json({ keys: objects.map(({ key }) => key), uploads: [...uploads], begun });
    }
    if (pathname === '/-/plant') {
      await env.REGISTRY_NPM.put(new URL(request.url).searchParams.get('key'), 'left');
      return new Response(null, { status: 204 });
    }
    if (pathname === '/-/hours-later') {
      const { now } = Date;
      const hour = 3_600_000;
      Date.now = () => Math.ceil(now() / hour + 2) * hour;
      await worker.scheduled({}, env, context);
      Date.now = now;
      return new Response(null, { status: 204 });
    }
    if (pathname === '/-/minute') {
      await worker.scheduled({}, faulty(env, request.headers.get('x-fault')), context);
      return new Response(null, { status: 204 });
    }
    const [, key] = /^\/-\/object\/(.*)$/.exec(pathname) ?? [];
    if (key) return shown(await env.REGISTRY_NPM.get(decodeURIComponent(key)));
    if (pathname === '/-/downloads') {
      const { results } = await env.DB.prepare('SELECT name, downloads FROM packages').all();
      return Response.json(Object.fromEntries(results.map(({ name, downloads }) => [name, downloads])));
    }
    return worker.fetch(request, faulty(env, request.headers.get('x-fault')), context);
  },
};
