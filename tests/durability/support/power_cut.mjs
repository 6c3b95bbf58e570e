// What a power cut would have left on the disk, worked out from the trace of faults.c.
//
// The model grants a program only what fsync promises: the bytes of a file are there as of its last
// sync; a name is there, or gone, as of the last sync of its folder. Whatever was changed since may
// have reached the disk or not: of the writes to a file any may be kept, lost or torn at a sector,
// of the changes of a folder's names the first few. Files that are memory shared between processes
// (-shm) leave nothing.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const sector = 512;

// The records of a trace up to a length in bytes.
export function* records(trace, length = trace.length) {
  for (let at = 0; at < length; ) {
    const end = trace.indexOf(10, at);
    const [call, inode, offset, size, file, other] = trace.toString('utf8', at, end).split('\t');
    const data = trace.subarray(end + 1, end + 1 + Number(size));
    at = end + 1 + data.length;
    if (at > length) return;
    yield { call, inode, offset: Number(offset), data, file, other };
  }
}

class File {
  kept = Buffer.alloc(0); // as of the last sync
  pending = []; // since then: { offset, data } or { size }

  change(change) {
    this.pending.push(change);
  }

  sync() {
    for (const change of this.pending) this.kept = apply(this.kept, change);
    this.pending = [];
  }

  // One of the states that a cut may leave.
  left(random) {
    let bytes = this.kept;
    for (const change of this.pending) {
      const luck = random();
      if (luck < 0.4) continue;
      bytes = apply(bytes, luck < 0.6 ? torn(change, random) : change);
    }
    return bytes;
  }
}

function torn(change, random) {
  if (!change.data) return change;
  const sectors = Math.ceil(change.data.length / sector);
  return { ...change, data: change.data.subarray(0, Math.floor(random() * sectors) * sector) };
}

function apply(bytes, { offset, data, size }) {
  const length = data ? Math.max(bytes.length, offset + data.length) : size;
  const out = Buffer.alloc(length);
  bytes.copy(out, 0, 0, Math.min(bytes.length, length));
  if (data) data.copy(out, offset);
  return out;
}

// A folder's names, each with the File or Folder it stands for.
class Folder {
  now = new Map();
  kept = new Map();
  pending = [];

  set(name, node) {
    this.now.set(name, node);
    this.pending.push([name, node]);
  }

  remove(name) {
    this.now.delete(name);
    this.pending.push([name, null]);
  }

  sync() {
    this.kept = new Map(this.now);
    this.pending = [];
  }

  left(random) {
    const names = new Map(this.kept);
    for (const [name, node] of this.pending.slice(0, Math.floor(random() * (this.pending.length + 1)))) {
      if (node) names.set(name, node);
      else names.delete(name);
    }
    return names;
  }
}

export class Disk {
  root = new Folder();
  files = new Map(); // by inode

  #find(file) {
    let node = this.root;
    for (const part of file.split('/').filter(Boolean)) node = node?.now.get(part);
    return node;
  }

  #folderOf(file) {
    return [this.#find(path.dirname(file)), path.basename(file)];
  }

  run({ call, inode, offset, data, file, other }) {
    if (file.endsWith('-shm')) return;
    const [folder, name] = this.#folderOf(file);
    if (call === 'mkdir') folder.set(name, new Folder());
    else if (call === 'create') {
      this.files.set(inode, new File());
      folder.set(name, this.files.get(inode));
    } else if (call === 'write') this.#file(inode, file).change({ offset, data: Buffer.from(data) });
    else if (call === 'truncate') this.#file(inode, file).change({ size: offset });
    else if (call === 'sync') (this.#find(file) instanceof Folder ? this.#find(file) : this.#file(inode, file)).sync();
    else if (call === 'unlink') folder.remove(name);
    else if (call === 'rename' || call === 'link') {
      const [target, newName] = this.#folderOf(other);
      target.set(newName, folder.now.get(name));
      if (call === 'rename') folder.remove(name);
    } else throw new Error(`an unknown call in the trace: ${call}`);
  }

  // A file that was made otherwise than by open() is known by its name only.
  #file(inode, file) {
    const node = this.files.get(inode) ?? this.#find(file);
    if (!(node instanceof File)) throw new Error(`the trace does not say where ${file} comes from`);
    return node;
  }

  // Writes one of the states that a cut may leave, below `target`.
  async leave(target, random, folder = this.root) {
    await mkdir(target, { recursive: true, mode: 0o700 });
    for (const [name, node] of folder.left(random)) {
      const place = path.join(target, name);
      if (node instanceof Folder) await this.leave(place, random, node);
      else await writeFile(place, node.left(random), { mode: 0o600 });
    }
  }
}

// The disk after the first `length` bytes of a trace.
export async function diskAfter(file, length) {
  const disk = new Disk();
  for (const record of records(await readFile(file), length)) disk.run(record);
  return disk;
}

// Numbers in [0, 1) that repeat with their seed (mulberry32).
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
