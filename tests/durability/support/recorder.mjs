// A client of the log that records every checkpoint it ever sees, and what gives it something to see.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { logSize, until } from '../../process/support/log_entries.mjs';
import { publish } from '../../process/support/packages.mjs';
import { sql } from '../../process/support/sql.mjs';
import { accepts } from '../../process/support/verifier.mjs';

// Reads the checkpoint again and again, and keeps each that is new.
export class Recorder {
  constructor(place) {
    this.place = place;
    this.seen = new Map(); // text -> file
  }

  async look(server) {
    const answer = await server.get('/log/public/checkpoint').catch(() => null);
    if (answer?.status !== 200 || this.seen.has(answer.text)) return;
    const file = path.join(this.place, `${this.seen.size}`);
    this.seen.set(answer.text, file);
    await writeFile(file, answer.bytes);
  }

  // All that was seen is in what is served now, or the last few of it.
  async check(server, key, most = Infinity) {
    const files = [...this.seen.values()];
    for (const file of files.slice(-Math.min(most, files.length)))
      await accepts('extends', `${server.url}/log/public`, key, file);
  }
}

// Three versions; what becomes of them is not looked at.
export async function publishSome(server, token, round) {
  for (let i = 0; i < 3; ++i)
    await publish(server, token, { name: `pkg-${round % 7}`, version: `${round}.0.${i}` }).catch(() => null);
}

// Waits until everything that was committed is published, and records what comes by.
export async function settled(server, recorder) {
  const [leaves] = await sql(server, 'SELECT count(*) FROM log_leaves WHERE id >> 48 = 1');
  await until(async () => {
    await recorder.look(server);
    return (await logSize(server)) >= leaves;
  });
}
