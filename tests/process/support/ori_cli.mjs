// People with the `ori` command: each has a home of their own, and the binary by that name.
import assert from 'node:assert/strict';
import http from 'node:http';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { atEnd, binary, Child, environment, folder, run } from './kontor.mjs';

export class Person {
  // `registry` is where `ori` goes unless something says otherwise.
  static async arrive(t, name, registry) {
    const home = await folder(t);
    await mkdir(path.join(home, 'bin'));
    await symlink(binary, path.join(home, 'bin/ori'));
    return Object.assign(new Person(), { name, home, registry, at: home });
  }

  // Runs `ori ...` in the present folder to its end.
  ori(...args) {
    return this.oriWith({}, ...args);
  }

  oriWith({ input = '', env = {} }, ...args) {
    return run(path.join(this.home, 'bin/ori'), args, this.place({ input, env }));
  }

  // The same at a terminal, while it runs: both outputs are one.
  oriAtTerminal(...args) {
    const terminal = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
    const words = ['-c', terminal, path.join(this.home, 'bin/ori'), ...args];
    return new Child('python3', words, this.place({ input: '', env: { TERM: 'xterm' } }));
  }

  place({ input, env }) {
    return {
      cwd: this.at,
      input,
      env: environment({ HOME: this.home, XDG_CONFIG_HOME: '', ORI_REGISTRY: this.registry, ...env }),
    };
  }

  // The output of a command that must succeed.
  async ok(...args) {
    const result = await this.ori(...args);
    assert.equal(result.code, 0, `ori ${args.join(' ')}: ${result.stdout}${result.stderr}`);
    return result.stdout;
  }

  async json(...args) {
    const output = JSON.parse(await this.ok(...args, '--json'));
    assert.equal(output.ok, true);
    return output;
  }

  // What a command that must fail with this status said.
  async refused(status, ...args) {
    const result = await this.ori(...args);
    assert.equal(result.code, status, `ori ${args.join(' ')}: ${result.stdout}${result.stderr}`);
    return result.stderr;
  }

  async logIn(token) {
    const result = await this.oriWith({ input: `${token}\n` }, 'login');
    assert.equal(result.code, 0, result.stderr);
    return result.stdout;
  }

  go(name) {
    this.at = path.join(this.home, name);
    return this;
  }

  read(name) {
    return readFile(path.join(this.at, name), 'utf8');
  }

  async write(name, text) {
    await mkdir(path.dirname(path.join(this.at, name)), { recursive: true });
    await writeFile(path.join(this.at, name), text);
  }

  async edit(name, change) {
    await this.write(name, change(await this.read(name)));
  }

  // A package in a folder of its own, with these lines in [dependencies].
  async make(name, { version = '1.0.0', dependencies = '', more = '' } = {}) {
    const base = name.slice(name.indexOf('/') + 1);
    this.at = this.home;
    await this.ok('new', name, '--lib');
    this.go(base);
    await this.edit('oripk.toml', (text) =>
      `${text.replace('0.1.0"\ndescription = ""', `${version}"\ndescription = "About ${base}"`)}${dependencies}${more}`);
    return this;
  }
}

// A registry that passes on what another one says, and lies where `lie` tells it to: a function of
// the path and the true answer { status, headers, body } that gives the answer to send. `end` sends
// the body.
export async function liar(t, url) {
  const state = { lie: (_, answer) => answer, end: (_, response, body) => response.end(body), asked: [], credentials: new Set() };
  const server = http.createServer((request, response) => {
    state.asked.push(decodeURIComponent(request.url));
    if (request.headers.authorization) state.credentials.add(request.headers.authorization);
    const { hostname, port } = new URL(url);
    const onward = http.request({ hostname, port, method: request.method, path: request.url, headers: request.headers });
    request.pipe(onward);
    onward.on('error', () => response.destroy());
    onward.on('response', async (answer) => {
      const pieces = [];
      for await (const piece of answer) pieces.push(piece);
      const headers = { ...answer.headers };
      delete headers['transfer-encoding'];
      const truth = { status: answer.statusCode, headers, body: Buffer.concat(pieces) };
      const told = state.lie(decodeURIComponent(request.url), truth);
      told.headers['content-length'] = Buffer.byteLength(told.body);
      response.writeHead(told.status, told.headers);
      await state.end(decodeURIComponent(request.url), response, told.body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${server.address().port}`;
  state.stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  atEnd(t, () => server.listening && state.stop());
  return state;
}
