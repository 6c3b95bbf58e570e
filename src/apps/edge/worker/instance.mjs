// One instance of the module and what it is connected to. It answers one request at a time; after a
// trap it is never entered again.
import module from './kontor.wasm';
import * as blobs from './blobs.mjs';
import { batch } from './d1.mjs';
import { send } from './fetch.mjs';
import * as keys from './keys.mjs';
import * as records from './records.mjs';
import * as tally from './tally.mjs';
import { MessageReader, MessageWriter } from './wire.mjs';

const abi = 11;
const decoder = new TextDecoder();

// By number of ../buckets.h.
const buckets = ['REGISTRY_NPM', 'REGISTRY_PRIVATE', 'REGISTRY_CDN'];

// By number of ../host.h: what is done for the module. Each yields the bytes of the answer.
const calls = {
  1: (instance, message) => {
    instance.batches += 1;
    return batch(instance.env.DB, message);
  },
  2: (instance) => instance.body.next(),
  3: (instance, message) => instance.uploads.start(message.text()),
  4: (instance, message) => instance.uploads.of(message.number()).append(message.bytes()),
  5: (instance, message) => instance.uploads.of(message.number()).seal(),
  6: (instance, message) => instance.uploads.of(message.number()).commit(message.text()),
  7: (instance, message) => instance.uploads.drop(message.number()),
  8: (instance, message) => blobs.head(instance.env.REGISTRY_NPM, message.text()),
  9: (instance, message) =>
    blobs.read(instance.bucket(message), message.text(), message.large(), message.large()),
  10: (instance, message) =>
    blobs.create(instance.bucket(message), message.text(), message.bytes()),
  11: (instance, message) =>
    blobs.replace(instance.bucket(message), message.text(), message.bytes()),
  12: (instance, message) => blobs.drop(instance.bucket(message), message.text()),
  13: (instance, message) => instance.notes.read(message.text()),
  14: (instance, message) => instance.notes.write(message.text(), message.bytes()),
  15: (instance, message) => askObject(instance.env.COUNTERS, message.text(), message.all),
  16: (instance, message) => keys.publicHalf(message.bytes()),
  17: (instance, message) => keys.sign(message.bytes(), message.bytes()),
  18: (instance, message) =>
    blobs.move(instance.env.REGISTRY_NPM, message.text(), message.text()),
  19: (instance, message) => blobs.erase(instance.env.REGISTRY_NPM, message.text()),
  20: (instance, message) => send(message),
  21: (instance, message) =>
    blobs.exchange(instance.env.REGISTRY_NPM, message.text(), message.bytes(), message.bytes()),
  22: (instance, message) => sequenced(instance.env.SEQUENCER, message.number()),
  23: (instance, message) => records.read(instance.env.REGISTRY_CACHE, message.text()),
  24: (instance, message) =>
    instance.behind.push(records.write(instance.env.REGISTRY_CACHE, message.text(), message.bytes())),
  25: (instance) => tally.totals(instance.env),
  26: (instance, message) =>
    blobs.list(instance.env.REGISTRY_NPM, message.text(), message.text(), message.number()),
  27: (instance) => probe(instance.env),
  28: (instance, message) => askObject(instance.env.RATES, message.text(), message.all),
  29: (instance, message) => askObject(instance.env.ERRORS, 'errors', message.all),
  30: (instance, message) => askObject(instance.env.HEALTH, 'health', message.all),
  31: (instance, message) => askObject(instance.env.NAMES, 'names', message.all, 'name'),
  32: (instance, message) => askObject(instance.env.NAMES, 'names', message.all, 'unname'),
};

// What the Durable Object of that name answers.
export async function askObject(namespace, name, body, about = '') {
  const object = namespace.get(namespace.idFromName(name));
  const answer = await object.fetch(`https://object/${about}`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`the object answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

// Whether the sequencer has done a round that begins after this, within so many milliseconds.
async function sequenced(namespace, most) {
  const done = namespace.get(namespace.idFromName('logs')).fetch('https://sequencer/', { method: 'POST' });
  const late = new Promise((resolve) => setTimeout(resolve, most, null));
  const answer = await Promise.race([done, late]);
  return new MessageWriter().number(answer?.ok ? 1 : 0).take();
}

// Fails with the name of the first binding that is not there or does not answer. The database is
// asked by the module itself.
async function probe(env) {
  const object = (namespace) => namespace.idFromName('probe');
  const asked = {
    ...Object.fromEntries(buckets.map((name) => [name, (bucket) => bucket.head('probe')])),
    REGISTRY_CACHE: (records) => records.get('probe'),
    SEQUENCER: object,
    COUNTERS: object,
    RATES: object,
    ERRORS: object,
    HEALTH: object,
    NAMES: object,
    TALLY: object,
  };
  for (const [name, ask] of Object.entries(asked))
    try {
      await ask(env[name]);
    } catch (error) {
      throw new Error(`the binding ${name}: ${error?.message ?? error}`);
    }
}

// What Debian's C library imports and the module never needs.
const system = {
  clock_time_get: () => 52,
  environ_get: () => 0,
  environ_sizes_get: () => 52,
  fd_close: () => 8,
  fd_fdstat_get: () => 8,
  fd_prestat_get: () => 8,
  fd_prestat_dir_name: () => 8,
  fd_read: () => 8,
  fd_seek: () => 8,
  fd_write: () => 8,
  proc_exit() {
    throw new WebAssembly.RuntimeError('the module ended');
  },
  sched_yield: () => 0,
};

export class Instance {
  // `notes`: where a Durable Object keeps what the module wants to find again.
  constructor(env, notes = null) {
    Object.assign(this, { env, notes, dead: false, batches: 0, latest: 0, jobs: new Map(), body: null, behind: [] });
    this.uploads = new blobs.Uploads(env.REGISTRY_NPM);
    const host = {
      call: (number, what, at, size) => this.called(number, what, this.copy(at, size)),
      ended: (number, well, at, size) => this.ended(number, well, this.copy(at, size)),
      told: (at, size) => (this.told = this.copy(at, size)),
      now: () => Date.now(),
      random: (at, size) => crypto.getRandomValues(new Uint8Array(this.memory.buffer, at, size)),
      log: (at, size) => console.log(decoder.decode(this.copy(at, size))),
    };
    const { exports } = new WebAssembly.Instance(module, {
      kontor: host,
      wasi_snapshot_preview1: system,
    });
    Object.assign(this, { exports, memory: exports.memory });
    exports._initialize();
    if (exports.kontor_abi() !== abi) throw new Error('the module is of another version');
    this.handle = this.withMessage(variables(env), (at, size) => exports.kontor_open(at, size));
    if (!this.handle) throw new Error('the configuration cannot be used');
  }

  // The bindings of the request that comes next.
  attach(env) {
    this.env = env;
    this.uploads.bucket = env.REGISTRY_NPM;
  }

  bucket(message) {
    return this.env[buckets[message.number()]];
  }

  // When all is done that the module did not wait for.
  async settled() {
    await Promise.allSettled(this.behind.splice(0));
    await this.uploads.settled();
  }

  get bytes() {
    return this.memory.buffer.byteLength;
  }

  // What the cache may do with the request; ../cache_plan.h says what the fields mean.
  plan(message) {
    this.withMessage(message, (at, size) => this.exports.kontor_plan(this.handle, at, size));
    const told = new MessageReader(this.told);
    const tags = () => Array.from({ length: told.number() }, () => told.text());
    return {
      use: ['none', 'read', 'change'][told.number()],
      key: told.text(),
      counted: told.number() === 1,
      rated: told.number() === 1,
      tags: tags(),
      stale: tags(),
    };
  }
  // The answer to requests whose instance is lost.
  lost() {
    this.exports.kontor_lost(this.handle);
    return this.told;
  }

  start() {
    return this.run((number) => this.exports.kontor_start(this.handle, number));
  }
  publish() {
    return this.run((number) => this.exports.kontor_publish(this.handle, number));
  }
  // What an object of ../memories.h makes of a question to it.
  remembered(message) {
    this.withMessage(message, (at, size) => this.exports.kontor_remembered(this.handle, at, size));
    return this.told;
  }
  // What is to be done every minute.
  keepUp() {
    return this.run((number) => this.exports.kontor_keep_up(this.handle, number));
  }
  async settle() {
    await this.run((number) => this.exports.kontor_settle(this.handle, number));
    await Promise.allSettled(this.behind.splice(0));
  }
  // What belongs to an answer of the cache.
  count(message) {
    return this.run((number) =>
      this.withMessage(message, (at, size) =>
        this.exports.kontor_count(this.handle, number, at, size),
      ),
    );
  }
  answer(message, body) {
    this.body = body;
    return this.run((number) =>
      this.withMessage(message, (at, size) =>
        this.exports.kontor_request(this.handle, number, at, size),
      ),
    );
  }
  // What the cache has answered, once more for its counters; it takes nothing of an allowance.
  replay(message, body) {
    this.body = body;
    return this.run((number) =>
      this.withMessage(message, (at, size) =>
        this.exports.kontor_replay(this.handle, number, at, size),
      ),
    );
  }

  // Begins a job, and yields the message it ends with.
  run(begin) {
    this.latest += 1;
    const number = this.latest;
    return new Promise((resolve, reject) => {
      this.enter(() => {
        const job = begin(number);
        this.jobs.set(number, { job, resolve, reject });
        this.exports.kontor_run(job);
      }, reject);
    });
  }

  ended(number, well, message) {
    const { job, resolve, reject } = this.jobs.get(number);
    this.jobs.delete(number);
    // The job may not be freed from inside its own end.
    queueMicrotask(() => this.enter(() => this.exports.kontor_end(job)));
    if (well) resolve(message);
    else reject(new Error(decoder.decode(message)));
  }

  called(number, what, message) {
    const done = Promise.resolve()
      .then(() => calls[what](this, new MessageReader(message)))
      .then(
        (answer) => this.answered(number, 1, answer ?? new Uint8Array()),
        (error) => this.answered(number, 0, new TextEncoder().encode(String(error?.message ?? error))),
      );
    if (number === 0) this.behind.push(done); // the module does not wait for it
  }

  answered(number, well, answer) {
    if (number === 0 || this.dead) return;
    this.enter(() =>
      this.withMessage(answer, (at, size) =>
        this.exports.kontor_answer(this.handle, number, well, at, size),
      ),
    );
  }

  // Whatever the module throws is a trap: its memory cannot be trusted any more.
  enter(act, refuse) {
    if (this.dead) return refuse?.(new Error('the module has trapped'));
    try {
      act();
    } catch (error) {
      this.dead = true;
      const waiting = [...this.jobs.values()];
      this.jobs.clear();
      for (const { reject } of waiting) reject(error);
      refuse?.(error);
    }
  }

  copy(at, size) {
    return new Uint8Array(this.memory.buffer, at, size).slice();
  }

  // Hands a message over; the module frees it.
  withMessage(message, use) {
    const at = this.exports.kontor_alloc(message.byteLength);
    new Uint8Array(this.memory.buffer, at, message.byteLength).set(message);
    return use(at, message.byteLength);
  }
}

// All variables and secrets of the deployment that are texts.
function variables(env) {
  const texts = Object.entries(env).filter(([, value]) => typeof value === 'string');
  const message = new MessageWriter().number(texts.length);
  for (const [name, value] of texts) message.text(name).text(value);
  return message.take();
}
