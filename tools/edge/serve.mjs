// node tools/edge/serve.mjs [--port P] [--host H] [--data-dir D] [--set path=value]... [--config F]
//                            [--put key=file]...
// The registry as a worker, with the options and KONTOR_... variables of `kontor serve`. `--put` puts a
// file into the bucket, as `wrangler r2 object put` does.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startLocal } from './local.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.KONTOR_PORT ?? '4873' },
    host: { type: 'string', default: process.env.KONTOR_HOST ?? '127.0.0.1' },
    'data-dir': { type: 'string', default: process.env.KONTOR_DATA_DIR ?? 'kontor-edge-data' },
    set: { type: 'string', multiple: true, default: [] },
    config: { type: 'string' },
    put: { type: 'string', multiple: true, default: [] },
  },
});

const folder = path.resolve(values['data-dir']);
mkdirSync(folder, { recursive: true, mode: 0o700 });

// The secret of this deployment: made at its first start, as `wrangler secret put` would keep it.
function secret() {
  const file = path.join(folder, 'auth-secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => /^(KONTOR_|STRIPE_|COURSES$)/.test(name) && !name.startsWith('KONTOR_TEST') && !name.startsWith('KONTOR_EDGE'),
  ),
);
const variables = { AUTH_SECRET: process.env.AUTH_SECRET ?? secret(), ...environment };
if (process.env.KONTOR_EDGE_STATS) variables.EDGE_STATS = '1';
if (process.env.KONTOR_EDGE_ORIGIN) variables.ORIGIN = process.env.KONTOR_EDGE_ORIGIN;
if (values.set.length) variables.KONTOR_SETTINGS = values.set.join('\n');
if (values.config) variables.KONTOR_CONFIG = readFileSync(values.config, 'utf8');

const objects = Object.fromEntries(
  values.put.map((pair) => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals), readFileSync(pair.slice(equals + 1))];
  }),
);

const { stop, url } = await startLocal({
  port: Number(values.port),
  host: values.host,
  folder,
  variables,
  objects,
  onLine: (text) => process.stderr.write(text),
});
process.stderr.write(`\nKontor edge serves ${url}/\n\n`);
process.stdout.write(`${JSON.stringify({ level: 'info', event: 'listening', url, version: 'edge' })}\n`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.removeAllListeners(signal); // miniflare ends the process with an error
  process.once(signal, async () => {
    await stop();
    process.exit(0);
  });
}
