// One `kontor serve` with its own data directory, everything on that a production server has on:
// access log (to a file), metrics, download counts.
import { spawn } from 'node:child_process';
import { openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { archive } from '../../tests/process/support/ori.mjs';
import { publishDocument } from './packages.mjs';

process.setMaxListeners(0);
process.on('SIGTERM', () => process.exit(1));

const password = 'a password for measuring';

export class Kontor {
  static async start(binary, dir, { tls, settings = [], env = {} } = {}) {
    await mkdir(dir, { recursive: true });
    const log = path.join(dir, 'log');
    // Requests are counted against limits, as always, but against ones that are never reached.
    const sets = ['listen.threads=2', 'limits.maxConnectionsPerAddress=1000000',
      ...['npmRead', 'npmWrite', 'ori', 'oriAnonymous'].map((g) => `rateLimit.${g}.maxRequests=1000000000`), ...settings,
      ...(tls ? [`tls.certFile=${tls.cert}`, `tls.keyFile=${tls.key}`] : [])];
    writeFileSync(log, ''); // of an earlier start
    const out = openSync(log, 'a');
    const started = process.hrtime.bigint();
    const child = spawn(binary, ['serve', '--port', '0', '--data-dir', path.join(dir, 'data'),
      ...sets.flatMap((s) => ['--set', s])], {
      cwd: dir, env: { ...process.env, ...env, KONTOR_ADMIN_PASSWORD: password }, stdio: ['ignore', out, 'ignore'],
    });
    process.once('exit', () => child.kill('SIGKILL'));  // should this program end in another way than it means to
    const kontor = new Kontor(child, log, tls);
    kontor.dataDir = path.join(dir, 'data');
    await kontor.#listening();
    await kontor.get('/health');
    kontor.startMs = Number(process.hrtime.bigint() - started) / 1e6;
    return kontor;
  }

  constructor(child, log, tls) {
    Object.assign(this, { child, log, tls, pids: () => [child.pid] });
    this.agent = new (tls ? https : http).Agent({ keepAlive: true, maxSockets: 32, rejectUnauthorized: false });
  }

  async #listening() {
    for (;;) {
      if (this.child.exitCode !== null) throw new Error(`kontor ended: ${readFileSync(this.log, 'utf8')}`);
      const match = [...readFileSync(this.log, 'utf8').matchAll(/"listening","url":"([^"]+)"/g)].at(-1);
      if (match) { this.url = match[1]; return; }
      await new Promise((resolve) => { setTimeout(resolve, 1); });
    }
  }

  request(method, target, { headers = {}, body } = {}) {
    const { request } = this.tls ? https : http;
    return new Promise((resolve, reject) => {
      const req = request(this.url + target, { method, headers, agent: this.agent }, (res) => {
        const chunks = [];
        res.on('data', (chunk) => chunks.push(chunk));
        res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(chunks) }));
      });
      req.on('error', reject);
      req.end(body);
    });
  }

  async get(target, headers = {}) {
    const answer = await this.request('GET', target, { headers });
    if (answer.status !== 200) throw new Error(`GET ${target}: ${answer.status} ${answer.body}`);
    return answer;
  }

  async login() {
    const id = 'org.couchdb.user:admin';
    const answer = await this.request('PUT', `/-/user/${id}`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ _id: id, name: 'admin', password, type: 'user', roles: [] }),
    });
    if (answer.status !== 201) throw new Error(`login: ${answer.status} ${answer.body}`);
    this.token = JSON.parse(answer.body).token;
    return this.token;
  }

  async publish(name, version, options) {
    this.token ??= await this.login();
    const answer = await this.request('PUT', `/${name}`, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify(publishDocument(name, version, options)),
    });
    if (answer.status !== 201) throw new Error(`publish ${name}@${version}: ${answer.status} ${answer.body}`);
  }

  async publishOri(name, { payloadBytes }) {
    this.token ??= await this.login();
    const answer = await this.request('POST', `/v1/packages/${name.slice(1)}/publish`, {
      headers: { 'content-type': 'application/gzip', authorization: `Bearer ${this.token}` },
      body: archive({ name, version: '1.0.0', files: { 'src/noise': randomBytes(payloadBytes) } }),
    });
    if (answer.status !== 201) throw new Error(`publish ${name}: ${answer.status} ${answer.body}`);
  }

  // `jobs` are argument lists of publish(); many at a time, as a busy registry sees them.
  async publishAll(jobs) {
    const queue = [...jobs];
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (let job = queue.pop(); job; job = queue.pop()) await this.publish(...job);
    }));
  }

  emptyLog() {
    truncateSync(this.log, 0);
  }

  stop() {
    this.agent.destroy();
    return new Promise((resolve) => { this.child.once('exit', resolve); this.child.kill('SIGTERM'); });
  }
}
