// A student's repository at a git host, made by the registry and pushed to by git itself.
import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { startGitHost } from './support/git_host.mjs';
import { environment, folder, run } from './support/kontor.mjs';
import { connectInBrowser } from './support/people.mjs';
import { start } from './support/server.mjs';

const token = 'gitea_token_kept_secret';

async function classroom(t) {
  const host = await startGitHost(t, { [token]: 'ann' });
  const server = await start(t, { settings: { 'git.apiUrl': host.apiUrl } });
  const student = await server.user('ann');
  const connect = (text = token) =>
    server.request('PUT', '/git/connection', { token: student, body: { token: text } });
  const ensure = (courseId = '@diego-rust') =>
    server.request('POST', '/git/ensure-repo', { token: student, body: { courseId } });
  return { host, server, student, connect, ensure };
}

const quiet = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.test'];

describe('git', () => {
  test('a real push reaches the repository that was ensured', async (t) => {
    const { host, server, student, connect, ensure } = await classroom(t);
    assert.equal((await ensure()).status, 404);
    const connected = await connect();
    assert.equal(connected.status, 200, connected.text);
    assert.equal(connected.json.login, 'ann');
    const made = await ensure();
    assert.equal(made.status, 200, made.text);
    assert.equal(made.json.isNew, true);
    assert.equal(made.json.repoUrl, `${host.url}/ann/progy-diego-rust.git`);
    const { private: hidden, empty } = host.repositories.get('ann/progy-diego-rust');
    assert.deepEqual([hidden, empty], [true, true]);
    assert.equal((await ensure()).json.isNew, false);

    const course = await folder(t);
    const { username, password } = (await server.get('/git/credentials', { token: student })).json;
    const git = async (...args) => {
      const env = environment({
        ...quiet,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'credential.helper',
        GIT_CONFIG_VALUE_0: '!printf "username=%s\\npassword=%s\\n" "$GIT_LOGIN" "$GIT_SECRET"; true',
        GIT_LOGIN: username,
        GIT_SECRET: password,
      });
      const done = await run('git', [...who, ...args], { cwd: course, env });
      assert.equal(done.code, 0, done.stderr);
      return done.stdout.trim();
    };
    await git('init', '-q', '-b', 'main');
    await writeFile(path.join(course, 'course.json'), '{}');
    await git('add', '.');
    await git('commit', '-q', '-m', 'Initial commit');
    await git('remote', 'add', 'origin', made.json.repoUrl);
    await git('push', '-q', '-u', 'origin', 'main');
    const pushed = await run('git', ['-C', host.bare('ann/progy-diego-rust'), 'rev-parse', 'main'], {});
    assert.equal(pushed.stdout.trim(), await git('rev-parse', 'HEAD'));
    await server.stopCleanly();
  });

  test('the token lies nowhere in the open, and its end is told', async (t) => {
    const { host, server, student, connect, ensure } = await classroom(t);
    assert.equal((await connect('not-a-good-one')).status, 403);
    assert.equal((await connect()).status, 200);
    await ensure();
    delete host.tokens[token];
    const refused = await ensure();
    assert.deepEqual([refused.status, refused.headers['kontor-error-code']], [403, 'forbidden']);
    assert.equal((await server.request('DELETE', '/git/connection', { token: student })).status, 200);
    assert.equal((await ensure()).headers['kontor-error-code'], 'not_found');
    await connect();
    await server.stopCleanly();
    assert.ok(!(server.child.stdout + server.child.stderr).includes(token));
    for (const name of await readdir(server.dataDir)) {
      const file = path.join(server.dataDir, name);
      const bytes = await readFile(file).catch(() => Buffer.alloc(0));
      assert.ok(!bytes.includes(token), `${name} holds the token`);
    }
  });

  test('a host that is away is 503, and one that is not configured 501', async (t) => {
    const away = await start(t, { settings: { 'git.apiUrl': 'http://127.0.0.1:9/api/v1' } });
    const put = async (server) =>
      (await server.request('PUT', '/git/connection', { token: await server.token(), body: { token } })).status;
    assert.equal(await put(away), 503);
    await away.stopCleanly();
    const none = await start(t);
    assert.equal(await put(none), 501);
    await none.stopCleanly();
  });
});

describe('a git account, connected on the page of its host,', () => {
  const ann = { name: 'ann', password: 'password of ann' };
  async function registered(t, own = {}) {
    const client = { id: 'kontor', secret: 'known_to_both', login: 'ann-at-git' };
    const host = await startGitHost(t, {}, client);
    const oauth = { 'git.apiUrl': host.apiUrl, 'git.clientId': 'kontor', 'git.clientSecret': 'known_to_both' };
    const server = await start(t, { settings: { ...oauth, ...own } });
    client.back = `${server.url}/git/callback`;
    const student = await server.user('ann');
    const connection = async () => (await server.get('/git/connection', { token: student })).json;
    const assertNone = async () => assert.equal((await connection()).connected, false);
    return { host, client, server, student, connection, assertNone };
  }

  test('makes repositories with the token that the host gave', async (t) => {
    const { host, server, student, connection } = await registered(t);
    assert.deepEqual(await connection(), { connected: false, page: `${server.url}/git/login` });
    const done = await connectInBrowser(server, ann);
    assert.equal(done.status, 200, done.text);
    assert.match(done.text, /connected with ann-at-git/);
    assert.equal((await connection()).login, 'ann-at-git');
    const made = await server.request('POST', '/git/ensure-repo', { token: student, body: { courseId: '@diego-rust' } });
    assert.equal(made.status, 200, made.text);
    assert.deepEqual([...host.repositories.keys()], ['ann-at-git/progy-diego-rust']);
    const [given] = Object.keys(host.tokens);
    delete host.tokens[given]; // it has expired
    const late = await server.request('POST', '/git/ensure-repo', { token: student, body: { courseId: '@diego-rust' } });
    assert.equal(late.status, 403, late.text);
    await server.stopCleanly();
    for (const secret of [given, 'known_to_both']) assert.ok(!(server.child.stdout + server.child.stderr).includes(secret));
  });

  test('is not had by a wrong password, a person who says no or a host that does not confirm', async (t) => {
    const { client, server, assertNone } = await registered(t);
    const wrong = await connectInBrowser(server, { ...ann, password: 'a guess' });
    assert.equal(wrong.status, 401);
    assert.match(wrong.text, /<form/);
    client.login = '';
    assert.equal((await connectInBrowser(server, ann)).status, 403);
    client.login = 'ann-at-git';
    client.secret = 'another one';
    const refused = await connectInBrowser(server, ann);
    assert.equal(refused.status, 403);
    assert.match(refused.text, /did not confirm/);
    await assertNone();
    await server.stopCleanly();
  });

  test('is not had by a login that somebody else began', async (t) => {
    const { server, assertNone } = await registered(t);
    // Who begins in his own name and has another person confirm it.
    for (const cookie of ['kontor-git=0123', 'other=1', '']) {
      const refused = await connectInBrowser(server, ann, { cookie });
      assert.equal(refused.status, 403);
      assert.match(refused.text, /not begun in this browser/);
    }
    const form = new URLSearchParams({ ...ann, form: 'x' }).toString();
    for (const cookie of ['kontor-git=0123', '']) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie };
      assert.equal((await server.request('POST', '/git/login', { raw: form, headers })).status, 403);
    }
    assert.equal((await server.get('/git/callback?code=x&state=y')).status, 403);
    await assertNone();
    await server.stopCleanly();
  });

  test('is offered only where the registry is registered at the host', async (t) => {
    const { server, connection } = await registered(t, { 'git.clientId': '' });
    assert.equal((await connection()).page, undefined);
    assert.equal((await server.get('/git/login')).status, 501);
    await server.stopCleanly();
  });
});
