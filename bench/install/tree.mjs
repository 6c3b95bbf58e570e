// The trees that are installed: one taken from the configured npm registry, one made up.
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts', '--loglevel=error'];

// npm with a cache and a home of its own, so that nothing of this machine is used.
export const npm = (cwd, cache, ...args) => run('npm', [...args, ...quiet, `--cache=${cache}`], {
  cwd, maxBuffer: 1 << 26, env: { PATH: process.env.PATH, HOME: cache },
});

export async function project(folder, dependencies) {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', private: true, dependencies }));
  return folder;
}

// Unique { name, version } of a lockfile.
export async function lockedPackages(folder) {
  const { packages } = JSON.parse(await readFile(path.join(folder, 'package-lock.json'), 'utf8'));
  const all = Object.entries(packages).filter(([at]) => at)
    .map(([at, entry]) => ({ name: entry.name ?? at.split('node_modules/').at(-1), version: entry.version }));
  return [...new Map(all.map((entry) => [`${entry.name}@${entry.version}`, entry])).values()];
}

async function fetchOk(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response;
}

async function copy(kontor, source, { name, version }) {
  const document = await (await fetchOk(source + name.replace('/', '%2f'))).json();
  const manifest = document.versions[version];
  const file = new URL(manifest.dist.tarball).pathname.split('/').at(-1);
  const bytes = Buffer.from(await (await fetchOk(`${source}${name}/-/${file}`)).arrayBuffer());
  const answer = await kontor.request('PUT', `/${name.replace('/', '%2f')}`, {
    headers: { 'content-type': 'application/json', authorization: `Bearer ${kontor.token}` },
    body: JSON.stringify({
      _id: name, name, 'dist-tags': { latest: version }, versions: { [version]: manifest },
      _attachments: { [file]: { data: bytes.toString('base64'), length: bytes.length } },
    }),
  });
  if (answer.status !== 201) throw new Error(`${name}@${version}: ${answer.body}`);
}

// Publishes what npm resolves these dependencies to; yields the packages.
export async function copyTree(kontor, folder, dependencies) {
  const { stdout } = await run('npm', ['config', 'get', 'registry']);
  const source = stdout.trim().replace(/\/?$/, '/');
  await project(folder, dependencies);
  await npm(folder, `${folder}-cache`, 'install', '--package-lock-only', `--registry=${source}`);
  const packages = await lockedPackages(folder);
  for (const entry of packages) await copy(kontor, source, entry);
  return packages;
}

export async function makeTree(kontor, count) {
  const names = Array.from({ length: count }, (_, i) => `made-${i}`);
  await kontor.publishAll(names.map((name) => [name, '1.0.0', { payloadBytes: 10_000 }]));
  return names.map((name) => ({ name, version: '1.0.0' }));
}
