// Login as people do it: npm's web login answered by a person in a browser (here: the page's own
// form over HTTP), npm's legacy prompt, logout, and what a stale token does.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { clients, Workplace } from './support/clients.mjs';
import { approve, printed } from './support/login.mjs';
import { startServer } from './support/server.mjs';

for (const client of clients.filter((c) => c.name.startsWith('npm'))) {
  describe(`${client.name} logs in`, { concurrency: 1 }, () => {
    let server, user, dir, work, project;
    before(async () => {
      server = await startServer();
      user = await server.user('ada');
      dir = await mkdtemp(path.join(tmpdir(), 'kontor-login-'));
      work = new Workplace(client, dir, `${server.url}/`, null);
      project = await work.project('p', { name: 'p', version: '1.0.0' });
    });
    after(async () => {
      await server?.stop();
      if (dir) await rm(dir, { recursive: true, force: true });
    });

    const start = (args) => {
      const [command, ...first] = client.command;
      return spawn(command, [...first, ...args], { cwd: project, env: work.environment() });
    };
    const ended = (child) => new Promise((resolve) => child.on('close', resolve));
    // npm removes the file when nothing is left in it.
    const userConfig = () => readFile(path.join(work.home, '.npmrc'), 'utf8').catch(() => '');

    test('through the browser', async () => {
      await writeFile(path.join(work.home, '.npmrc'), '');
      const child = start(['login', '--auth-type=web']);
      const done = ended(child);
      const [loginUrl] = await printed(child, /https?:\/\/\S+/);
      const wrong = await approve(loginUrl, 'ada', 'not the password');
      assert.equal(wrong.status, 401);
      const right = await approve(loginUrl, 'ada', user.password);
      assert.equal(right.status, 200);
      assert.equal(await done, 0);
      assert.match(await userConfig(), /:_authToken=npm_[0-9A-Za-z]{36}\b/);
      assert.match((await work.ok(['whoami'], project)).stdout, /ada/);
    });

    test('and out again, after which the token is dead', async () => {
      const token = /_authToken=(\S+)/.exec(await userConfig())[1];
      await work.ok(['logout'], project);
      assert.equal((await server.request('GET', '/-/whoami', { token })).status, 401);
      assert.doesNotMatch(await userConfig(), /_authToken=npm_/);
    });

    test('with name and password at the prompt, although an old token is configured', async () => {
      const host = server.url.replace('http:', '');
      await writeFile(path.join(work.home, '.npmrc'), `${host}/:_authToken=npm_stale\n`);
      const child = start(['login', '--auth-type=legacy']);
      const done = ended(child);
      await printed(child, /Username/i);
      child.stdin.write('ada\n');
      await printed(child, /Password/i);
      child.stdin.write(`${user.password}\n`);
      assert.equal(await done, 0);
      assert.match((await work.ok(['whoami'], project)).stdout, /ada/);
    });

    test('and manages tokens', async () => {
      const list = JSON.parse((await work.ok(['token', 'list', '--json'], project)).stdout);
      assert.ok(list.length >= 1);
      for (const entry of list) assert.ok(entry.key && entry.created);
      const extra = await server.login('ada', user.password);
      const before = JSON.parse((await work.ok(['token', 'list', '--json'], project)).stdout);
      await work.ok(['token', 'revoke', extra], project);
      const after = JSON.parse((await work.ok(['token', 'list', '--json'], project)).stdout);
      assert.equal(after.length, before.length - 1);
      assert.equal((await server.request('GET', '/-/whoami', { token: extra })).status, 401);
    });

    test('and reads its profile', async () => {
      const profile = JSON.parse((await work.ok(['profile', 'get', '--json'], project)).stdout);
      assert.equal(profile.name, 'ada');
      assert.equal(profile.email, 'ada@example.test');
    });
  });
}
