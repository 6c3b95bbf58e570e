// Hashes of the files below a folder, to compare what was published with what was installed.
import { createHash } from 'node:crypto';
import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

export async function hashTree(dir, skip = ['node_modules']) {
  const root = await realpath(dir);
  const hashes = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const name = path.relative(root, file);
    if (name.split(path.sep).some((part) => skip.includes(part))) continue;
    hashes[name] = createHash('sha256').update(await readFile(file)).digest('hex');
  }
  return hashes;
}
