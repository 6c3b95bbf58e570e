// Verdaccio from the configured npm registry, with its in-memory cache of credentials on. Installed
// once into the cache folder of ./dev, together with the node it wants.
import { execFile, spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = process.env.KONTOR_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'kontor');
const folder = path.join(cache, 'verdaccio-6.10');
const program = path.join(folder, 'node_modules/verdaccio/bin/verdaccio');
const nodePackage = `node-linux-${process.arch}`;
const node = path.join(folder, 'node_modules', nodePackage, 'bin/node');
// One of its packages asks for a tag that mirrors do not carry.
const manifest = {
  private: true,
  dependencies: { verdaccio: '6.10', [nodePackage]: '22' },
  overrides: { 'node-fetch': '2.6.7' },
};

async function install() {
  if (existsSync(program) && existsSync(node)) return true;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  return run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder }).then(() => true, () => false);
}

const config = (dir) => `storage: ${dir}/storage
auth: { htpasswd: { file: ${dir}/htpasswd } }
packages: { '**': { access: $all, publish: $authenticated } }
server: { keepAliveTimeout: 60, legacyAuthCache: { enabled: true, ttlMs: 600000 } }
userRateLimit: { windowMs: 1000, max: 100000 }
max_body_size: 200mb
log: { type: stdout, format: json, level: warn }
`;

export class Verdaccio {
  // Null where it cannot be installed.
  static async start(dir) {
    if (!(await install())) return null;
    await mkdir(dir, { recursive: true });
    await writeFile(path.join(dir, 'config.yaml'), config(dir));
    const port = 9000 + Math.floor(process.pid % 900);
    const out = openSync(path.join(dir, 'log'), 'a');
    const child = spawn(node, [program, '-c', path.join(dir, 'config.yaml'), '-l', String(port)],
      { cwd: dir, stdio: ['ignore', out, out] });
    const verdaccio = new Verdaccio(child, `http://127.0.0.1:${port}`);
    await verdaccio.#login();
    return verdaccio;
  }

  constructor(child, url) {
    Object.assign(this, { child, url });
  }

  async #login() {
    for (;;) {
      if (this.child.exitCode !== null) throw new Error('Verdaccio ended');
      const answer = await fetch(`${this.url}/-/user/org.couchdb.user:bench`, {
        method: 'PUT', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'bench', password: 'a password for measuring' }),
      }).catch(() => null);
      if (answer?.ok) {
        this.token = (await answer.json()).token;
        return;
      }
      if (answer) throw new Error(`Verdaccio: ${answer.status} ${await answer.text()}`);
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  }

  stop() {
    return new Promise((resolve) => { this.child.once('exit', resolve); this.child.kill('SIGTERM'); });
  }
}
