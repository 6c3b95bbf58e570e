// What publishing and reading cost as packages and the store grow.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cpuUs, load, median, rssMb } from './load.mjs';
import { start } from './publishing.mjs';

// Publish number 5,000 against number 10: both packages are in one store and take turns, so that
// nothing but their own length differs.
async function depth(bench) {
  const kontor = await start(bench);
  const publish = (single, first, count, clients = 1) =>
    load(kontor.url, { kind: 'publish', single, first, count, clients, token: kontor.token }).then(([r]) => {
      if (r.errors) throw new Error(JSON.stringify(r.statuses));
      return r;
    });
  await publish('deep', 1, 50);
  const before = rssMb(kontor.child.pid);
  await publish('deep', 51, 4945, 32);
  const after = rssMb(kontor.child.pid);
  const ratios = [];
  for (let i = 0; i < 10; i += 1) {
    await publish(`young-${i}`, 1, 5);
    const young = await publish(`young-${i}`, 6, 10);
    const old = await publish('deep', 4996 + 10 * i, 10);
    ratios.push(old.p50_us / young.p50_us);
  }
  bench.row({ name: 'publish no. 5,000 against no. 10, p50', value: median(ratios), unit: 'times', goal: 1.3, atMost: true, detail: ratios });
  bench.row({ name: '  growth of resident memory by 4,950 versions', value: after - before, unit: 'MB' });
}

// Reads of a packument of 20 MB while versions are added to it, and what they make others wait.
async function readAfterPublish(bench) {
  const kontor = await start(bench);
  const options = { manifestBytes: 4200 };
  await kontor.publish('wide', '1.0.0', options);
  await kontor.publishAll(Array.from({ length: 3999 }, (_, i) => ['wide', `1.0.${i + 1}`, options]));
  await kontor.publish('small', '1.0.0', {});
  const wide = path.join(bench.dir, 'wide');
  const small = path.join(bench.dir, 'small');
  await writeFile(wide, '/wide\n');
  await writeFile(small, '/small\n');
  const time = async () => {
    const started = process.hrtime.bigint();
    const answer = await kontor.get('/wide', { 'accept-encoding': 'gzip' });
    return { ms: Number(process.hrtime.bigint() - started) / 1e6, bytes: answer.body.length };
  };
  const first = await time();
  const times = [];
  for (let i = 0; i < 5; i += 1) {
    await kontor.publish('wide', `2.0.${i}`, options);
    times.push((await time()).ms);
  }
  bench.row({ name: 'first read of a packument of 20 MB, gzip', value: first.ms, unit: 'ms', note: `${(first.bytes / 1e6).toFixed(2)} MB` });
  bench.row({ name: '  read after one more publish', value: median(times), unit: 'ms', detail: times });
  const before = cpuUs(kontor.child.pid);
  const [publishes, reads, others] = await load(kontor.url,
    { kind: 'publish', label: 'publish', clients: 1, single: 'wide', first: 100000, count: 50, pause: 20, token: kontor.token },
    { kind: 'get', label: 'wide', clients: 16, paths: wide, encoding: 'gzip' },
    { kind: 'get', label: 'small', clients: 4, paths: small, encoding: 'gzip', pause: 1 });
  bench.row({ name: '  small reads beside it while it grows, p99', value: others.p99_us / 1000, unit: 'ms',
    note: `max ${(others.max_us / 1000).toFixed(1)} ms; ${reads.rate.toFixed(0)} large reads/s, ${publishes.rate.toFixed(0)} publishes/s, CPU ${((cpuUs(kontor.child.pid) - before) / 1e6).toFixed(1)} s`,
    detail: { publishes, reads, others } });
  bench.row({ name: '  resident memory', value: rssMb(kontor.child.pid, 'VmHWM'), unit: 'MB (peak)' });
}

// Publishes while collections, every other one a dry run, are made ten times a second. Orphans are laid
// out beforehand.
async function collecting(bench) {
  const kontor = await start(bench);
  const folder = path.join(kontor.dataDir, 'blobs/sha256');
  const orphans = 2000;
  for (let i = 0; i < orphans; i += 1) {
    const bytes = Buffer.from(`orphan ${i}`);
    await writeFile(path.join(folder, createHash('sha256').update(bytes).digest('hex')), bytes);
  }
  const seen = { dry: 0, dryBytes: 0, removed: 0, collections: 0 };
  let publishing = true;
  const collect = async () => {
    for (let dry = true; publishing || dry; dry = !dry) {
      const answer = await kontor.request('POST', '/-/kontor/v1/gc', {
        headers: { 'content-type': 'application/json', authorization: `Bearer ${kontor.token}` },
        body: JSON.stringify({ grace_seconds: 0, dry_run: dry }),
      });
      if (answer.status !== 200) throw new Error(`gc: ${answer.status} ${answer.body}`);
      const { orphan_bytes: bytes, removed } = JSON.parse(answer.body);
      if (dry) seen.dryBytes = Math.max(seen.dryBytes, bytes);
      else seen.removed += removed;
      seen.collections += 1;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  };
  const done = collect();
  const [published] = await load(kontor.url, { kind: 'publish', clients: 32, count: 10_000, single: 'busy', first: 1, token: kontor.token });
  publishing = false;
  await done;
  if (published.errors || seen.removed < orphans) throw new Error(JSON.stringify({ published, seen }));
  bench.row({ name: 'publishes beside collections of orphans', value: published.rate, unit: 'publishes/s',
    note: `${seen.collections} collections, ${seen.removed} orphans removed, a dry run saw ${seen.dryBytes} bytes` });
}

export const cases = { depth, wide: readAfterPublish, gc: collecting };
