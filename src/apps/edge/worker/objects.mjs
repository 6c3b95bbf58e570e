// The Durable Objects: what must be one in the world. Each has an instance of the module of its own.
import { DurableObject } from 'cloudflare:workers';
import * as blobs from './blobs.mjs';
import { Instance } from './instance.mjs';
import { MessageReader, MessageWriter } from './wire.mjs';

// The one that puts committed leaves into tiles and signs checkpoints. It is told of changes, and
// looks again by itself where it failed.
export class Sequencer extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.instance = null;
    this.again = false;
    this.working = null;
    this.notes = {
      read: async (name) => {
        const bytes = await state.storage.get(name);
        const answer = new MessageWriter().number(bytes ? 1 : 0);
        return (bytes ? answer.bytes(bytes) : answer).take();
      },
      write: async (name, bytes) => {
        await state.storage.put(name, bytes.slice());
        await state.storage.sync();
      },
    };
  }

  // What comes while it works is done in one more round.
  async fetch() {
    this.again = true;
    this.working ??= this.work().finally(() => (this.working = null));
    await this.working;
    return new Response(null, { status: 204 });
  }

  async alarm() {
    await this.fetch();
  }

  async work() {
    while (this.again) {
      this.again = false;
      try {
        if (!this.instance || this.instance.dead)
          this.instance = new Instance(this.env, this.notes);
        await this.instance.publish();
      } catch (error) {
        this.instance = null; // what it knew of the logs may be wrong
        const cause = String(error?.stack ?? error);
        console.log(JSON.stringify({ level: 'error', event: 'log_not_published', cause }));
        await this.ctx.storage.setAlarm(Date.now() + 5000);
      }
    }
  }
}

// The module that reads and makes what the objects below remember; one an isolate.
let reader = null;

const forever = 2 ** 32 - 1;

// Remembers one value. What a question makes of it the module says, and for how many milliseconds it is
// kept where it has changed: the platform lets an object go that nobody asks for some seconds.
class Memory extends DurableObject {
  value = null;

  async alarm() {
    await this.ctx.storage.deleteAll();
    this.value = null;
  }

  async answer(what, request) {
    const question = new Uint8Array(await request.arrayBuffer());
    this.value ??= (await this.ctx.storage.get('value')) ?? new Uint8Array();
    if (!reader || reader.dead) reader = new Instance(this.env);
    const message = new MessageWriter().number(what).bytes(this.value).bytes(question).take();
    try {
      const told = new MessageReader(reader.remembered(message));
      const kept = told.number();
      this.value = told.bytes().slice();
      const answer = told.bytes().slice();
      if (kept) await this.ctx.storage.put('value', this.value);
      if (kept && kept !== forever) await this.ctx.storage.setAlarm(Date.now() + kept);
      return new Response(answer);
    } catch (error) {
      reader = null; // a trap: its memory cannot be trusted any more
      throw error;
    }
  }
}

// Counts the failed attempts of one key.
export class Counters extends Memory {
  fetch(request) {
    return this.answer(4, request);
  }
}

// Gives blobs names of their own, one after the other: two at once could lose the bytes.
export class Names extends DurableObject {
  latest = Promise.resolve();

  async fetch(request) {
    const message = new MessageReader(new Uint8Array(await request.arrayBuffer()));
    const act = request.url.endsWith('/unname')
      ? () => blobs.unname(this.env.REGISTRY_NPM, message.text())
      : () => blobs.name(this.env.REGISTRY_NPM, message);
    const done = this.latest.then(act);
    this.latest = done.catch(() => {});
    return new Response(await done);
  }
}

// Counts the requests of one key.
export class Rates extends Memory {
  fetch(request) {
    return this.answer(1, request);
  }
}

// Remembers what checks of the registry's own endpoints found.
export class Health extends Memory {
  fetch(request) {
    return this.answer(3, request);
  }
}

// Remembers the registry's own failures.
export class Errors extends Memory {
  fetch(request) {
    return this.answer(2, request);
  }
}
