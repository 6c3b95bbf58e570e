// The entries of a served log, and waiting for them.
import assert from 'node:assert/strict';
import { sql } from './sql.mjs';

const bundlePath = (index, width) =>
  `tile/entries/${String(index).padStart(3, '0')}${width < 256 ? `.p/${width}` : ''}`;

export async function until(found) {
  for (;;) {
    const value = await found();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function logSize(server, { log = 'public', token } = {}) {
  const answer = await server.get(`/log/${log}/checkpoint`, { token });
  return answer.status === 200 ? Number(answer.text.split('\n')[1]) : 0;
}

// All published entries as text; of a log of less than 256,000.
export async function logEntries(server, { log = 'public', token } = {}) {
  const size = await logSize(server, { log, token });
  const entries = [];
  for (let first = 0; first < size; first += 256) {
    const path = bundlePath(first / 256, Math.min(256, size - first));
    const answer = await server.get(`/log/${log}/${path}`, { token });
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    for (let at = 0; at < answer.bytes.length; ) {
      const length = answer.bytes.readUInt16BE(at);
      entries.push(answer.bytes.subarray(at + 2, at + 2 + length).toString());
      at += 2 + length;
    }
  }
  return entries;
}

// The first published entry that fits.
export const entryThat = (server, fits, options) =>
  until(async () => (await logEntries(server, options)).find(fits));

// Waits until everything is published that was committed by now; yields the size.
export async function settled(server) {
  const [leaves] = await sql(server, 'SELECT count(*) FROM log_leaves WHERE id >> 48 = 1');
  await until(async () => (await logSize(server)) >= leaves);
  return leaves;
}
