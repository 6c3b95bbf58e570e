// A program without a browser logs in by the device grant, against the real server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { submitLoginPage } from './support/people.mjs';
import { adminPassword, request, start } from './support/server.mjs';

const grant = 'urn:ietf:params:oauth:grant-type:device_code';

function program(server, url = server.url) {
  const post = (target, fields) =>
    request(url, {
      method: 'POST',
      target,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  return {
    begin: async () => {
      const answer = await post('/auth/device/code', { client_id: 'progy-cli' });
      assert.equal(answer.status, 200, answer.text);
      return answer.json;
    },
    poll: (started) =>
      post('/auth/device/token', { grant_type: grant, client_id: 'progy-cli', device_code: started.device_code }),
  };
}

describe('the device grant', () => {
  test('from the code on the terminal to a token that works and is signed out', async (t) => {
    const server = await start(t);
    const { begin, poll } = program(server);
    const started = await begin();
    assert.match(started.user_code, /^[B-Z]{4}-[B-Z]{4}$/);
    assert.equal(started.verification_uri, `${server.url}/device`);
    const waiting = await poll(started);
    assert.deepEqual([waiting.status, waiting.json.error], [400, 'authorization_pending']);

    const page = await submitLoginPage(server, started.verification_uri_complete, {
      name: 'admin',
      password: adminPassword,
      decision: 'approve',
    });
    assert.equal(page.status, 200, page.text);
    assert.match(page.text, /logged in as <strong>admin<\/strong>/);

    const issued = await poll(started);
    assert.equal(issued.status, 200, issued.text);
    const token = issued.json.access_token;
    assert.equal((await server.get('/-/whoami', { token })).json.username, 'admin');
    assert.equal((await server.get('/auth/get-session', { token })).json.user.username, 'admin');
    assert.equal((await poll(started)).json.error, 'invalid_grant');

    assert.equal((await server.request('POST', '/auth/sign-out', { token })).status, 200);
    assert.equal((await server.get('/auth/get-session', { token })).status, 401);
    await server.stopCleanly();
    const everything = server.child.stdout + server.child.stderr;
    for (const secret of [token, started.device_code]) assert.ok(!everything.includes(secret));
  });

  test('a person who says no ends it', async (t) => {
    const server = await start(t);
    const { begin, poll } = program(server);
    const started = await begin();
    const page = await submitLoginPage(server, started.verification_uri_complete, { decision: 'deny' });
    assert.equal(page.status, 200, page.text);
    assert.equal((await poll(started)).json.error, 'access_denied');
    await server.stopCleanly();
  });

  test('polls without pause are told to slow down', async (t) => {
    const server = await start(t);
    const { begin, poll } = program(server);
    const started = await begin();
    await poll(started);
    const hasty = await poll(started);
    assert.equal(hasty.json.error, 'slow_down');
    assert.equal(hasty.headers['retry-after'], '10');
    await server.stopCleanly();
  });

  test('a login begun before a restart is approved and fetched after it', async (t) => {
    const first = await start(t);
    const started = await program(first).begin();
    await first.stopCleanly();
    const second = await start(t, { dataDir: first.dataDir, port: first.port });
    const page = await submitLoginPage(second, started.verification_uri_complete, {
      name: 'admin',
      password: adminPassword,
      decision: 'approve',
    });
    assert.equal(page.status, 200, page.text);
    assert.equal((await program(second).poll(started)).status, 200);
    await second.stopCleanly();
  });
});
