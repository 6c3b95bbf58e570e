// Which URL clients are told: the host they asked, what a trusted proxy says, or the configured one.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { publish } from './support/packages.mjs';
import { freePort } from './support/kontor.mjs';
import { start } from './support/server.mjs';

const manifest = { name: '@admin/pkg', version: '1.0.0' };
const file = '@admin/pkg/-/pkg-1.0.0.tgz';

async function startWithPackage(t, options) {
  const server = await start(t, options);
  assert.equal((await publish(server, await server.token(), manifest, { access: 'public' })).status, 201);
  return server;
}

// The tarball's URL in the packument, for a request with these headers.
async function tarballUrl(server, { prefix = '', headers = {} } = {}) {
  const answer = await server.get(`${prefix}/@admin%2fpkg`, { headers });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.versions['1.0.0'].dist.tarball;
}

const proxied = {
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'npm.example.org',
  'x-forwarded-for': '198.51.100.7',
};

describe('without a public URL', () => {
  test('tarballs are where the request went', async (t) => {
    const server = await startWithPackage(t);
    assert.equal(await tarballUrl(server), `${server.url}/${file}`);
    const named = { host: `localhost:${server.port}` };
    assert.equal(await tarballUrl(server, { headers: named }), `http://localhost:${server.port}/${file}`);
    await server.stopCleanly();
  });

  test('what a stranger forwards is ignored', async (t) => {
    const server = await startWithPackage(t, { settings: { trustedProxies: '192.0.2.0/24' } });
    assert.equal(await tarballUrl(server, { headers: proxied }), `${server.url}/${file}`);
    const forwarded = { forwarded: 'for=198.51.100.7;proto=https;host=npm.example.org' };
    assert.equal(await tarballUrl(server, { headers: forwarded }), `${server.url}/${file}`);
    await server.stopCleanly(); // the log is written behind the answers, and whole at the end
    assert.deepEqual([...new Set(server.child.log.map(({ address }) => address).filter(Boolean))], ['127.0.0.1']);
  });

  test('what a trusted proxy forwards is believed, and it alone', async (t) => {
    const server = await startWithPackage(t, { settings: { trustedProxies: '127.0.0.1,192.0.2.0/24' } });
    const url = `https://npm.example.org/${file}`;
    assert.equal(await tarballUrl(server, { headers: proxied }), url);
    const forwarded = { forwarded: 'for=203.0.113.9;proto=http;host=evil.example, for=198.51.100.7;proto=https;host=npm.example.org' };
    assert.equal(await tarballUrl(server, { headers: forwarded }), url);
    assert.equal(await tarballUrl(server), `${server.url}/${file}`);
    // From the right: trusted hops are skipped, the first other is the client; what is further left
    // anybody can write.
    const chain = { ...proxied, 'x-forwarded-for': '203.0.113.9, 198.51.100.8, 192.0.2.5' };
    const seen = server.child.log.length;
    await server.get('/-/ping', { headers: chain });
    await server.child.event('request', { path: '/-/ping', address: '198.51.100.8' }, seen);
    await server.stopCleanly();
  });

  test('a forwarded host that is none is refused', async (t) => {
    const server = await start(t, { settings: { trustedProxies: '127.0.0.1' } });
    for (const host of ['evil.example/x', 'user@host', '"><script>', 'a b']) {
      const answer = await server.get('/', { headers: { 'x-forwarded-host': host } });
      assert.equal(answer.status, 400, host);
      assert.equal(answer.headers['kontor-error-code'], 'bad_request');
    }
    await server.stopCleanly();
  });
});

describe('a token bound to an address', () => {
  test('is held to the address that a trusted proxy tells', async (t) => {
    const server = await start(t, { settings: { trustedProxies: '127.0.0.1' } });
    const body = { password: 'correct horse battery', cidr_whitelist: ['198.51.100.0/24'] };
    const made = await server.request('POST', '/-/npm/v1/tokens', { token: await server.token(), body });
    assert.equal(made.status, 201, made.text);
    const whoami = (headers) => server.get('/-/whoami', { token: made.json.token, headers });
    assert.equal((await whoami(proxied)).status, 200);
    const foreign = await whoami({ ...proxied, 'x-forwarded-for': '203.0.113.9' });
    assert.deepEqual([foreign.status, foreign.headers['kontor-error-code']], [403, 'address_not_allowed']);
    assert.equal((await whoami({})).status, 403);
    await server.stopCleanly();
  });

  test('cannot be used by who only claims the address', async (t) => {
    const server = await start(t);
    const body = { password: 'correct horse battery', cidr_whitelist: ['198.51.100.0/24'] };
    const made = await server.request('POST', '/-/npm/v1/tokens', { token: await server.token(), body });
    const answer = await server.get('/-/whoami', { token: made.json.token, headers: proxied });
    assert.deepEqual([answer.status, answer.headers['kontor-error-code']], [403, 'address_not_allowed']);
    await server.stopCleanly();
  });
});

describe('a public URL', () => {
  test('is in every tarball URL, whatever a request or a proxy says', async (t) => {
    const port = await freePort();
    const publicUrl = 'https://npm.example.net/registry';
    const args = ['--public-url', `${publicUrl}/`];
    const server = await start(t, { port, args, settings: { trustedProxies: '127.0.0.1' } });
    assert.equal(server.url, publicUrl, 'it is what the start prints');
    server.url = `http://127.0.0.1:${port}`;
    assert.equal((await publish(server, await server.token(), manifest, { access: 'public' })).status, 201);
    assert.equal(await tarballUrl(server), `${publicUrl}/${file}`);
    assert.equal(await tarballUrl(server, { headers: proxied }), `${publicUrl}/${file}`);
    assert.equal(await tarballUrl(server, { headers: { host: 'elsewhere' } }), `${publicUrl}/${file}`);
    assert.equal(await tarballUrl(server, { prefix: '/npm' }), `${publicUrl}/npm/${file}`);
    const { loginUrl, doneUrl } = (await server.request('POST', '/-/v1/login', { body: {} })).json;
    assert.ok(loginUrl.startsWith(`${publicUrl}/-/login/`), loginUrl);
    assert.ok(doneUrl.startsWith(`${publicUrl}/-/v1/done/`), doneUrl);
    await server.stopCleanly();
  });
});

describe('prefixes', () => {
  test('serve the same packages under URLs of their own', async (t) => {
    const server = await startWithPackage(t, { settings: { prefixes: '/npm,/api/registry/npm' } });
    for (const prefix of ['', '/npm', '/api/registry/npm']) {
      const url = await tarballUrl(server, { prefix });
      assert.equal(url, `${server.url}${prefix}/${file}`);
      assert.equal((await server.get(url.slice(server.url.length))).status, 200);
      assert.deepEqual((await server.get(`${prefix}/-/ping`)).json, {});
      const found = await server.get(`${prefix}/-/v1/search?text=pkg`);
      assert.deepEqual(found.json.objects.map((each) => each.package.name), ['@admin/pkg']);
    }
    const second = { name: 'through-prefix', version: '1.0.0' };
    assert.equal((await publish(server, await server.token(), second, { prefix: '/api/registry/npm' })).status, 201);
    assert.equal((await server.get('/through-prefix/latest')).json.version, '1.0.0');
    await server.stopCleanly();
  });

  test('that are not configured serve nothing', async (t) => {
    const server = await startWithPackage(t, { settings: { prefixes: '/other' } });
    for (const target of ['/npm/@admin%2fpkg', '/npm/-/ping']) {
      const answer = await server.get(target);
      assert.equal(answer.headers['kontor-error-code'], 'reserved_name', 'the root has no package npm');
    }
    assert.equal(await tarballUrl(server, { prefix: '/other' }), `${server.url}/other/${file}`);
    await server.stopCleanly();
  });

  test('keep the routes of the operator at the root', async (t) => {
    const server = await start(t);
    for (const target of ['/health', '/health/ready', '/metrics', '/-/kontor/v1/users']) {
      assert.equal((await server.get(`/npm${target}`, { token: await server.token() })).status, 404, target);
    }
    await server.stopCleanly();
  });
});
