// Records in Workers KV, each kept for a day.
import { MessageWriter } from './wire.mjs';

const secondsKept = 24 * 60 * 60;

export async function read(namespace, key) {
  const value = await namespace.get(key, { type: 'arrayBuffer' });
  if (value === null) return new MessageWriter().number(0).take();
  return new MessageWriter().number(1).bytes(new Uint8Array(value)).take();
}

// The bytes are copied: they are of a message that goes.
export function write(namespace, key, bytes) {
  return namespace.put(key, bytes.slice(), { expirationTtl: secondsKept });
}
