// `kontor users` as an administrator types it, against a running registry.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { environment, kontor } from './support/kontor.mjs';
import { adminPassword, start } from './support/server.mjs';

const shown = (stdout) => /\n\n {2}(\S+)\n/.exec(stdout)[1];

describe('kontor users', () => {
  // A server, and the command with an administrator's token in the environment.
  async function office(t) {
    const server = await start(t);
    const users = async (args, token) =>
      kontor(['users', ...args, '--registry', server.url], {
        env: environment({ NPM_TOKEN: token ?? (await server.token()) }),
      });
    const ok = async (...args) => {
      const result = await users(args);
      assert.equal(result.code, 0, result.stderr);
      return result.stdout;
    };
    return { server, users, ok };
  }

  test('add makes an account whose password is shown once and works', async (t) => {
    const { server, ok } = await office(t);
    const password = shown(await ok('add', 'ada', '--email', 'ada@example.test'));
    assert.equal((await server.logIn('ada', password)).status, 201);
    const [ada] = JSON.parse(await ok('list', '--json')).filter(({ name }) => name === 'ada');
    assert.deepEqual([ada.email, ada.admin, ada.two_factor], ['ada@example.test', false, 'off']);
    assert.equal(ada.password, undefined);
    await server.stopCleanly();
  });

  test('list shows a line an account', async (t) => {
    const { server, ok } = await office(t);
    await ok('add', 'grace', '--admin');
    const lines = (await ok('list')).trimEnd().split('\n').map((line) => line.split(/\s+/).slice(0, 3));
    assert.deepEqual(lines, [
      ['NAME', 'ADMIN', 'TWO-FACTOR'],
      ['admin', 'yes', 'off'],
      ['grace', 'yes', 'off'],
    ]);
    await server.stopCleanly();
  });

  test('password sets another one, after which the old one is dead', async (t) => {
    const { server, ok } = await office(t);
    const first = shown(await ok('add', 'ada'));
    const second = shown(await ok('password', 'ada'));
    assert.equal((await server.logIn('ada', first)).status, 401);
    assert.equal((await server.logIn('ada', second)).status, 201);
    await server.stopCleanly();
  });

  test('remove ends an account and its tokens, but never the last administrator', async (t) => {
    const { server, users, ok } = await office(t);
    const token = await server.user('ada');
    await ok('remove', 'ada');
    assert.equal((await server.get('/-/whoami', { token })).status, 401);
    const refused = await users(['remove', 'admin']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /last administrator/);
    assert.equal((await server.logIn('admin', adminPassword)).status, 201);
    await server.stopCleanly();
  });

  test('is for administrators, and says what went wrong', async (t) => {
    const { server, users } = await office(t);
    const token = await server.user('ada');
    const cases = [
      [['list'], token, /[Aa]dministrators only/],
      [['list'], `npm_${'z'.repeat(36)}`, /log in again/],
      [['add', 'ada'], undefined, /taken/],
      [['add', 'Not A Name'], undefined, /user name/],
      [['remove', 'nobody'], undefined, /no user nobody/],
    ];
    for (const [args, used, reason] of cases) {
      const { code, stderr, stdout } = await users(args, used);
      assert.equal(code, 1, args.join(' '));
      assert.match(stderr, reason);
      assert.equal(stdout, '');
    }
    await server.stopCleanly();
  });
});
