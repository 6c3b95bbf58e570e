// What is stored, looked at from outside: by kontor fsck and by an installing client.
import assert from 'node:assert/strict';
import { binary, Child } from '../../process/support/kontor.mjs';
import { fileName } from '../../process/support/packages.mjs';

// The findings of kontor fsck: its status, its faults and its summary.
export async function fsck(dataDir, ...args) {
  const { code, stdout, stderr } = await new Child(binary, ['fsck', '--json', '--data-dir', dataDir, ...args]).ended;
  const lines = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return {
    code,
    stderr,
    faults: lines.filter((line) => line.fault),
    summary: lines.find((line) => line.summary)?.summary,
  };
}

// Nothing is damaged or stale. Orphans and unfinished uploads may be there.
export async function assertSound(dataDir) {
  const found = await fsck(dataDir);
  const wrong = found.faults.filter((fault) => fault.fault !== 'leftover');
  assert.deepEqual(wrong, []);
  assert.equal(found.code, 0, found.stderr);
  return found.summary;
}

// An attempt is { manifest, tarball, acknowledged }. Acknowledged, it is there with the right bytes;
// otherwise it is there whole or not at all. Yields whether it is there.
export async function assertWhole(server, { manifest, tarball, acknowledged }) {
  const { name, version } = manifest;
  const row = await server.get(`/${name}/${version}`);
  const listed = row.status === 200 && row.json.version === version;
  const file = await server.get(`/${name}/-/${fileName(manifest)}`);
  if (acknowledged) assert.ok(listed, `${name}@${version} was acknowledged and is gone`);
  assert.equal(file.status, listed ? 200 : 404, `${name}@${version} is half there`);
  if (listed) assert.ok(file.bytes.equals(tarball), `${name}@${version} has other bytes`);
  return listed;
}
