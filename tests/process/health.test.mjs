// What an operator's tools ask: is it alive, can it work, what has it done.
import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from './support/data.mjs';
import { packed, publish } from './support/packages.mjs';
import { start } from './support/server.mjs';

describe('/health', () => {
  test('says that the process answers, and which version', async (t) => {
    const server = await start(t);
    const answer = await server.get('/health', { token: 'npm_that_nobody_has' });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['cache-control'], 'no-store');
    const version = /^Kontor (\S+) serves/m.exec(server.child.stderr)[1];
    assert.deepEqual(answer.json, { status: 'ok', version });
    assert.match(answer.headers['x-request-id'], /^[0-9a-f]{16}$/);
    await server.child.event('request', { id: answer.headers['x-request-id'], path: '/health', status: 200 });
    await server.stopCleanly();
  });
});

describe('/health/ready', () => {
  const ok = { status: 'ok' };
  const ready = { status: 'ready', checks: { metadata: ok, writes: ok, blobs: ok, logs: ok, draining: false } };

  test('probes each store and the logs', async (t) => {
    const server = await start(t);
    const answer = await server.get('/health/ready');
    assert.deepEqual([answer.status, answer.json], [200, ready]);
    await server.stopCleanly();
  });

  const losses = [
    ['the tarballs', 'blobs/sha256', 'blobs'],
    ['the folder of uploads', 'blobs/staging', 'blobs'],
    ['the database', 'kontor.db', 'metadata'],
    ['the tiles of a log', 'log/public/tile', 'logs'],
  ];
  for (const [what, name, check] of losses) {
    test(`is 503 while ${what} cannot be found, and 200 again afterwards`, async (t) => {
      const server = await start(t);
      await eventually(async () => Number((await server.get('/log/public/checkpoint')).text.split('\n')[1]) > 0);
      const place = path.join(server.dataDir, name);
      await rename(place, `${place}.away`);
      const answer = await server.get('/health/ready');
      assert.equal(answer.status, 503);
      const { advice, ...failed } = answer.json.checks[check];
      assert.deepEqual(failed, { status: 'failed', code: 'storage_failed' });
      assert.match(advice, /log/);
      assert.deepEqual(answer.json, { status: 'not ready', checks: { ...ready.checks, [check]: { ...failed, advice } } });
      assert.ok(!answer.text.includes(server.dataDir), 'strangers learn no paths');
      assert.equal((await server.get('/health')).status, 200, 'it is alive all the same');
      await rename(`${place}.away`, place);
      assert.equal((await server.get('/health/ready')).status, 200);
      await server.stopCleanly();
    });
  }

  test('a publish without a place for it fails cleanly and works once the place is back', async (t) => {
    const server = await start(t);
    const token = await server.token();
    const staging = path.join(server.dataDir, 'blobs/staging');
    await rename(staging, `${staging}.away`);
    const failed = await publish(server, token, { name: 'later', version: '1.0.0' });
    assert.deepEqual([failed.status, failed.headers['kontor-error-code']], [500, 'storage_failed']);
    assert.ok(!failed.text.includes(server.dataDir));
    const { level, cause } = await server.child.event('request_failed', { code: 'storage_failed' });
    assert.equal(level, 'error');
    assert.match(cause, /No such file or directory/, 'the operator learns why');
    assert.equal((await server.get('/later')).status, 404);
    await rename(`${staging}.away`, staging);
    assert.equal((await publish(server, token, { name: 'later', version: '1.0.0' })).status, 201);
    await server.stopCleanly();
  });
});

describe('/-/kontor/v1/health/history', () => {
  // Asks until the history is as wanted.
  async function history(server, token, wanted) {
    for (;;) {
      const answer = await server.get('/-/kontor/v1/health/history', { token });
      assert.equal(answer.status, 200);
      if (wanted(answer.json.rounds)) return answer.json.rounds;
    }
  }

  test('tells administrators what the server found when it asked itself', async (t) => {
    const server = await start(t, { settings: { 'health.interval': '10ms', 'health.history': 3 } });
    const token = await server.token();
    const rounds = await history(server, token, (found) => found.length === 3);
    assert.ok(rounds[0].at > rounds[2].at, 'newest first');
    for (const round of rounds) {
      assert.equal(round.ok, true);
      assert.deepEqual(
        round.endpoints.map(({ target, status }) => [target, status]),
        ['/health', '/health/ready', '/-/ping', '/-/v1/search?text=a&size=1', '/v1/search?q=a&limit=1',
          '/registry?query=a', '/v1/advisories?limit=1'].map((target) => [target, 200]),
      );
    }
    assert.equal((await server.get('/-/kontor/v1/health/history', { token: await server.user('ada') })).status, 403);
    const metrics = (await server.get('/metrics', { token })).text;
    assert.match(metrics, /^kontor_self_check_up\{endpoint="\/-\/ping"\} 1$/m);
    await server.stopCleanly();
  });

  test('shows a failure, which is a warning in the log, and its end', async (t) => {
    const server = await start(t, { settings: { 'health.interval': '10ms' } });
    const token = await server.token();
    const place = path.join(server.dataDir, 'blobs/staging');
    await rename(place, `${place}.away`);
    const { level, cause } = await server.child.event('self_check_failed');
    assert.equal(level, 'warn');
    assert.match(cause, /\/health\/ready answered 503/);
    await history(server, token, ([newest]) => newest && !newest.ok);
    await rename(`${place}.away`, place);
    await history(server, token, ([newest]) => newest.ok);
    await server.stopCleanly();
  });
});

const type = 'text/plain; version=0.0.4; charset=utf-8';
const value = '(?:[0-9.e+-]+|[+-]Inf|NaN)';
const sample = new RegExp(`^[a-z_]+(?:\\{(?:[a-z_]+="(?:[^"\\\\]|\\\\.)*",?)+\\})? ${value}$`);

// The samples by name with labels; every line must be as Prometheus reads it.
function samples(text) {
  const found = new Map();
  const described = new Set();
  for (const line of text.split('\n').filter(Boolean)) {
    const [, kind, name] = /^# (HELP|TYPE) ([a-z_]+) .+$/.exec(line) ?? [];
    if (kind) described.add(`${kind} ${name}`);
    else {
      assert.match(line, sample);
      const [key] = line.split(' ', 1);
      const family = /^[a-z_]+/.exec(line)[0].replace(/_(bucket|sum|count)$/, '');
      assert.ok(described.has(`TYPE ${family}`) && described.has(`HELP ${family}`), line);
      assert.ok(!found.has(key), `twice: ${key}`);
      found.set(line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1)));
    }
  }
  return found;
}

describe('/metrics', () => {
  test('count what happened, in the format of Prometheus', async (t) => {
    const server = await start(t);
    const token = await server.token();
    const manifest = { name: 'counted', version: '1.0.0' };
    const tarball = packed(manifest);
    assert.equal((await publish(server, token, manifest, { tarball })).status, 201);
    const other = packed(manifest, { 'index.js': 'module.exports = 2' });
    assert.equal((await publish(server, token, manifest, { tarball: other })).status, 403);
    const unfit = packed({ ...manifest, version: '3.0.0' });
    assert.equal((await publish(server, token, { ...manifest, version: '2.0.0' }, { tarball: unfit })).status, 400);
    const rubbish = { tarball: Buffer.from('no tarball') };
    assert.equal((await publish(server, token, { ...manifest, version: '2.0.0' }, rubbish)).status, 400);
    await server.get('/counted/-/counted-1.0.0.tgz');
    for (let i = 0; i < 3; ++i) await server.get('/counted');
    assert.equal((await server.get('/-/whoami', { token: `npm_${'z'.repeat(36)}` })).status, 401);
    const answer = await server.get('/metrics', { token });
    assert.equal(answer.headers['content-type'], type);
    assert.equal(answer.headers['cache-control'], 'no-store');
    const found = samples(answer.text);
    const requests = (route, method, status) =>
      found.get(`kontor_http_requests_total{family="npm",route="${route}",method="${method}",status="${status}"}`);
    assert.equal(requests('/:pkg', 'PUT', 201), 1);
    assert.equal(requests('/:pkg', 'PUT', 403), 1);
    assert.equal(requests('/:pkg', 'GET', 200), 3);
    assert.equal(found.get('kontor_publishes_total{format="npm",outcome="ok"}'), 1);
    assert.equal(found.get('kontor_publishes_total{format="npm",outcome="failed"}'), 3);
    assert.equal(found.get('kontor_download_bytes_total{format="npm"}'), tarball.length);
    assert.equal(found.get('kontor_auth_failures_total{reason="malformed"}'), 1);
    assert.equal(found.get('kontor_document_cache_total{result="hit"}') + found.get('kontor_document_cache_total{result="miss"}'), 3);
    assert.ok(found.get('kontor_connections_open') >= 1);
    const all = found.get('kontor_http_request_duration_seconds_count');
    assert.equal(found.get('kontor_http_request_duration_seconds_bucket{le="+Inf"}'), all);
    const total = [...found].filter(([key]) => key.startsWith('kontor_http_requests_total')).reduce((sum, [, n]) => sum + n, 0);
    assert.equal(total, all);
    await server.stopCleanly();
  });

  test('are for administrators', async (t) => {
    const server = await start(t);
    const statuses = [];
    for (const token of [undefined, `npm_${'z'.repeat(36)}`, await server.user('ada'), await server.token()]) {
      statuses.push((await server.get('/metrics', { token })).status);
    }
    assert.deepEqual(statuses, [401, 401, 403, 200]);
    await server.stopCleanly();
  });

  test('are for who has the configured token, besides', async (t) => {
    const server = await start(t, { settings: { 'metrics.token': 'of the scraper' } });
    const statuses = [];
    for (const token of ['of the scraper', 'of the scrape', 'of the scraper ', undefined, await server.token()]) {
      statuses.push((await server.get('/metrics', { token })).status);
    }
    assert.deepEqual(statuses, [200, 401, 200, 401, 200], 'blanks around a header are no part of it');
    assert.equal((await server.get('/-/whoami', { token: 'of the scraper' })).status, 401, 'it opens nothing else');
    await server.stopCleanly();
  });

  test('are for everybody where that is configured', async (t) => {
    const server = await start(t, { settings: { 'metrics.public': true } });
    assert.equal((await server.get('/metrics')).status, 200);
    await server.stopCleanly();
  });
});
