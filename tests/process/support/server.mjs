// A running server and the calls that tests make most: requests, logins, accounts. With
// KONTOR_TEST_TARGET=edge it is the worker.
import assert from 'node:assert/strict';
import http from 'node:http';
import path from 'node:path';
import { atEnd, binary, Child, environment, folder, repositoryFile } from './kontor.mjs';

export const adminPassword = 'correct horse battery';

const program =
  process.env.KONTOR_TEST_TARGET === 'edge' ? [process.execPath, repositoryFile('tools/edge/serve.mjs')] : [binary, 'serve'];

const asFlags = (settings) => Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

// Tests ask more often than any person would.
const unlimited = Object.fromEntries(
  ['npmRead', 'npmWrite', 'ori', 'oriAnonymous', 'progyPublish', 'progyDownload'].map((group) => [`rateLimit.${group}.maxRequests`, 0]),
);

// Starts a server that is stopped after the test. `settings` are keys of the configuration, `args`
// further flags; everything else but the limits of requests has what a first start on this machine
// has.
export async function start(t, { settings = {}, args = [], env = {}, cwd, dataDir, port = 0, command } = {}) {
  const home = cwd ?? (await folder(t));
  const data = dataDir ?? path.join(home, 'data');
  const [first, ...rest] = command ? [binary, ...command] : program;
  const child = new Child(
    first,
    [...rest, '--port', `${port}`, '--data-dir', data, ...asFlags({ ...unlimited, ...settings }), ...args],
    { cwd: home, env: environment({ KONTOR_ADMIN_PASSWORD: adminPassword, ...env }) },
  );
  atEnd(t, () => child.over || child.kill('SIGKILL'));
  const [, url] = await child.printed(/^Kontor \S+ serves (\S+)\/$/m);
  return new Server(child, url, data);
}

// One request on a connection of its own, its target and headers exactly as given. Yields the
// answer with headers as they came and as an object, and the body as bytes, text and JSON.
export function request(url, { method = 'GET', target = '/', headers = {}, body, agent = false, localAddress } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = http.request({ host: hostname, port, method, path: target, headers, agent, localAddress });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => resolve(new Answer(answer, Buffer.concat(pieces))));
    });
    sent.end(body);
  });
}

class Answer {
  constructor({ statusCode, headers, rawHeaders }, bytes) {
    Object.assign(this, { status: statusCode, headers, rawHeaders, bytes });
  }

  get text() {
    return this.bytes.toString();
  }

  get json() {
    return JSON.parse(this.text);
  }
}

export class Server {
  constructor(child, url, dataDir) {
    Object.assign(this, { child, url, dataDir, tokens: new Map() });
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  // `body` is sent as JSON; `raw` as it is.
  request(method, target, { token, body, raw, headers = {}, ...rest } = {}) {
    const bytes = body === undefined ? raw : JSON.stringify(body);
    return request(this.url, {
      method,
      target,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bytes === undefined ? {} : { 'content-length': Buffer.byteLength(bytes) }),
        ...headers,
      },
      body: bytes,
      ...rest,
    });
  }

  get(target, options) {
    return this.request('GET', target, options);
  }

  logIn(name, password, headers = {}) {
    const id = `org.couchdb.user:${name}`;
    return this.request('PUT', `/-/user/${id}`, {
      headers,
      body: { _id: id, name, password, type: 'user', roles: [], date: '2026-01-01T00:00:00.000Z' },
    });
  }

  async token(name = 'admin', password = adminPassword) {
    if (!this.tokens.has(name)) {
      const answer = await this.logIn(name, password);
      assert.equal(answer.status, 201, answer.text);
      this.tokens.set(name, answer.json.token);
    }
    return this.tokens.get(name);
  }

  // A new account with a token of its own.
  async user(name, password = `password of ${name}`) {
    const made = await this.request('POST', '/-/kontor/v1/users', {
      token: await this.token(),
      body: { name, password, email: `${name}@example.test` },
    });
    assert.equal(made.status, 201, made.text);
    return this.token(name, password);
  }

  // The server works: what tests ask after they did something to it.
  async assertHealthy() {
    const answer = await this.get('/health/ready');
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.status, 'ready');
  }

  stop(signal = 'SIGTERM') {
    return this.child.kill(signal);
  }

  async stopCleanly() {
    const { code, signal } = await this.stop();
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, this.child.stderr);
  }
}
