// node bench/write/main.mjs [case...] [--rounds 3] [--out build/bench/write.json] [--kontor FILE]
// Every case starts its own server on an empty folder of the disk that TMPDIR is on. Without names
// all are run; --list names them. A row is a figure with its goal; `detail` has what else was seen.
import { cpus, loadavg, tmpdir } from 'node:os';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as growth from './growth.mjs';
import * as largeStore from './large_store.mjs';
import * as publishing from './publishing.mjs';
import * as release from './release.mjs';

const cases = { ...publishing.cases, ...growth.cases, ...largeStore.cases, ...release.cases };
const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '60' },
    packages: { type: 'string', default: '100000' },
    port: { type: 'string', default: '9490' },
    out: { type: 'string', default: 'build/bench/write.json' },
    kontor: { type: 'string', default: process.env.KONTOR_BINARY ?? 'build/kontor' },
    list: { type: 'boolean', default: false },
  },
});
for (const name of names)
  if (!cases[name]) throw new Error(`no case ${name}; there are: ${Object.keys(cases).join(' ')}`);

function print({ name, value, unit, goal, atMost, note, load }) {
  const met = goal === undefined ? '' : (atMost ? value <= goal : value >= goal) ? '' : '  MISSED';
  const wanted = goal === undefined ? '' : `  (goal ${atMost ? 'at most' : 'at least'} ${goal} ${unit})`;
  const digits = value >= 100 ? 0 : 2;
  console.log(`${name.padEnd(52)} ${value.toFixed(digits).padStart(9)} ${unit}${wanted}${met}${note ? `  ${note}` : ''}  load ${load.toFixed(1)}`);
}

async function run(name, dir) {
  const stops = [];
  const here = path.join(dir, name);
  await mkdir(here, { recursive: true });
  const bench = {
    dir: here,
    binary: path.resolve(options.kontor),
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
    packages: Number(options.packages),
    port: Number(options.port),
    rows: [],
    row(row) {
      row.load = loadavg()[0];
      this.rows.push(row);
      print(row);
    },
    atEnd(stop) {
      stops.push(stop);
    },
  };
  try {
    await cases[name](bench);
  } finally {
    for (const stop of stops.reverse()) await stop();
    await rm(here, { recursive: true, force: true });
  }
  return { name, rows: bench.rows };
}

if (options.list) {
  console.log(Object.keys(cases).join('\n'));
} else {
  const dir = await mkdtemp(path.join(tmpdir(), 'kontor-bench-'));
  const result = { at: new Date().toISOString(), machine: { cpu: cpus()[0].model, cores: cpus().length }, cases: [] };
  try {
    for (const name of names.length > 0 ? names : Object.keys(cases)) result.cases.push(await run(name, dir));
    await mkdir(path.dirname(options.out), { recursive: true });
    await writeFile(options.out, `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
