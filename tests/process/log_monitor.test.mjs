// `kontor monitor`: what it tells of, what it keeps between its runs, and whom it tells.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { binary, Child, environment, folder, kontor } from './support/kontor.mjs';
import { LogRegistry } from './support/log_registry.mjs';
import { publishLeaf, TestLog } from './support/tlog.mjs';

async function world(t) {
  const registry = await new LogRegistry().start(t);
  registry.publish('@acme/tool', '1.0.0');
  const home = await folder(t);
  const options = { cwd: home, env: environment({ HOME: home, XDG_CONFIG_HOME: '' }) };
  const pinned = await kontor(['log', 'pin', registry.url, registry.log.key.vkey], options);
  assert.equal(pinned.code, 0, pinned.stderr);
  const args = (...more) => ['monitor', registry.url, '--json', ...more];
  const once = async (...more) => {
    const result = await kontor(args('--once', ...more), options);
    const alarms = result.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    return { ...result, alarms, rules: alarms.map(({ rule }) => rule) };
  };
  const follow = (...more) => {
    const child = new Child(binary, args('--interval', '1', ...more), options);
    t.after(() => child.kill('SIGKILL'));
    return child;
  };
  return { registry, once, follow };
}

// Somebody's webhook; `status` is what it answers.
class Webhook {
  static async start(t) {
    const hook = Object.assign(new Webhook(), { status: 204, got: [], waiters: new Set() });
    hook.server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      hook.got.push({ type: request.headers['content-type'], status: hook.status, alarm: JSON.parse(body) });
      response.writeHead(hook.status).end();
      for (const waiter of hook.waiters) waiter();
    });
    await new Promise((resolve) => hook.server.listen(0, '127.0.0.1', resolve));
    t.after(() => new Promise((resolve) => hook.server.close(resolve)));
    hook.url = `http://127.0.0.1:${hook.server.address().port}/hook`;
    return hook;
  }

  until(count) {
    return new Promise((resolve) => {
      const waiter = () => this.got.length >= count && resolve();
      this.waiters.add(waiter);
      waiter();
    });
  }
}

test('an honest log is silent, and what concerns watched packages is told once', async (t) => {
  const { registry, once } = await world(t);
  const watch = ['--package', 'acme/*'];
  assert.deepEqual([(await once(...watch)).code, (await once(...watch)).code], [0, 0]);
  registry.publish('@acme/tool', '1.0.1');
  registry.publish('plain', '1.0.0');
  const told = await once(...watch);
  assert.equal(told.code, 1, told.stderr);
  assert.deepEqual(told.rules, ['watched']);
  assert.deepEqual([told.alarms[0].package, told.alarms[0].index], ['@acme/tool', 1]);
  assert.match(told.alarms[0].text, /acct_ada: publish @acme\/tool@1\.0\.1/);
  assert.equal((await once(...watch)).code, 0);
  registry.publish('@acme/tool', '1.0.2');
  assert.equal((await once(...watch, '--account', 'acct_ada')).code, 0);
});

test('entries that an honest registry does not write are told', async (t) => {
  const { registry, once } = await world(t);
  const tarball = Buffer.from('x');
  registry.log.add(
    publishLeaf({ name: '@acme/tool', version: '1.0.0', tarball }),
    publishLeaf({ name: '@acme/tool', version: '6.6.6', tarball, account: 'acct_eve' }),
    publishLeaf({ name: 'plain', version: '1.0.0', tarball, time: 1_700_000_000 }),
    'no leaf\n',
  );
  registry.log.publish();
  const found = await once();
  assert.equal(found.code, 1);
  assert.deepEqual(found.rules, ['published_twice', 'published_by_no_owner', 'time_went_back', 'not_a_leaf']);
  assert.deepEqual(found.alarms.map(({ index }) => index), [1, 2, 3, 4]);
});

test('a watched release that is served otherwise is told', async (t) => {
  const { registry, once } = await world(t);
  const watch = ['--package', '@acme/*', '--account', 'acct_ada'];
  await once(...watch);
  registry.publish('@acme/tool', '1.0.1');
  registry.find('@acme/tool', '1.0.1').tarball = Buffer.from('something else');
  registry.publish('@acme/tool', '1.0.2');
  const found = await once(...watch);
  assert.deepEqual(found.rules, ['served_otherwise']);
  assert.match(found.alarms[0].text, /@acme\/tool@1\.0\.1 has sha512-.*, but the log says sha512-/);
});

test('a log that does not continue is told once, and stays refuted until it is mended', async (t) => {
  const { registry, once } = await world(t);
  registry.publish('plain', '1.0.0');
  assert.equal((await once()).code, 0);
  const { log } = registry;
  registry.log = new TestLog('registry.example/log/public');
  registry.publish('other', '1.0.0');
  registry.publish('other', '1.0.1');
  registry.publish('other', '1.0.2');
  const found = await once();
  assert.deepEqual([found.code, found.rules], [1, ['inconsistent']]);
  assert.ok(found.alarms[0].text.includes(log.root) && found.alarms[0].text.includes(registry.log.root));
  const again = await once();
  assert.deepEqual([again.code, again.rules], [1, []]);
  registry.log = log;
  assert.equal((await once()).code, 0);
});

test('a damaged tile or bundle is told', async (t) => {
  const { registry, once } = await world(t);
  const bundle = registry.log.files.get('tile/entries/000.p/1');
  registry.log.files.set('tile/entries/000.p/1', Buffer.concat([bundle.subarray(0, -2), Buffer.from('1\n')]));
  assert.deepEqual((await once()).rules, ['inconsistent']);
  registry.log.files.set('tile/entries/000.p/1', bundle);
  registry.log.files.delete('tile/0/000.p/1');
  assert.deepEqual((await once()).rules, ['inconsistent']);
});

test('nothing was found out where the registry is away', async (t) => {
  const { registry, once } = await world(t);
  await registry.stop();
  registry.stop = async () => {};
  const result = await once();
  assert.deepEqual([result.code, result.rules], [3, []]);
});

test('a webhook gets every alarm, also those it refused at first and those before a kill', async (t) => {
  const { registry, once, follow } = await world(t);
  const hook = await Webhook.start(t);
  const watch = ['--package', '@acme/*', '--webhook', hook.url];
  assert.equal((await once(...watch)).code, 0);
  hook.status = 500;
  registry.publish('@acme/tool', '1.0.1');
  const first = follow(...watch);
  await hook.until(1);
  await first.kill('SIGKILL');
  hook.status = 204;
  registry.publish('@acme/tool', '1.0.2');
  const second = follow(...watch);
  const before = hook.got.length;
  await hook.until(before + 2);
  registry.publish('@acme/tool', '1.0.3');
  await hook.until(before + 3);
  const ended = await second.kill('SIGTERM');
  assert.equal(ended.code, 0, ended.stderr);
  const taken = hook.got.filter(({ status }) => status === 204);
  assert.deepEqual(taken.map(({ alarm }) => alarm.text.match(/@([\d.]+)\.$/)[1]), ['1.0.1', '1.0.2', '1.0.3']);
  assert.equal(new Set(taken.map(({ alarm }) => alarm.id)).size, 3);
  assert.equal(taken[0].type, 'application/json');
  assert.equal(taken[0].alarm.registry, registry.url);
  assert.equal((await once(...watch)).code, 0);
});
