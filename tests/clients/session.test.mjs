// npm against a registry whose logins are signed sessions (auth.type jwt): the session serves every
// command, an automation token works beside it, and logout and a new password end it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { permissionsIn } from '../process/support/data.mjs';
import { clients, Workplace } from './support/clients.mjs';
import { approve, printed } from './support/login.mjs';
import { atEdge, startServer } from './support/server.mjs';

const jwt = /:_authToken=(ey[\w-]+\.[\w-]+\.[\w-]+)/;

for (const client of clients.filter((c) => c.name.startsWith('npm'))) {
  describe(`${client.name} with signed sessions`, { concurrency: 1 }, () => {
    let server, user, dir, work, project;
    before(async () => {
      server = await startServer(['auth.type=jwt']);
      user = await server.user('ada');
      dir = await mkdtemp(path.join(tmpdir(), 'kontor-session-'));
      work = new Workplace(client, dir, `${server.url}/`, null);
      project = await work.project('p', { name: 'session-probe', version: '1.0.0' });
    });
    after(async () => {
      await server?.stop();
      if (dir) await rm(dir, { recursive: true, force: true });
    });
    const userConfig = () => readFile(path.join(work.home, '.npmrc'), 'utf8').catch(() => '');
    const whoami = async (token) =>
      (await server.request('GET', '/-/whoami', { token })).status;

    test('logs in through the browser and gets one', async () => {
      await writeFile(path.join(work.home, '.npmrc'), '');
      const [command, ...first] = client.command;
      const child = spawn(command, [...first, 'login', '--auth-type=web'], {
        cwd: project,
        env: work.environment(),
      });
      const done = new Promise((resolve) => child.on('close', resolve));
      const [loginUrl] = await printed(child, /https?:\/\/\S+/);
      assert.equal((await approve(loginUrl, 'ada', user.password)).status, 200);
      assert.equal(await done, 0);
      assert.match(await userConfig(), jwt);
      assert.match((await work.ok(['whoami'], project)).stdout, /ada/);
    });

    test('publishes, reads its profile and lists no tokens', async () => {
      await work.ok(['publish'], project);
      const profile = JSON.parse((await work.ok(['profile', 'get', '--json'], project)).stdout);
      assert.equal(profile.name, 'ada');
      const tokens = JSON.parse((await work.ok(['token', 'list', '--json'], project)).stdout);
      assert.deepEqual(tokens, []);
    });

    test('has automation tokens beside it', async () => {
      const [, session] = jwt.exec(await userConfig());
      const made = await server.request('POST', '/-/npm/v1/tokens', {
        token: session,
        body: { password: user.password, readonly: true },
      });
      assert.equal(made.status, 201);
      assert.match(made.json.token, /^npm_/);
      assert.equal(await whoami(made.json.token), 200);
    });

    test('logs out, after which the session is dead', async () => {
      const [, session] = jwt.exec(await userConfig());
      await work.ok(['logout'], project);
      assert.equal(await whoami(session), 401);
    });

    test('is thrown out by a new password', async () => {
      const session = await server.login('ada', user.password);
      const body = { password: { old: user.password, new: 'another long password' } };
      const changed = await server.request('POST', '/-/npm/v1/user', { token: session, body });
      assert.equal(changed.status, 200);
      assert.equal(await whoami(session), 401);
      assert.equal(await whoami(await server.login('ada', 'another long password')), 200);
    });

    test('has its keys in files that only the server may read', { skip: atEdge && 'a worker has no files' }, async () => {
      if (!server.dataDir) return;
      const permissions = await permissionsIn(path.join(server.dataDir, 'keys'));
      assert.ok(permissions.length > 3, permissions.join(' '));
      for (const [name, mode] of permissions) assert.equal(mode, 0o600, name);
    });
  });
}
