// Starts the server under test and makes accounts on it: the native one, or with KONTOR_TEST_TARGET=edge
// the worker. KONTOR_TEST_URL names a running server instead (with KONTOR_ADMIN_PASSWORD).
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const adminPassword = process.env.KONTOR_ADMIN_PASSWORD ?? 'correct horse battery';

export const binary = process.env.KONTOR_BINARY ?? path.join(root, 'build/kontor');

export const atEdge = process.env.KONTOR_TEST_TARGET === 'edge';
const [program, ...first] = atEdge
  ? [process.execPath, path.join(root, 'tools/edge/serve.mjs')]
  : [binary, 'serve'];

// Resolves with the URL of the first "listening" event on the server's output.
function listeningUrl(child) {
  return new Promise((resolve, reject) => {
    let seen = '';
    child.stdout.on('data', (chunk) => {
      seen += chunk;
      const match = /"event":"listening","url":"([^"]+)"/.exec(seen);
      if (match) resolve(match[1]);
    });
    child.on('exit', (code) => reject(new Error(`server ended early (${code}):\n${seen}`)));
    setTimeout(() => reject(new Error(`server did not start:\n${seen}`)), 60_000).unref();
  });
}

// A setting that names a file; at the edge that is an object of the bucket.
const fileSetting = ([name, file]) =>
  atEdge
    ? ['--set', `${name}=${path.basename(file)}`, '--put', `config/${path.basename(file)}=${file}`]
    : ['--set', `${name}=${file}`];

// `files`: settings whose values are the names of files.
export async function startServer(settings = [], files = {}) {
  if (process.env.KONTOR_TEST_URL) return new Server({ url: process.env.KONTOR_TEST_URL });
  const dataDir = await mkdtemp(path.join(tmpdir(), 'kontor-test-'));
  const sets = [...settings.flatMap((s) => ['--set', s]), ...Object.entries(files).flatMap(fileSetting)];
  return new Server({ dataDir, sets, ...(await launch(dataDir, sets)) });
}

async function launch(dataDir, sets) {
  const args = [...first, '--port', '0', '--data-dir', dataDir, '--set', 'log.format=json',
    ...['npmRead', 'npmWrite', 'ori', 'oriAnonymous'].flatMap((group) => ['--set', `rateLimit.${group}.maxRequests=0`]), ...sets];
  const child = spawn(program, args, {
    cwd: dataDir,
    env: { ...process.env, KONTOR_ADMIN_PASSWORD: adminPassword },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listeningUrl(child);
  child.stdout.resume();
  return { child, url: url.replace(/\/$/, '') };
}

class Server {
  constructor({ url, child = null, dataDir = null, sets = [] }) {
    Object.assign(this, { url: url.replace(/\/$/, ''), child, dataDir, sets });
  }

  async request(method, target, { token, body, headers = {} } = {}) {
    const response = await fetch(this.url + target, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    let json = null;
    try {
      json = JSON.parse(text);
    } catch {
      // not every answer is JSON; the caller looks at `text`
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  async login(name, password) {
    const id = `org.couchdb.user:${name}`;
    const answer = await this.request('PUT', `/-/user/${id}`, {
      body: { _id: id, name, password, type: 'user', roles: [], date: new Date().toISOString() },
    });
    if (answer.status !== 201) throw new Error(`login of ${name}: ${answer.status} ${answer.text}`);
    return answer.json.token;
  }

  async adminToken() {
    this.admin ??= await this.login('admin', adminPassword);
    return this.admin;
  }

  // A new account and a token of it.
  async user(name, password = `password of ${name}`) {
    const made = await this.request('POST', '/-/kontor/v1/users', {
      token: await this.adminToken(),
      body: { name, password, email: `${name}@example.test` },
    });
    if (made.status !== 201) throw new Error(`create ${name}: ${made.status} ${made.text}`);
    return { name, password, token: await this.login(name, password) };
  }

  async packument(name) {
    return (await this.request('GET', `/${name.replace('/', '%2f')}`)).json;
  }

  async end() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const code = await ended;
    if (code !== 0) throw new Error(`server ended with ${code}`);
  }

  // Another process on the same data.
  async restart() {
    await this.end();
    Object.assign(this, await launch(this.dataDir, this.sets));
  }

  async stop() {
    if (!this.child) return;
    try {
      await this.end();
    } finally {
      await rm(this.dataDir, { recursive: true, force: true });
    }
  }
}
