// The Durable Objects: what must be one in the world. Each has an instance of the module of its own.
import { DurableObject } from 'cloudflare:workers';
import { Instance } from './instance.mjs';
import { MessageWriter } from './wire.mjs';

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

// Counts the failed attempts of one key.
export class Counters extends DurableObject {
  async fetch(request) {
    if (!this.instance || this.instance.dead) this.instance = new Instance(this.env);
    return new Response(this.instance.failures(new Uint8Array(await request.arrayBuffer())));
  }
}
