// `kontor deploy`: what it renders passes wrangler's own checks, and a deployment can be asked whether
// it works.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEdge } from './support.mjs';
import { binary } from '../clients/support/server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const wrangler = path.join(root, 'tools/edge/node_modules/.bin/wrangler');

describe('kontor deploy', { concurrency: 1, timeout: 170_000 }, () => {
  let folder, worker;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kontor-deploy-'));
    worker = path.join(folder, 'worker');
    await mkdir(worker);
    const scripts = path.join(root, 'src/apps/edge/worker');
    for (const name of await readdir(scripts))
      if (name.endsWith('.mjs')) await cp(path.join(scripts, name), path.join(worker, name));
    await cp(path.join(root, 'build/wasm/kontor.wasm'), path.join(worker, 'kontor.wasm'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  // Nothing of the machine's own wrangler is read or written, and nothing is sent anywhere.
  const kontor = (...args) =>
    new Promise((resolve) => {
      const env = { PATH: process.env.PATH, HOME: folder, WRANGLER_SEND_METRICS: 'false', CI: '1' };
      execFile(binary, args, { cwd: folder, env, timeout: 120_000 }, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, out: stdout + stderr }),
      );
    });

  for (const [what, output, options, bindings] of [
    [
      'production',
      'kontor-deployment',
      [],
      ['DB', 'REGISTRY_NPM', 'REGISTRY_PRIVATE', 'REGISTRY_CDN', 'REGISTRY_CACHE', 'SEQUENCER', 'COUNTERS', 'RATES', 'ERRORS', 'HEALTH', 'NAMES', 'TALLY'],
    ],
    ['staging', 'kontor-staging-deployment', ['--env', 'staging'], ['DB', 'REGISTRY_NPM', 'REGISTRY_CACHE']],
    ['a front of a native server', 'kontor-deployment', ['--origin', 'https://origin.example.com'], ['ORIGIN']],
  ])
    test(`${what}: the rendered folder passes wrangler deploy --dry-run`, async () => {
      const asked = ['deploy', 'cdn', '--worker', worker, '--wrangler', wrangler, '--dry-run', ...options];
      const { code, out } = await kontor(...asked);
      assert.equal(code, 0, out);
      assert.match(out, /--dry-run: exiting now/);
      for (const name of bindings) assert.match(out, new RegExp(`env\\.${name}\\b`));
      const config = JSON.parse(await readFile(path.join(folder, output, 'wrangler.json'), 'utf8'));
      assert.ok(out.includes(`"name": "${config.name}"`));
      const [, packed] = /gzip: ([0-9.]+) KiB/.exec(out);
      assert.ok(Number(packed) <= 1024, `${packed} KiB`);
    });

  test('without wrangler it says how to get it', async () => {
    const { code, out } = await kontor('deploy', 'cdn', '--worker', worker, '--wrangler', '/none', '--dry-run');
    assert.equal(code, 1);
    assert.match(out, /npm install --global wrangler/);
  });

  test('a deployment is asked for health, version, each binding and one download', async () => {
    const server = await startEdge();
    try {
      const ada = await server.user('ada');
      assert.equal((await server.publish(ada, { name: 'berry', version: '1.0.0' })).status, 201);
      const { code, out } = await kontor('deploy', 'check', server.url);
      assert.equal(code, 0, out);
      for (const line of ['health', 'version', 'metadata', 'writes', 'blobs', 'search', 'download: berry@1.0.0'])
        assert.match(out, new RegExp(`^ok +${line}`, 'm'));
    } finally {
      await server.stop();
    }
    const gone = await kontor('deploy', 'check', server.url);
    assert.equal(gone.code, 1);
    assert.match(gone.out, /^FAIL +health/m);
  });
});
