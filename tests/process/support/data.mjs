// What lies in a server's data directory.
import { readdir } from 'node:fs/promises';
import path from 'node:path';

const inBlobs = (name) => (server) => readdir(path.join(server.dataDir, 'blobs', name));

export const staged = inBlobs('staging');
export const committed = inBlobs('sha256');

const patience = 60_000; // what has not happened in so long will not

// Looks again and again until the condition holds; for what the server does a moment after it spoke.
export async function eventually(condition) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`never came to be: ${condition}`);
  }
}
