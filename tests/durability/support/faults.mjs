// Starts a server over the preload library of this folder, and arms it.
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { atEnd, binary, Child, environment } from '../../process/support/kontor.mjs';
import { start } from '../../process/support/server.mjs';

export const library =
  process.env.KONTOR_FAULTS_LIBRARY ?? path.join(path.dirname(binary), 'tests/durability/libdurability_faults.so');
const controlSize = 96;
const errors = { EIO: 5, EMFILE: 24, ENOSPC: 28, EROFS: 30 };

export const available = existsSync(library);

// The struct control of faults.c.
export class Faults {
  static async create(file) {
    const handle = await open(file, 'w+');
    await handle.write(Buffer.alloc(controlSize), 0, controlSize, 0);
    return new Faults(file, handle);
  }

  constructor(file, handle) {
    Object.assign(this, { file, handle });
  }

  async arm(mode, error, at = 0, { spareUnlink = false } = {}) {
    await this.disarm();
    await this.#put(48, 4, spareUnlink ? 1 : 0);
    await this.#put(4, 4, errors[error]);
    await this.#put(8, 8, at);
    await this.#put(16, 8, 0);
    await this.#put(24, 8, 0);
    await this.#put(0, 4, mode);
  }

  // The call numbered `at` from now on fails; it and all after it.
  failOne(error, at) {
    return this.arm(1, error, at);
  }

  failAll(error, options) {
    return this.arm(2, error, 0, options);
  }

  // The process is killed in place of the call numbered `at` from now on.
  killAt(at) {
    return this.arm(3, 'EIO', at);
  }

  async disarm() {
    await this.#put(0, 4, 0);
  }

  async setClockBack(seconds) {
    await this.#put(32, 8, -seconds);
  }

  async state() {
    const bytes = Buffer.alloc(controlSize);
    await this.handle.read(bytes, 0, controlSize, 0);
    return {
      calls: Number(bytes.readBigUInt64LE(16)),
      failed: Number(bytes.readBigUInt64LE(24)),
      traced: Number(bytes.readBigUInt64LE(40)),
      last: bytes.toString('latin1', 56, bytes.indexOf(0, 56)),
    };
  }

  async #put(at, size, value) {
    const bytes = Buffer.alloc(size);
    if (size === 4) bytes.writeUInt32LE(value);
    else bytes.writeBigInt64LE(BigInt(value));
    await this.handle.write(bytes, 0, size, at);
  }
}

// A server whose disk can be made to fail, in its whole data directory or in the folder `below` it:
// { server, faults }. `options` as for start().
export async function startWithFaults(t, home, { trace, below = '', ...options } = {}) {
  const faults = await Faults.create(path.join(home, 'control'));
  t.after(() => faults.handle.close());
  const dataDir = path.join(home, 'data');
  const env = {
    LD_PRELOAD: library,
    KONTOR_FAULTS: faults.file,
    KONTOR_FAULTS_ROOT: trace ? home : path.join(dataDir, below),
    ...(trace ? { KONTOR_FAULTS_TRACE: trace } : {}),
  };
  // The library sees one process: the keys must be in it.
  const settings = { 'signing.process': 'inside', ...options.settings };
  const all = { ...options, settings, cwd: home, dataDir, env: { ...env, ...options.env } };
  return { faults, server: await start(t, all) };
}

// A signer for other processes, whose disk can be made to fail: { signer, faults }.
export async function startSignerWithFaults(t, home, { keys, socket, origin }) {
  const faults = await Faults.create(path.join(home, 'signer-control'));
  const env = environment({ LD_PRELOAD: library, KONTOR_FAULTS: faults.file, KONTOR_FAULTS_ROOT: keys });
  const args = ['signer', '--keys', keys, '--socket', socket, '--origin', origin];
  const signer = new Child(binary, args, { cwd: home, env });
  atEnd(t, async () => {
    if (!signer.over) await signer.kill('SIGKILL');
    await faults.handle.close();
  });
  await signer.printed(/^Signs for servers at /m);
  return { signer, faults };
}
