// node tests/edge/d1_server.mjs: a worker under miniflare that does with a D1 database what it is sent,
// for the port conformance suites. Prints its URL. POST /batch: a message of ../../src/apps/edge/wire.h;
// POST /empty: forgets all tables; ends with its standard input.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { Log, LogLevel, Miniflare } = createRequire(path.join(root, 'tools/edge/package.json'))('miniflare');
const scripts = path.join(root, 'src/apps/edge/worker');

const entry = `
import { batch } from './d1.mjs';
import { MessageReader } from './wire.mjs';

async function empty(database) {
  const { results } = await database.prepare("SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view')" +
    " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\\\_cf%' ESCAPE '\\\\'").all();
  const views = results.filter(({ type }) => type === 'view');
  const tables = results.filter(({ type }) => type === 'table');
  const virtual = tables.filter(({ sql }) => sql.startsWith('CREATE VIRTUAL'));
  const own = ({ name }) => !virtual.some((other) => name.startsWith(other.name + '_'));
  const plain = tables.filter((table) => !virtual.includes(table) && own(table));
  const drops = [...views, ...virtual, ...plain].map(({ type, name }) =>
    database.prepare('DROP ' + type + ' "' + name + '"'));
  await database.batch([database.prepare('PRAGMA defer_foreign_keys = on'), ...drops]);
  return new Uint8Array();
}

export default {
  async fetch(request, { DB }) {
    try {
      const message = new MessageReader(new Uint8Array(await request.arrayBuffer()));
      const answer = new URL(request.url).pathname === '/batch' ? await batch(DB, message) : await empty(DB);
      return new Response(answer);
    } catch (error) {
      return new Response(String(error?.message ?? error), { status: 500 });
    }
  },
};`;

const module = (name, contents) => ({ type: 'ESModule', path: path.join(scripts, name), contents });
const kept = (name) => module(name, readFileSync(path.join(scripts, name), 'utf8'));
const miniflare = new Miniflare({
  log: new Log(LogLevel.ERROR),
  cf: false,
  telemetry: { enabled: false },
  host: '127.0.0.1',
  port: 0,
  compatibilityDate: '2025-12-01',
  modulesRoot: scripts,
  modules: [module('entry.mjs', entry), kept('d1.mjs'), kept('wire.mjs')],
  d1Databases: { DB: 'conformance' },
});
process.stdout.write(`${await miniflare.ready}\n`);
process.stdin.resume();
process.stdin.on('end', async () => {
  await miniflare.dispose();
  process.exit(0);
});
