// `progy` as a person runs it: with a home of their own, in folders of their own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { binary, Child, environment, folder, run } from './kontor.mjs';

// Writes {path: text} below a folder.
export async function write(root, files) {
  for (const [name, content] of Object.entries(files)) {
    const target = path.join(root, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}

// The files of a small course.
export function course({ name = '@ada/rust', version = '1.0.0', files = {}, ...more } = {}) {
  return {
    'course.json': JSON.stringify({ name, version, description: 'Rust from the start', ...more }, null, 2),
    'content/01_basics/01_hello/README.md': '# Hello\n\nSay hello.\n',
    'content/01_basics/01_hello/exercise.rs': 'fn main() {\n    todo!();\n}\n',
    'README.md': '# The course\n',
    ...files,
  };
}

export class Person {
  constructor(home, registry) {
    Object.assign(this, { home, registry });
    this.progy = path.join(home, 'bin/progy');
  }

  path(...parts) {
    return path.join(this.home, ...parts);
  }

  // git sees no settings of this machine.
  env(extra = {}) {
    return environment({
      HOME: this.home,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: path.join(this.home, '.gitconfig'),
      TMPDIR: path.join(this.home, 'tmp'),
      PROGY_API_URL: this.registry,
      ...extra,
    });
  }

  // As if they had run `progy login`.
  async hasToken(token, username) {
    const config = { apiUrl: this.registry, token, username };
    await write(this.home, { '.progy/config.json': JSON.stringify(config) });
  }

  // How a command ended.
  run(args, { cwd = this.home, env = {} } = {}) {
    return run(this.progy, args, { cwd, env: this.env(env) });
  }

  start(args, { cwd = this.home, env = {} } = {}) {
    return new Child(this.progy, args, { cwd, env: this.env(env) });
  }

  // What it printed, where it must end with 0.
  async ok(args, options) {
    const end = await this.run(args, options);
    assert.equal(end.code, 0, `progy ${args.join(' ')}: ${end.stderr}${end.stdout}`);
    return end.stdout;
  }

  async json(args, options) {
    return JSON.parse(await this.ok([...args, '--json'], options));
  }

  git(folderName, ...args) {
    return execFileSync('git', ['-C', this.path(folderName), ...args], { env: this.env(), encoding: 'utf8' });
  }
}

export async function person(t, registry = 'http://127.0.0.1:9') {
  const home = await folder(t);
  const made = new Person(home, registry);
  await mkdir(path.join(home, 'bin'));
  await mkdir(path.join(home, 'tmp'));
  await symlink(binary, made.progy);
  return made;
}

// Somebody with an account of that name who is logged in.
export async function member(t, server, name) {
  const made = await person(t, server.url);
  await made.hasToken(await server.user(name), name);
  return made;
}

// Publishes a course out of their folder rust; yields the answer.
export async function publish(someone, more) {
  await write(someone.path('rust'), course(more));
  return someone.json(['publish'], { cwd: someone.path('rust') });
}

// The names in a ZIP archive, in the order of its directory.
export function namesIn(archive) {
  return execFileSync('unzip', ['-Z1', archive], { encoding: 'utf8' }).trimEnd().split('\n');
}
