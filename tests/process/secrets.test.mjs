// Everything that takes or gives a secret, in right and wrong variants, on a server that logs all it
// can. Afterwards no secret stands in what it printed, in its metrics, or in clear in its files.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { publish } from './support/packages.mjs';
import { oneTimePassword, submitLoginPage } from './support/people.mjs';
import { exchange } from './support/raw.mjs';
import { adminPassword, start } from './support/server.mjs';

const scrapeToken = 'scrape-token-of-prometheus';
const server = await start(
  { after },
  { settings: { 'log.level': 'trace', 'metrics.token': scrapeToken, 'auth.type': 'basic', 'auth.allowRegistration': true } },
);

// What may appear nowhere, and what may not lie in clear on disk; six digits may stand anywhere in a
// file by chance.
const secrets = new Map([['admin password', adminPassword], ['scrape token', scrapeToken]]);
const atRest = new Set(['admin password']);

function secret(name, value, { short = false } = {}) {
  assert.ok(value?.length >= 6, `${name}: ${value}`);
  secrets.set(name, value);
  if (!short) atRest.add(name);
  return value;
}

const password = secret('password', 'the first password of ada');
const admin = secret('admin token', await server.token());

const ask = async (method, target, options, status) => {
  const answer = await server.request(method, target, options);
  assert.equal(answer.status, status, `${method} ${target}: ${answer.text}`);
  return answer;
};
const basic = (name, word) => `Basic ${secret(`basic ${word.length}`, Buffer.from(`${name}:${word}`).toString('base64'))}`;

describe('whoever uses a secret', () => {
  let ada;
  let totp;
  let recovery;

  test('makes accounts', async () => {
    await ask('POST', '/-/kontor/v1/users', { token: admin, body: { name: 'ada', password, email: 'ada@example.test' } }, 201);
    await ask('POST', '/-/kontor/v1/users', { token: admin, body: { name: 'ada', password, email: 'x' } }, 400);
    const made = await ask('POST', '/-/kontor/v1/users', { token: admin, body: { name: 'bob', email: 'bob@example.test' } }, 201);
    secret('generated password', made.json.password);
    const reset = await ask('POST', '/-/kontor/v1/users/bob/password', { token: admin, body: {} }, 200);
    secret('reset password', reset.json.password);
    const own = secret('registered password', 'a password of eve herself');
    const body = { name: 'eve', password: own, email: 'eve@example.test' };
    await ask('PUT', '/-/user/org.couchdb.user:eve', { body }, 201);
    await ask('PUT', '/-/user/org.couchdb.user:eve', { body: { ...body, password: secret('short password', 'sh0rt!') } }, 409);
  });

  test('logs in by password', async () => {
    ada = secret('login token', await server.token('ada', password));
    assert.equal((await server.logIn('ada', secret('wrong password', 'not the password of ada'))).status, 401);
    assert.equal((await server.logIn('nobody', secret('lost password', 'a password of nobody'))).status, 401);
    await ask('PUT', '/-/user/org.couchdb.user:ada', { raw: `{"name":"ada","password":"${password}"`, headers: { 'content-type': 'application/json' } }, 400);
    await ask('PUT', '/-/user/org.couchdb.user:ada', { body: { name: 'bob', password } }, 400);
    await ask('GET', '/-/whoami', { headers: { authorization: basic('ada', password) } }, 200);
    await ask('GET', '/-/whoami', { headers: { authorization: basic('ada', secret('wrong basic password', 'no password at all')) } }, 401);
  });

  test('makes, shows and revokes tokens', async () => {
    const made = await ask('POST', '/-/npm/v1/tokens', { token: ada, body: { password, name: 'ci' } }, 201);
    const token = secret('made token', made.json.token);
    await ask('POST', '/-/npm/v1/tokens', { token: ada, body: { password: secret('token password', 'a wrong password for it') } }, 401);
    const listed = await ask('GET', '/-/npm/v1/tokens', { token }, 200);
    assert.ok(!listed.text.includes(token));
    for (const target of [`/-/npm/v1/tokens/token/${token}`, `/npm/-/npm/v1/tokens/token/${token}`]) {
      await ask('GET', target, { token: ada }, 405);
    }
    await ask('DELETE', `/-/npm/v1/tokens/token/${token}`, { token: ada }, 204);
    await ask('GET', '/-/whoami', { token }, 401);
    const unknown = secret('unknown token', `npm_${'x'.repeat(36)}`);
    for (const target of ['/-/user/token', '/npm/-/user/token', '/-/npm/v1/tokens/token', '/nowhere', '/-/nowhere/at/all', '/-/v1/done', '/-/login']) {
      for (const method of ['GET', 'DELETE', 'PUT', 'HEAD']) await server.request(method, `${target}/${unknown}`, { token: unknown });
    }
    await server.get(`/-/whoami?token=${unknown}`);
    await server.get(`/${unknown}`);
    const second = secret('token to log out', await (async () => (await server.logIn('ada', password)).json.token)());
    await ask('DELETE', `/-/user/token/${second}`, { token: second }, 200);
    await server.request('DELETE', `/npm/-/user/token/${second}`, { token: second });
  });

  test('publishes', async () => {
    assert.equal((await publish(server, ada, { name: 'kept', version: '1.0.0' })).status, 201);
    assert.equal((await publish(server, ada, { name: 'kept', version: '1.0.0' }, { tarball: Buffer.from('no tarball') })).status, 400);
    assert.equal((await publish(server, secret('made-up token', `npm_${'y'.repeat(36)}`), { name: 'kept', version: '1.0.1' })).status, 401);
  });

  test('logs in with a browser', async () => {
    const { loginUrl, doneUrl } = (await ask('POST', '/-/v1/login', { body: {} }, 200)).json;
    secret('login page', loginUrl.split('/').pop());
    secret('login poll', doneUrl.split('/').pop());
    const done = doneUrl.slice(server.url.length);
    await ask('GET', done, {}, 202);
    const refused = await submitLoginPage(server, loginUrl, { name: 'ada', password: secret('page password', 'wrong on the page') });
    assert.equal(refused.status, 401);
    assert.equal((await submitLoginPage(server, loginUrl, { name: 'ada', password })).status, 200);
    secret('web token', (await ask('GET', done, {}, 200)).json.token);
    await ask('GET', done, {}, 404);
    await ask('GET', `/npm${done}`, {}, 404);
    await ask('GET', `${loginUrl.slice(server.url.length)}x`, {}, 404);
  });

  test('changes a password', async () => {
    const change = (old, fresh, status) => ask('POST', '/-/npm/v1/user', { token: ada, body: { password: { old, new: fresh } } }, status);
    await change(secret('old password that is wrong', 'not what it was before'), 'something new for ada', 401);
    await change(password, secret('too short', 'short7!'), 400);
    await change(password, secret('new password', 'the second password of ada'), 200);
  });

  test('turns on a second factor and uses it', async () => {
    const start2fa = { tfa: { password: secrets.get('new password'), mode: 'auth-and-writes' } };
    await ask('POST', '/-/npm/v1/user', { token: ada, body: { tfa: { password: 'wrong again for the factor', mode: 'auth-only' } } }, 401);
    const { tfa } = (await ask('POST', '/-/npm/v1/user', { token: ada, body: start2fa }, 200)).json;
    totp = secret('second factor', new URL(tfa).searchParams.get('secret'));
    const otp = (name, steps) => secret(`one-time password ${name}`, oneTimePassword(totp, steps), { short: true });
    await ask('POST', '/-/npm/v1/user', { token: ada, body: { tfa: [otp('far off', 1000)] } }, 401);
    recovery = (await ask('POST', '/-/npm/v1/user', { token: ada, body: { tfa: [otp('confirming', 0)] } }, 200)).json.tfa;
    recovery.forEach((code, i) => secret(`recovery code ${i}`, code));
    const manifest = { name: 'kept', version: '2.0.0' };
    assert.equal((await publish(server, ada, manifest)).status, 401);
    assert.equal((await publish(server, ada, manifest, { headers: { 'npm-otp': otp('wrong', 2000) } })).status, 401);
    assert.equal((await publish(server, ada, manifest, { headers: { 'npm-otp': otp('right', 1) } })).status, 201);
    assert.equal((await server.logIn('ada', secrets.get('new password'), { 'npm-otp': recovery[0] })).status, 201);
    assert.equal((await server.logIn('ada', secrets.get('new password'), { 'npm-otp': recovery[0] })).status, 401);
  });

  test('signs, and looks after the keys for it', async () => {
    const keyFile = (name) => readFile(path.join(server.dataDir, 'keys', `${name}.key`), 'utf8');
    secret('old key of versions', (await keyFile('npm')).trim().slice(-60));
    await ask('GET', '/-/npm/v1/keys', {}, 200);
    await ask('POST', '/-/kontor/v1/keys/rotate', { token: admin, body: {} }, 200);
    await ask('POST', '/-/kontor/v1/keys/rotate', { token: admin, body: { use: 'everything' } }, 400);
    await ask('GET', '/-/kontor/v1/keys', { token: admin }, 200);
    secret('key of versions', (await keyFile('npm')).split('\n')[0].slice(-60));
    for (const log of ['public', 'private', 'audit']) secret(`key of the ${log} log`, (await keyFile(`log-${log}`)).trim().slice(-40));
  });

  test('scrapes metrics', async () => {
    await ask('GET', '/metrics', { token: scrapeToken }, 200);
    await ask('GET', '/metrics', { token: secret('wrong scrape token', `${scrapeToken}-not`) }, 401);
  });

  test('sends requests that are no requests', async () => {
    for (const bytes of [
      `GET /-/whoami HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ada}\x00\r\n\r\n`,
      `GET /-/whoami HTTP/1.1\r\nhost: x\r\nauthorization : Bearer ${ada}\r\n\r\n`,
      `GET /${ada}/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      `GET /..%2f${ada} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      `${ada} / HTTP/1.1\r\nhost: x\r\n\r\n`,
      `BREW /-/user/token/${ada} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    ]) {
      await exchange(server.port, bytes);
    }
  });
});

// What was printed, without numbers that may be equal to a one-time password by chance.
const words = ({ time, id, request, us, in: received, out, ...line }) => JSON.stringify(line);
const labels = (metrics) => metrics.split('\n').map((line) => line.slice(0, line.lastIndexOf(' '))).join('\n');

test('nothing of it can be read anywhere', async () => {
  const metrics = await ask('GET', '/metrics', { token: admin }, 200);
  await server.stopCleanly();
  const { log, stderr } = server.child;
  assert.ok(secrets.size >= 30, `${secrets.size}`);
  assert.ok(log.filter(({ event }) => event === 'request').length >= 60, 'each request is logged');
  const found = (text) => [...secrets].filter(([, value]) => text.includes(value) || text.includes(encodeURIComponent(value)));
  assert.deepEqual(found(log.map(words).join('\n')), []);
  assert.deepEqual(found(stderr), []);
  assert.deepEqual(found(labels(metrics.text)), []);
  for (const name of ['kontor.db', 'kontor.db-wal']) {
    const bytes = await readFile(path.join(server.dataDir, name)).catch(() => Buffer.alloc(0));
    for (const each of atRest) assert.ok(!bytes.includes(secrets.get(each)), `${each} lies in ${name}`);
  }
});
