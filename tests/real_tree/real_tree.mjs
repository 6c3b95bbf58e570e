// Takes a real dependency tree from the configured npm registry, publishes every package of it to
// a fresh server with its true manifest, installs from that server alone with each client, and
// compares the installed files with the same install from the source.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clients, Workplace } from '../clients/support/clients.mjs';
import { startServer } from '../clients/support/server.mjs';
import { hashTree } from '../clients/support/tree.mjs';

const dependencies = { express: '4.21.2', react: '18.3.1', 'react-dom': '18.3.1', 'prop-types': '15.8.1' };
const source = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  .trim().replace(/\/?$/, '/');
const wanted = process.argv.slice(2);
const tested = clients.filter((c) => wanted.length === 0 || wanted.includes(c.name));

const project = { name: 'real-tree', version: '1.0.0', private: true, dependencies };
async function fetchOk(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${response.status} ${new URL(url).pathname}: ${await response.text()}`);
  return response;
}

// [{name, version}] of the tree npm resolves from the source.
async function resolveTree(dir) {
  const npm = clients.find((c) => c.name === 'npm11');
  const work = new Workplace(npm, dir, source, null);
  const folder = await work.project('resolve', project);
  await work.ok(['install', '--package-lock-only'], folder);
  const lock = JSON.parse(await readFile(path.join(folder, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([at]) => at)
    .map(([at, entry]) => ({ name: entry.name ?? at.split('node_modules/').at(-1), version: entry.version }));
}

async function publish(server, token, { name, version }) {
  const document = await (await fetchOk(source + name.replace('/', '%2f'))).json();
  const manifest = document.versions[version];
  const file = new URL(manifest.dist.tarball).pathname.split('/').at(-1);
  const bytes = Buffer.from(await (await fetchOk(`${source}${name}/-/${file}`)).arrayBuffer());
  const answer = await server.request('PUT', `/${name.replace('/', '%2f')}`, {
    token,
    body: {
      _id: name,
      name,
      'dist-tags': { latest: version },
      versions: { [version]: manifest },
      access: 'public',
      _attachments: {
        [`${name}-${version}.tgz`]: {
          content_type: 'application/octet-stream',
          data: bytes.toString('base64'),
          length: bytes.length,
        },
      },
    },
  });
  assert.equal(answer.status, 201, `${name}@${version}: ${answer.text}`);
}

async function installed(client, dir, registry) {
  const work = new Workplace(client, dir, registry, null);
  const folder = await work.project('app', project);
  await work.ok(['install'], folder, { timeout: 300_000 });
  const skip = ['.cache', '.bin', '.modules.yaml', '.yarn-integrity', '.yarn-state.yml',
    '.package-lock.json', '.pnpm-workspace-state-v1.json', '.pnpm-workspace-state.json', 'lock.yaml'];
  return hashTree(path.join(folder, 'node_modules'), skip);
}

const dir = await mkdtemp(path.join(tmpdir(), 'kontor-real-tree-'));
const server = await startServer();
let failures = 0;
try {
  const tree = await resolveTree(dir);
  const unique = [...new Map(tree.map((p) => [`${p.name}@${p.version}`, p])).values()];
  console.log(`publishing ${unique.length} packages`);
  const token = await server.adminToken();
  for (const entry of unique) await publish(server, token, entry);
  for (const client of tested) {
    try {
      const fromSource = await installed(client, path.join(dir, `${client.name}-source`), source);
      const fromKontor = await installed(client, path.join(dir, `${client.name}-kontor`), `${server.url}/`);
      assert.ok(Object.keys(fromSource).length > 100);
      assert.deepEqual(fromKontor, fromSource);
      console.log(`ok   ${client.name}: ${Object.keys(fromKontor).length} files equal`);
    } catch (error) {
      failures += 1;
      console.log(`FAIL ${client.name}: ${error.message}`);
    }
  }
} finally {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}
console.log(`${tested.length - failures} passed, ${failures} failed`);
process.exitCode = failures ? 1 : 0;
