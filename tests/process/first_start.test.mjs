// The first start makes an administrator and tells the password once; later starts say nothing.
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { folder } from './support/kontor.mjs';
import { adminPassword, start } from './support/server.mjs';

const generated = /^ {2}user {6}(\S+)\n {2}password {2}(\S+)$/m;

// What every start prints.
const greeting = ({ url, dataDir, child }) =>
  `\nKontor ${child.stderr.split(' ')[1]} serves ${url}/\n\n` +
  `  data      ${dataDir}\n` +
  '  login     tokens; administrators make the accounts\n\n';

describe('a first start', () => {
  test('prints a password, once, and the commands to type next', async (t) => {
    const cwd = await folder(t);
    const first = await start(t, { cwd, env: { KONTOR_ADMIN_PASSWORD: '' } });
    await first.child.printed(/npm install/);
    const [, name, password] = generated.exec(first.child.stderr);
    assert.equal(name, 'admin');
    assert.ok(password.length >= 16, password);
    assert.equal(
      first.child.stderr,
      greeting(first) +
        'An administrator was made. The password is shown only this once:\n\n' +
        `  user      admin\n  password  ${password}\n\n` +
        'Next:\n\n' +
        `  npm login --registry=${first.url}/\n` +
        `  npm publish --registry=${first.url}/\n` +
        `  npm install <package> --registry=${first.url}/\n\n`,
    );
    const token = await first.token('admin', password);
    const users = await first.get('/-/kontor/v1/users', { token });
    assert.deepEqual(users.json.users.map((user) => [user.name, user.admin]), [['admin', true]]);
    await first.stopCleanly();
    assert.ok(!first.child.stdout.includes(password), 'the log must not hold the password');

    const second = await start(t, { cwd, env: { KONTOR_ADMIN_PASSWORD: '' } });
    await second.child.event('listening');
    assert.equal(second.child.stderr, greeting(second));
    assert.equal((await second.logIn('admin', password)).status, 201);
    assert.equal((await second.get('/-/whoami', { token })).json.username, 'admin', 'a token outlives the process');
    await second.stopCleanly();
  });

  test('takes the password of the environment and does not repeat it', async (t) => {
    const server = await start(t);
    await server.child.printed(/npm install/);
    assert.match(server.child.stderr, /^The administrator "admin" was made with the configured password\.$/m);
    assert.match(server.child.stderr, /^ {2}npm login --registry=http:\/\/127\.0\.0\.1:\d+\/$/m);
    assert.equal((await server.logIn('admin', adminPassword)).status, 201);
    const wrong = await server.logIn('admin', `${adminPassword}x`);
    assert.equal(wrong.status, 401);
    assert.equal(wrong.headers['kontor-error-code'], 'invalid_password');
    await server.stopCleanly();
    assert.ok(!(server.child.stdout + server.child.stderr).includes(adminPassword));
  });

  test('a password configured later does not change an account that exists', async (t) => {
    const cwd = await folder(t);
    await (await start(t, { cwd })).stopCleanly();
    const again = await start(t, { cwd, env: { KONTOR_ADMIN_PASSWORD: 'another password' } });
    assert.equal((await again.logIn('admin', 'another password')).status, 401);
    assert.equal((await again.logIn('admin', adminPassword)).status, 201);
    await again.stopCleanly();
  });

  test('names the administrator as configured', async (t) => {
    const server = await start(t, { settings: { 'admin.name': 'root-of-all' }, env: { KONTOR_ADMIN_PASSWORD: '' } });
    const [, name, password] = await server.child.printed(generated);
    assert.equal(name, 'root-of-all');
    assert.equal((await server.logIn('root-of-all', password)).status, 201);
    assert.equal((await server.logIn('admin', password)).status, 401);
    await server.stopCleanly();
  });

  test('makes the data directory with all its parents, for nobody else to read', async (t) => {
    const dataDir = path.join(await folder(t), 'a', 'b', 'data');
    const server = await start(t, { dataDir });
    assert.equal((await stat(dataDir)).mode & 0o777, 0o700);
    assert.equal((await stat(path.join(dataDir, 'kontor.db'))).mode & 0o777, 0o600);
    await server.stopCleanly();
  });
});

test('a start tells who may come in', async (t) => {
  const settings = { 'auth.type': 'basic', 'auth.allowRegistration': true };
  const open = await start(t, { settings });
  await open.child.printed(/^ {2}login {5}tokens, or name and password; everybody may register$/m);
  await open.stopCleanly();
  const none = await start(t, { args: ['--auth', 'none'] });
  await none.child.printed(/^ {2}login {5}none; everybody may do everything$/m);
  await none.stopCleanly();
});

test('kontor registry start and registry:start are kontor serve', async (t) => {
  for (const command of [['registry', 'start'], ['registry:start']]) {
    const server = await start(t, { command });
    await server.assertHealthy();
    await server.stopCleanly();
  }
});
