// Where configuration comes from, what wins, and what stops a start.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { environment, folder, kontor } from './support/kontor.mjs';
import { start } from './support/server.mjs';

// A folder with these files, named by their path in it.
async function folderWith(t, files) {
  const cwd = await folder(t);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(cwd, name)), { recursive: true });
    await writeFile(path.join(cwd, name), text);
  }
  return cwd;
}

// The lines of `config load --show-origin`, as {'listen.port': ['5', '--set']}.
function values(text) {
  const found = {};
  const sections = [];
  for (const line of text.split('\n').slice(1)) {
    const opened = /^ +(\w+): \{$/.exec(line);
    const value = /^ +(\w+): (.*), {2}\/\/ (.*)$/.exec(line);
    if (opened) sections.push(opened[1]);
    else if (value) found[[...sections, value[1]].join('.')] = [value[2], value[3]];
    else if (/^ *\},?$/.test(line)) sections.pop();
  }
  return found;
}

async function load(t, files, { env = {}, args = [] } = {}) {
  const cwd = await folderWith(t, files);
  const result = await kontor(['config', 'load', '--show-origin', ...args], { cwd, env: environment(env) });
  return { ...result, cwd, values: values(result.stdout) };
}

const port = (n) => `{ listen: { port: ${n} } }`;

describe('precedence', () => {
  const sources = [
    { flags: ['--port', '5006'], from: ['5006', '--port'] },
    { flags: ['--set', 'listen.port=5005'], from: ['5005', '--set'] },
    { env: { KONTOR_LISTEN_PORT: '5004' }, from: ['5004', 'KONTOR_LISTEN_PORT in the environment'] },
    { env: { REGISTRY_PORT: '5003' }, from: ['5003', 'REGISTRY_PORT in the environment'] },
    { file: ['.env.registry', '# x\nKONTOR_LISTEN_PORT=5002\n'], from: ['5002', 'KONTOR_LISTEN_PORT in .env.registry:2'] },
    { file: ['registry.config.json5', port(5001)], from: ['5001', 'registry.config.json5:1:19'] },
    { from: ['4873', 'default'] },
  ];
  for (const [i, { from }] of sources.entries()) {
    test(`${from[1]} wins over what follows it`, async (t) => {
      // On the command line the later of two flags wins, so the stronger one is written last.
      const there = sources.slice(i).reverse();
      const files = Object.fromEntries(there.flatMap(({ file }) => (file ? [file] : [])));
      const env = Object.assign({}, ...there.map((source) => source.env));
      const result = await load(t, files, { env, args: there.flatMap(({ flags }) => flags ?? []) });
      assert.equal(result.code, 0, result.stderr);
      assert.deepEqual(result.values['listen.port'], from);
    });
  }

  test('an empty variable counts as not set', async (t) => {
    const result = await load(t, { '.env.registry': 'KONTOR_LISTEN_PORT=5002' }, { env: { KONTOR_LISTEN_PORT: '' } });
    assert.deepEqual(result.values['listen.port'], ['5002', 'KONTOR_LISTEN_PORT in .env.registry:1']);
  });

  test('--env-file stands in for .env.registry', async (t) => {
    const files = { '.env.registry': 'KONTOR_LISTEN_PORT=5002', other: 'KONTOR_LISTEN_PORT=5012' };
    const result = await load(t, files, { args: ['--env-file', 'other'] });
    assert.deepEqual(result.values['listen.port'], ['5012', 'KONTOR_LISTEN_PORT in other:1']);
  });
});

describe('the file', () => {
  const order = [
    'registry.config.json5',
    'registry.config.json',
    'config/registry.config.json5',
    'config/registry.config.json',
  ];
  for (const [i, name] of order.entries()) {
    test(`${name} is found before those after it`, async (t) => {
      const files = Object.fromEntries(order.slice(i).map((each, n) => [each, port(6000 + i + n)]));
      assert.deepEqual((await load(t, files)).values['listen.port'], [String(6000 + i), `${name}:1:19`]);
    });
  }

  test('REGISTRY_CONFIG_PATH goes before the search, --config before both', async (t) => {
    const files = { 'registry.config.json5': port(1), 'by-variable.json': port(2), 'by-flag.json5': port(3) };
    const env = { REGISTRY_CONFIG_PATH: 'by-variable.json' };
    assert.deepEqual((await load(t, files, { env })).values['listen.port'], ['2', 'by-variable.json:1:19']);
    const flagged = await load(t, files, { env, args: ['--config', 'by-flag.json5'] });
    assert.deepEqual(flagged.values['listen.port'], ['3', 'by-flag.json5:1:19']);
  });

  test('of a .jsonl file the last line counts, alone', async (t) => {
    const lines = '{"listen":{"port":1},"readOnly":true}\n{"listen":{"port":2}}\n\n';
    const { values: found } = await load(t, { 'c.jsonl': lines }, { args: ['--config', 'c.jsonl'] });
    assert.deepEqual(found['listen.port'], ['2', 'c.jsonl:2:19']);
    assert.deepEqual(found.readOnly, ['false', 'default']);
  });

  test('JSON5 and references to variables are understood', async (t) => {
    const text = "// c\n{ listen: { port: +0x1388, }, dataDir: '${WHERE}/k', }";
    const { values: found } = await load(t, { 'registry.config.json5': text }, { env: { WHERE: '/srv' } });
    assert.equal(found['listen.port'][0], '5000');
    assert.equal(found.dataDir[0], '"/srv/k"');
  });
});

describe('a wrong configuration', () => {
  const refused = [
    ['a file that is not JSON5', '{\n  listen: [1, }', 'error: c.json5:2:15: expected a value\n'],
    ['a wrong type', '{\n  listen: { port: "x" },\n}', 'error: c.json5:2:19: listen.port must be a whole number, not a string\n'],
    ['a value that is not among the known', '{ auth: { type: "what" } }', 'error: c.json5:1:17: auth.type must be one of "token", "basic", "none", "jwt", not "what"\n'],
    ['a value where a section stands', '{ log: 5 }', 'error: c.json5:1:8: log must be an object, not a number\n'],
    ['a number out of its range', '{ listen: { port: 70000 } }', /^error: c\.json5:1:19: listen\.port must be .*65535/],
    ['every mistake at once', '{ log: 5,\n listen: { port: [] } }', /^error: c\.json5:1:8: .*\nerror: c\.json5:2:18: .*\n$/],
  ];
  for (const [what, text, expected] of refused) {
    test(`${what} stops the start`, async (t) => {
      const cwd = await folderWith(t, { 'c.json5': text });
      const result = await kontor(['serve', '--config', 'c.json5', '--data-dir', 'data'], { cwd });
      assert.equal(result.code, 1);
      if (typeof expected === 'string') assert.equal(result.stderr, expected);
      else assert.match(result.stderr, expected);
      assert.equal(result.stdout, '');
      assert.ok(!existsSync(path.join(cwd, 'data')), 'nothing may be made');
    });
  }

  test('a file that is named and not there stops the start', async (t) => {
    const cwd = await folder(t);
    const named = await kontor(['serve', '--config', 'nowhere.json5'], { cwd });
    assert.deepEqual([named.code, named.stderr], [1, 'error: nowhere.json5: No such file or directory\n']);
    const env = environment({ REGISTRY_CONFIG_PATH: 'nowhere.json' });
    const variable = await kontor(['serve'], { cwd, env });
    assert.deepEqual([variable.code, variable.stderr], [1, 'error: nowhere.json: No such file or directory\n']);
  });

  test('wrong values of flags and variables are named by their source', async (t) => {
    const cwd = await folder(t);
    const env = environment({ KONTOR_LIMITS_MAX_HEADERS: 'many' });
    const result = await kontor(['serve', '--port', 'abc', '--set', 'log.levle=warn'], { cwd, env });
    assert.equal(result.code, 1);
    assert.deepEqual(result.stderr.trimEnd().split('\n').sort(), [
      'error: --port: listen.port must be a whole number, not "abc"',
      'error: --set: unknown key "log.levle"; did you mean "log.level"?',
      'error: KONTOR_LIMITS_MAX_HEADERS in the environment: limits.maxHeaders must be a whole number, not "many"',
    ]);
  });

  test('a password too short for the first administrator stops the start', async (t) => {
    const cwd = await folder(t);
    const result = await kontor(['serve', '--port', '0'], { cwd, env: environment({ KONTOR_ADMIN_PASSWORD: 'short' }) });
    assert.equal(result.code, 1);
    assert.equal(
      result.stderr,
      'error: admin.password (KONTOR_ADMIN_PASSWORD in the environment) is shorter than the 8 characters that auth.passwordMinLength demands\n',
    );
    assert.deepEqual(await readdir(cwd), []);
  });

  test('an unknown key is a warning with the nearest name, and the server starts', async (t) => {
    const text = '{ lisen: { port: 1 }, auth: { anonymusRead: false }, storage: "./x" }';
    const cwd = await folderWith(t, { 'registry.config.json5': text });
    const server = await start(t, { cwd, env: { KONTOR_LOG_LEVLE: 'warn' } });
    await server.assertHealthy();
    const warnings = server.child.stderr.split('\n').filter((line) => line.startsWith('warning: '));
    assert.deepEqual(warnings, [
      'warning: registry.config.json5:1:3: unknown key "lisen"; did you mean "listen"?',
      'warning: registry.config.json5:1:31: unknown key "auth.anonymusRead"; did you mean "auth.anonymousRead"?',
      'warning: registry.config.json5:1:54: storage has no effect here: packages are stored in dataDir',
      'warning: unknown variable KONTOR_LOG_LEVLE in the environment; did you mean "KONTOR_LOG_LEVEL"?',
    ]);
    await server.stopCleanly();
  });
});

describe('auth.type none', () => {
  test('is refused where others reach the server, unless --insecure is given', async (t) => {
    const cwd = await folder(t);
    const args = ['--host', '0.0.0.0', '--auth', 'none'];
    const refused = await kontor(['serve', '--port', '0', ...args], { cwd });
    assert.equal(refused.code, 1);
    assert.equal(
      refused.stderr,
      'error: auth.type (--auth) is none, which lets everybody who reaches listen.host (--host) ' +
        'publish and delete; listen on 127.0.0.1, or start with --insecure\n',
    );
    const server = await start(t, { cwd, args: [...args, '--insecure'] });
    assert.equal((await server.get('/-/whoami')).status, 200);
    await server.stopCleanly();
  });

  test('is accepted on a loopback address', async (t) => {
    const server = await start(t, { settings: { 'auth.type': 'none' } });
    assert.equal((await server.get('/-/whoami')).json.username, 'admin');
    await server.stopCleanly();
  });
});

test('what is configured is in effect: a flag beats a variable, a variable the default', async (t) => {
  const env = { KONTOR_AUTH_ALLOW_REGISTRATION: 'true', KONTOR_AUTH_ANONYMOUS_READ: 'false' };
  const server = await start(t, { env, settings: { 'auth.anonymousRead': 'true' } });
  const body = { _id: 'org.couchdb.user:eve', name: 'eve', password: 'eve has one', email: 'eve@example.test' };
  const registered = await server.request('PUT', '/-/user/org.couchdb.user:eve', { body });
  assert.equal(registered.status, 201, registered.text);
  assert.equal((await server.get('/-/v1/search?text=x')).status, 200);
  await server.stopCleanly();
});
