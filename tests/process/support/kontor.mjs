// The binary under test as a child process: what it printed, what it logged, how it ended.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const giveUp = 60_000; // a child that does nothing for so long will not do it at all

export const binary = process.env.KONTOR_BINARY ?? path.join(root, 'build/kontor');
export const repositoryFile = (name) => path.join(root, name);

// What is set on this machine must not configure the server under test.
export function environment(extra = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(kontor|registry|npm)_/i.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

const endings = new WeakMap();

// Has `action` done after the test, what was asked last first: a server ends before its folder.
export function atEnd(t, action) {
  if (!endings.has(t)) {
    const actions = [];
    endings.set(t, actions);
    t.after(async () => {
      while (actions.length) await actions.pop()();
    });
  }
  endings.get(t).push(action);
}

// A folder that is gone after the test.
export async function folder(t) {
  const made = await mkdtemp(path.join(tmpdir(), 'kontor-process-'));
  atEnd(t, () => rm(made, { recursive: true, force: true }));
  return made;
}

// A port that was free a moment ago.
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Child {
  constructor(command, args, { cwd, env = environment(), input } = {}) {
    this.child = spawn(command, args, { cwd, env, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    this.child.stdin?.end(input);
    this.stdout = '';
    this.stderr = '';
    this.waiters = new Set();
    const collect = (name) => (chunk) => {
      this[name] += chunk;
      this.look();
    };
    this.child.stdout.setEncoding('utf8').on('data', collect('stdout'));
    this.child.stderr.setEncoding('utf8').on('data', collect('stderr'));
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => {
        this.over = true;
        this.look();
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  get pid() {
    return this.child.pid;
  }

  // What it logged so far, an object a line.
  get log() {
    const whole = this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1);
    return whole.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  look() {
    for (const waiter of this.waiters) waiter();
  }

  // Resolves with the first true value of `find`, asked again after each piece of output.
  until(find, what) {
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        settle(value);
      };
      const lost = (how) => finish(reject, new Error(`${how} without ${what}:\n${this.stdout}${this.stderr}`));
      const timer = setTimeout(() => lost(`${giveUp} ms`), giveUp);
      const waiter = () => {
        const found = find();
        if (found) finish(resolve, found);
        else if (this.over) lost('ended');
      };
      this.waiters.add(waiter);
      waiter();
    });
  }

  // The first log line of that event, with these fields, from the line `from` on.
  event(name, fields = {}, from = 0) {
    const fits = (line) =>
      line.event === name && Object.entries(fields).every(([key, value]) => line[key] === value);
    return this.until(() => this.log.slice(from).find(fits), `the event ${name}`);
  }

  printed(pattern) {
    return this.until(() => pattern.exec(this.stderr), `${pattern} on stderr`);
  }

  kill(signal) {
    this.child.kill(signal);
    return this.ended;
  }
}

// Runs a program to its end.
export async function run(command, args, options) {
  const child = new Child(command, args, options);
  const timer = setTimeout(() => child.kill('SIGKILL'), giveUp);
  const result = await child.ended;
  clearTimeout(timer);
  return result;
}

export const kontor = (args, options) => run(binary, args, options);
