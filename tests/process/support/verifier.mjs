// The verifier in tests/process/verifier, which stands on Go's own note and tlog packages.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { repositoryFile } from './kontor.mjs';

const run = promisify(execFile);
let folder;
let verifier;

export async function build() {
  folder = await mkdtemp(path.join(tmpdir(), 'kontor-verifier-'));
  verifier = path.join(folder, 'verifier');
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '', GOCACHE: folder };
  await run('go', ['build', '-o', verifier, '.'], { cwd: repositoryFile('tests/process/verifier'), env });
}

export const remove = () => rm(folder, { recursive: true, force: true });

export const accepts = async (...args) => (await run(verifier, args)).stdout;
export const rejects = (...args) => assert.rejects(run(verifier, args), (error) => error.code === 1);
