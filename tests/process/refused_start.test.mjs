// What a start says and how it ends when it cannot serve.
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { binary, environment, folder, kontor, run } from './support/kontor.mjs';
import { start } from './support/server.mjs';

async function taken(t) {
  const holder = createServer();
  await new Promise((resolve) => holder.listen(0, '127.0.0.1', resolve));
  t.after(() => holder.close());
  return holder.address().port;
}

describe('a start that cannot serve ends with 1 and says why', () => {
  test('the port is taken by another program', async (t) => {
    const port = await taken(t);
    const result = await kontor(['serve', '--port', `${port}`], { cwd: await folder(t) });
    assert.equal(result.code, 1);
    assert.equal(result.stderr, `error: Cannot listen on 127.0.0.1 port ${port}: Address already in use\n`);
    assert.doesNotMatch(result.stdout, /listening/);
  });

  test('the port is taken by another Kontor, which goes on', async (t) => {
    const first = await start(t);
    const result = await kontor(['serve', '--port', `${first.port}`], { cwd: await folder(t) });
    assert.equal(result.code, 1);
    assert.equal(result.stderr, `error: Cannot listen on 127.0.0.1 port ${first.port}: Address already in use\n`);
    await first.assertHealthy();
    await first.stopCleanly();
  });

  test('a start that failed leaves no password behind that nobody saw', async (t) => {
    const cwd = await folder(t);
    const failed = await kontor(['serve', '--port', `${await taken(t)}`, '--data-dir', 'data'], { cwd });
    assert.equal(failed.code, 1);
    const server = await start(t, { cwd, env: { KONTOR_ADMIN_PASSWORD: '' } });
    await server.child.printed(/ {2}password {2}\S+/);
    await server.stopCleanly();
  });

  test('the host is no address of this machine', async (t) => {
    const result = await kontor(['serve', '--port', '0', '--host', '192.0.2.1'], { cwd: await folder(t) });
    assert.equal(result.code, 1);
    assert.equal(result.stderr, 'error: Cannot listen on 192.0.2.1 port 0: Cannot assign requested address\n');
  });

  test('another server uses the data directory', async (t) => {
    const first = await start(t);
    const args = ['serve', '--port', '0', '--data-dir', first.dataDir];
    const result = await kontor(args, { cwd: await folder(t) });
    assert.equal(result.code, 1);
    assert.equal(
      result.stderr,
      `error: Another server uses the data directory ${first.dataDir}; stop it, or give this one another --data-dir.\n`,
    );
    await first.assertHealthy();
    await first.stopCleanly();
    const next = await start(t, { dataDir: first.dataDir });
    await next.stopCleanly();
  });

  test('the data directory cannot be made', async (t) => {
    const cwd = await folder(t);
    await writeFile(path.join(cwd, 'file'), '');
    const result = await kontor(['serve', '--port', '0', '--data-dir', 'file/data'], { cwd });
    assert.equal(result.code, 1);
    assert.equal(result.stderr, 'error: The data directory file/data cannot be created: Not a directory\n');
  });

  test('what lies in the data directory is not ours', async (t) => {
    const broken = {
      'kontor.db': /^error: \S+\/kontor\.db cannot be used \(sqlite: file is not a database/,
      blobs: /^error: \S+\/blobs cannot be used \(mkdir \S+: Not a directory\)\n$/,
    };
    for (const [name, expected] of Object.entries(broken)) {
      const dataDir = await folder(t);
      await writeFile(path.join(dataDir, name), 'something else '.repeat(100));
      const result = await kontor(['serve', '--port', '0', '--data-dir', dataDir], { cwd: dataDir });
      assert.equal(result.code, 1);
      assert.match(result.stderr, expected);
      assert.match(await readFile(path.join(dataDir, name), 'utf8'), /^something else/, 'it is left alone');
    }
  });

  // Permissions do not bind root, so root runs this as somebody else.
  test('the data directory cannot be written', async (t) => {
    const cwd = await folder(t);
    const dataDir = path.join(cwd, 'data');
    await mkdir(dataDir);
    await chmod(cwd, 0o755);
    await chmod(dataDir, 0o555);
    const args = ['serve', '--port', '0', '--data-dir', dataDir];
    const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', binary, ...args];
    const options = { cwd, env: environment() };
    const result = process.getuid() === 0 ? await run('setpriv', asNobody, options) : await kontor(args, options);
    assert.equal(result.code, 1);
    assert.equal(result.stderr, `error: The data directory ${dataDir} cannot be written: Permission denied\n`);
  });

  test('certificate or key cannot be used', async (t) => {
    const cwd = await folder(t);
    await writeFile(path.join(cwd, 'empty.pem'), '');
    const tls = (cert, key) => ['--set', `tls.certFile=${cert}`, '--set', `tls.keyFile=${key}`];
    const attempt = (args) => kontor(['serve', '--port', '0', ...args], { cwd });
    const missing = await attempt(tls('nowhere.pem', 'nowhere.key'));
    assert.deepEqual(
      [missing.code, missing.stderr],
      [1, 'error: Cannot use the certificate file nowhere.pem: No such file or directory\n'],
    );
    const empty = await attempt(tls('empty.pem', 'empty.pem'));
    assert.deepEqual(
      [empty.code, empty.stderr],
      [1, 'error: Cannot use the certificate file empty.pem: no start line\n'],
    );
    const half = await attempt(['--set', 'tls.certFile=empty.pem']);
    assert.deepEqual(
      [half.code, half.stderr],
      [1, 'error: tls.certFile (--set) needs tls.keyFile beside it\n'],
    );
  });
});

describe('wrong arguments end with 2, the reason first and the help after it', () => {
  const wrong = [
    [['serve', '--nix'], /^ERROR: serve: The following argument was not expected: --nix\n.*Usage: kontor serve/s],
    [['serve', 'extra'], /^ERROR: serve: The following argument was not expected: extra\n/],
    [['serve', '--port'], /^ERROR: .*--port.*\n/],
    [['serve', '--set', 'a'], /^ERROR: .*--set wants key=value, such as --set auth\.anonymousRead=false\n/],
    [['srve'], /^ERROR: There is no command "srve"\nKontor, .*Usage: kontor/s],
    [['registry', 'strat'], /^ERROR: There is no command "strat"\n.*Usage: kontor registry/s],
    [[], /^ERROR: .*subcommand is required\n.*Usage: kontor/s],
  ];
  for (const [args, expected] of wrong) {
    test(`kontor ${args.join(' ')}`, async (t) => {
      const result = await kontor(args, { cwd: await folder(t) });
      assert.equal(result.code, 2);
      assert.match(result.stderr, expected);
      assert.equal(result.stdout, '');
    });
  }

  test('asking for help or the version is no mistake', async (t) => {
    const cwd = await folder(t);
    const help = await kontor(['serve', '--help'], { cwd });
    assert.deepEqual([help.code, help.stderr], [0, '']);
    assert.match(help.stdout, /^Start the registry\nUsage: kontor serve/);
    const version = await kontor(['--version'], { cwd });
    assert.deepEqual([version.code, version.stderr], [0, '']);
    assert.match(version.stdout, /^kontor \d+\.\d+\.\d+\n$/);
  });
});
