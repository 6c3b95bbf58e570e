// What lies in a server's data directory.
import { readdir, stat } from 'node:fs/promises';
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

// Names and permissions of a folder's files; one that is about to take the place of another may have
// done so between the listing and the look at it.
export async function permissionsIn(folder) {
  const looks = (await readdir(folder)).map(async (name) => {
    const file = await stat(path.join(folder, name)).catch((error) => {
      if (error.code !== 'ENOENT' || !name.endsWith('.new')) throw error;
    });
    return file ? [[name, file.mode & 0o777]] : [];
  });
  return (await Promise.all(looks)).flat();
}
