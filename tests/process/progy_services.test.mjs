// What `progy` has of the registry's other services: logins by a browser, courses that are sold, and
// repositories at a git host.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { startGitHost } from './support/git_host.mjs';
import { environment, kontor, run } from './support/kontor.mjs';
import { connectInBrowser, submitLoginPage } from './support/people.mjs';
import { member, person, publish } from './support/progy_people.mjs';
import { start } from './support/server.mjs';

const password = (name) => `password of ${name}`;

describe('progy login', () => {
  test('shows a code, waits for the browser, and keeps the token to itself', async (t) => {
    const server = await start(t);
    await server.user('ada');
    const ada = await person(t, server.url);
    const login = ada.start(['login']);
    const [, page] = await login.printed(/straight to (\S+)/);
    const approved = await submitLoginPage(server, page, { name: 'ada', password: password('ada'), decision: 'approve' });
    assert.equal(approved.status, 200, approved.text);
    const { code, stdout } = await login.ended;
    assert.deepEqual([code, stdout], [0, `Logged in to ${server.url} as ada.\n`]);
    const file = ada.path('.progy/config.json');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const { token } = JSON.parse(await readFile(file, 'utf8'));
    assert.equal(await ada.ok(['whoami']), 'ada\n');
    await ada.ok(['logout']);
    assert.equal((await server.get('/-/whoami', { token })).status, 401);
    const { code: after, stderr } = await ada.run(['whoami']);
    assert.equal(after, 1);
    assert.match(stderr, /progy login/);
    await server.stopCleanly();
  });

  test('ends when the person refuses', async (t) => {
    const server = await start(t);
    const ada = await person(t, server.url);
    const login = ada.start(['login']);
    const [, page] = await login.printed(/straight to (\S+)/);
    await submitLoginPage(server, page, { name: 'x', password: 'y', decision: 'deny' });
    const { code, stderr } = await login.ended;
    assert.equal(code, 1);
    assert.match(stderr, /refused/);
    assert.equal((await ada.run(['whoami'])).code, 1);
    await server.stopCleanly();
  });
});

describe('a course', () => {
  test('that costs something is had by who bought it', async (t) => {
    const server = await start(t);
    const [ada, grace] = [await member(t, server, 'ada'), await member(t, server, 'grace')];
    await publish(ada);
    const admin = { env: environment({ NPM_TOKEN: await server.token() }) };
    const office = async (...args) => {
      const end = await kontor([...args, '--registry', server.url], admin);
      assert.equal(end.code, 0, end.stderr);
    };
    await office('purchases', 'price', '@ada/rust', '10');
    const stranger = await person(t, server.url);
    assert.match((await stranger.run(['init', '@ada/rust'])).stderr, /progy login/);
    const refused = JSON.parse((await grace.run(['init', '@ada/rust', '--json'])).stdout);
    assert.equal(refused.code, 'PURCHASE_REQUIRED');
    assert.match(refused.error, /Buy it here: http/);
    await office('purchases', 'grant', 'grace', '@ada/rust');
    await grace.ok(['init', '@ada/rust']);
    await ada.ok(['init', '@ada/rust', 'mine']);
    await server.stopCleanly();
  });

  test('becomes a portfolio by a real push, with the token nowhere on the disk', async (t) => {
    const secret = 'gitea_token_kept_secret';
    const host = await startGitHost(t, { [secret]: 'grace' });
    const server = await start(t, { settings: { 'git.apiUrl': host.apiUrl } });
    const [ada, grace] = [await member(t, server, 'ada'), await member(t, server, 'grace')];
    await publish(ada);
    const early = await grace.run(['init', '@ada/rust', 'early', '--github']);
    assert.equal(early.code, 1);
    assert.match(early.stderr, /No portfolio was made: .*connect/);
    assert.equal(grace.git('early', 'rev-list', '--count', 'HEAD'), '1\n');
    assert.equal(await grace.ok(['connect', '--show']), 'Not connected with an account at the git host.\n');
    const wrong = await run(grace.progy, ['connect'], { cwd: grace.home, env: grace.env(), input: 'no_such_token\n' });
    assert.equal(wrong.code, 1, wrong.stderr);
    const connected = await run(grace.progy, ['connect'], { cwd: grace.home, env: grace.env(), input: `${secret}\n` });
    assert.deepEqual([connected.code, connected.stdout], [0, 'Connected with grace at the git host.\n'], connected.stderr);
    await grace.ok(['init', '@ada/rust', '--github']);
    const [name] = host.repositories.keys();
    assert.equal(name, 'grace/progy-ada-rust');
    const pushed = execFileSync('git', ['-C', host.bare(name), 'log', '--format=%s', 'main'], { encoding: 'utf8' });
    assert.equal(pushed, 'Initial commit from Progy Registry (v1.0.0)\n');
    assert.equal(grace.git('rust', 'remote', 'get-url', 'origin'), `${host.url}/${name}.git\n`);
    assert.equal(grace.git('rust', 'rev-parse', '--abbrev-ref', 'main@{upstream}'), 'origin/main\n');
    const grep = execFileSync('sh', ['-c', `grep -rlF ${secret} ${path.dirname(grace.path('x'))} || true`], { encoding: 'utf8' });
    assert.equal(grep, '');
    await grace.ok(['connect', '--forget']);
    assert.match((await grace.run(['init', '@ada/rust', 'late', '--github'])).stderr, /progy connect/);
    await server.stopCleanly();
  });

  test('becomes a portfolio of who connected on the page of the git host', async (t) => {
    const client = { id: 'kontor', secret: 'known_to_both', login: 'grace' };
    const host = await startGitHost(t, {}, client);
    const server = await start(t, {
      settings: { 'git.apiUrl': host.apiUrl, 'git.clientId': 'kontor', 'git.clientSecret': 'known_to_both' },
    });
    client.back = `${server.url}/git/callback`;
    const [ada, grace] = [await member(t, server, 'ada'), await member(t, server, 'grace')];
    await publish(ada);
    const connecting = grace.start(['connect', '--browser']);
    const [, page] = await connecting.printed(/^Open (\S+) in a browser$/m);
    assert.equal(page, `${server.url}/git/login`);
    const done = await connectInBrowser(server, { name: 'grace', password: password('grace') });
    assert.equal(done.status, 200, done.text);
    const { code, stdout } = await connecting.ended;
    assert.deepEqual([code, stdout], [0, 'Connected with grace at the git host.\n']);
    await grace.ok(['init', '@ada/rust', '--github']);
    const pushed = execFileSync('git', ['-C', host.bare('grace/progy-ada-rust'), 'log', '--format=%s', 'main'], { encoding: 'utf8' });
    assert.equal(pushed, 'Initial commit from Progy Registry (v1.0.0)\n');
    await server.stopCleanly();
  });
});
