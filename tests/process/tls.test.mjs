// HTTPS as real programs speak it: openssl, curl, h2load, npm.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { environment, folder, run } from './support/kontor.mjs';
import { packed, publishDocument } from './support/packages.mjs';
import { exchange } from './support/raw.mjs';
import { adminPassword } from './support/server.mjs';
import { startWithTls } from './support/tls.mjs';

async function ok(command, args, options) {
  const result = await run(command, args, options);
  assert.equal(result.code, 0, `${command} ${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

// curl's output, checked against our certificate.
const curl = (server, args) => ok('curl', ['-sS', '--cacert', server.certFile, ...args]);

async function token(server) {
  const body = JSON.stringify({ name: 'admin', password: adminPassword });
  const url = `${server.url}/-/user/org.couchdb.user:admin`;
  return JSON.parse(await curl(server, ['-X', 'PUT', '-H', 'content-type: application/json', '-d', body, url])).token;
}

const handshake = (server, args) =>
  run('openssl', ['s_client', '-connect', `127.0.0.1:${server.port}`, '-CAfile', server.certFile, '-brief', ...args]);

test('the URL that is printed says https', async (t) => {
  const server = await startWithTls(t);
  assert.match(server.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  await server.stopCleanly();
});

describe('openssl', () => {
  test('agrees on TLS 1.3 and trusts the chain', async (t) => {
    const server = await startWithTls(t);
    const { code, stderr } = await handshake(server, ['-tls1_3', '-verify_return_error']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Protocol version: TLSv1\.3$/m);
    assert.match(stderr, /^Verification: OK$/m);
    await server.stopCleanly();
  });

  test('is offered HTTP/2 first, HTTP/1.1 next, nothing else', async (t) => {
    const server = await startWithTls(t);
    const chosen = async (offer) => {
      const args = ['s_client', '-connect', `127.0.0.1:${server.port}`, '-alpn', offer];
      return /^(?:ALPN protocol: (\S+)|(No ALPN) negotiated)$/m.exec((await run('openssl', args)).stdout).slice(1).find(Boolean);
    };
    assert.equal(await chosen('http/1.1,h2'), 'h2');
    assert.equal(await chosen('http/1.1'), 'http/1.1');
    assert.equal(await chosen('spdy/3'), 'No ALPN');
    await server.stopCleanly();
  });

  test('is refused TLS 1.2, and the refusal is logged', async (t) => {
    const server = await startWithTls(t);
    const { code, stderr } = await handshake(server, ['-tls1_2']);
    assert.equal(code, 1);
    assert.match(stderr, /alert protocol version/);
    const { reason } = await server.child.event('handshake_failed');
    assert.equal(reason, 'unsupported protocol');
    await server.stopCleanly();
  });
});

test('a client that speaks HTTP to this port is told, and the server goes on', async (t) => {
  const server = await startWithTls(t);
  const said = await exchange(server.port, 'GET /-/ping HTTP/1.1\r\nhost: localhost\r\n\r\n');
  assert.match(said, /^HTTP\/1\.1 400 Bad Request\r\n.*\r\n\r\nThis port speaks HTTPS \(TLS\)\.\r\n$/s);
  assert.equal((await server.child.event('handshake_failed')).reason, 'http request');
  const rubbish = await exchange(server.port, Buffer.alloc(300, 0x80));
  assert.doesNotMatch(rubbish, /HTTP/);
  assert.equal(await curl(server, [`${server.url}/-/ping`]), '{}');
  await server.stopCleanly();
});

describe('curl', () => {
  test('publishes and reads over HTTP/2 and over HTTP/1.1', async (t) => {
    const server = await startWithTls(t);
    const dir = await folder(t);
    const bearer = `authorization: Bearer ${await token(server)}`;
    for (const [flag, version] of [['--http2', '2'], ['--http1.1', '1.1']]) {
      const manifest = { name: `over-${version}`, version: '1.0.0' };
      const tarball = packed(manifest, { 'random.bin': randomBytes(3 << 20) });
      const [document, received] = ['document', 'received'].map((name) => path.join(dir, name + version));
      await writeFile(document, JSON.stringify(publishDocument(manifest, tarball)));
      const put = ['-X', 'PUT', '--data-binary', `@${document}`, '-H', bearer, '-H', 'content-type: application/json'];
      const written = ['-w', '%{http_version} %{http_code}', '-o', received];
      assert.equal(await curl(server, [flag, ...put, ...written, `${server.url}/${manifest.name}`]), `${version} 201`);
      const file = `${server.url}/${manifest.name}/-/${manifest.name}-1.0.0.tgz`;
      assert.equal(await curl(server, [flag, ...written, file]), `${version} 200`);
      assert.ok(tarball.equals(await readFile(received)));
    }
    await server.stopCleanly();
  });

  test('without our certificate among its authorities refuses us', async (t) => {
    const server = await startWithTls(t);
    const { code } = await run('curl', ['-sS', `${server.url}/-/ping`]);
    assert.equal(code, 60); // "peer certificate cannot be authenticated"
    await server.stopCleanly();
  });
});

test('h2load: many streams on few connections are all answered', async (t) => {
  const server = await startWithTls(t);
  const said = await ok('h2load', ['-n', '2000', '-c', '4', '-m', '50', '-t', '1', `${server.url}/-/ping`]);
  assert.match(said, /^requests: 2000 total, 2000 started, 2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout$/m);
  assert.match(said, /^status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx$/m);
  assert.match(said, /^Application protocol: h2$/m);
  await server.stopCleanly();
});

test('npm publishes and installs with cafile', async (t) => {
  const server = await startWithTls(t);
  const dir = await folder(t);
  const files = {
    '.npmrc': `registry=${server.url}/\ncafile=${server.certFile}\n//127.0.0.1:${server.port}/:_authToken=${await token(server)}\n`,
    'lib/package.json': JSON.stringify({ name: '@admin/over-https', version: '1.2.3' }),
    'lib/index.js': 'module.exports = "over https"\n',
    'app/package.json': JSON.stringify({ name: 'app', version: '1.0.0', private: true }),
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), text);
  }
  const env = environment({ HOME: dir, npm_config_userconfig: path.join(dir, '.npmrc') });
  const npm = (args, cwd) => ok('npm', [...args, '--no-audit', '--no-fund', '--no-update-notifier'], { cwd: path.join(dir, cwd), env });
  assert.equal((await npm(['whoami'], 'lib')).trim(), 'admin');
  assert.match(await npm(['publish', '--access=public'], 'lib'), /^\+ @admin\/over-https@1\.2\.3$/m);
  await npm(['install', '@admin/over-https@^1.0.0'], 'app');
  const installed = path.join(dir, 'app/node_modules/@admin/over-https/index.js');
  assert.equal(await readFile(installed, 'utf8'), files['lib/index.js']);
  const lock = JSON.parse(await readFile(path.join(dir, 'app/package-lock.json'), 'utf8'));
  const { resolved } = lock.packages['node_modules/@admin/over-https'];
  assert.equal(resolved, `${server.url}/@admin/over-https/-/over-https-1.2.3.tgz`);
  await server.stopCleanly();
});
