// The ranges that audits answer say of every version what OSV's own evaluation says under npm's
// semver, and the registry's own verdict is the same: three judges, thousands of random versions.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { startServer } from './support/server.mjs';

const require = createRequire(import.meta.url);
const semver = require('./node_modules/npm11/node_modules/semver');
const loose = { includePrerelease: true, loose: true };

// A generator of numbers that repeats (mulberry32), so that a failure can be seen again.
function randomFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const seed = Number(process.env.KONTOR_SEED ?? 20261121);
const random = randomFrom(seed);
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];

// Few numbers, so that versions meet the edges of ranges; prereleases and build metadata as people
// write them.
const tails = ['', '', '', '-0', '-alpha', '-alpha.1', '-beta.2', '-rc.1', '-rc.10', '+build.5'];
const version = () => `${below(3)}.${below(4)}.${below(4)}${pick(tails)}`;

function range() {
  const events = [];
  const count = 1 + below(3);
  const points = Array.from({ length: 2 * count }, version).sort(semver.compareLoose);
  for (let i = 0; i < count; ++i) {
    events.push({ introduced: i === 0 && random() < 0.4 ? '0' : points[2 * i] });
    if (i === count - 1 && random() < 0.25) break;
    events.push(random() < 0.7 ? { fixed: points[2 * i + 1] } : { last_affected: points[2 * i + 1] });
  }
  return { type: random() < 0.5 ? 'SEMVER' : 'ECOSYSTEM', events };
}

const advisory = (name) => ({
  id: `TEST-${name}`,
  modified: '2026-11-20T00:00:00Z',
  summary: `random ${name}`,
  affected: Array.from({ length: 1 + below(2) }, () => ({
    package: { ecosystem: 'npm', name },
    ...(random() < 0.85 ? { ranges: Array.from({ length: 1 + below(2) }, range) } : {}),
    ...(random() < 0.4 ? { versions: Array.from({ length: 1 + below(4) }, version) } : {}),
  })),
});

// The evaluation of the OSV schema, written from it, over npm's semver.
function inRange({ events }, v) {
  const place = (e) => Object.values(e)[0];
  const order = (a, b) => (a === '0' ? (b === '0' ? 0 : -1) : b === '0' ? 1 : semver.compareLoose(a, b));
  let affected = false;
  for (const event of [...events].sort((a, b) => order(place(a), place(b)))) {
    const at = order(v, place(event));
    if ('introduced' in event && at >= 0) affected = true;
    if ('fixed' in event && at >= 0) affected = false;
    if ('last_affected' in event && at > 0) affected = false;
  }
  return affected;
}
const isAffected = (record, v) =>
  record.affected.some(
    (entry) =>
      (entry.versions ?? []).some((listed) => semver.compareLoose(listed, v) === 0) ||
      (entry.ranges ?? []).some((r) => inRange(r, v)),
  );

let server, admin;
before(async () => {
  server = await startServer();
  admin = await server.adminToken();
});
after(() => server?.stop());

test(`1,000 advisories judge 100 versions each alike (KONTOR_SEED=${seed})`, async () => {
  const records = Array.from({ length: 1000 }, (_, i) => advisory(`random-${i}`));
  for (let i = 0; i < records.length; i += 250) {
    const answer = await server.request('POST', '/v1/advisories', {
      token: admin,
      body: { advisories: records.slice(i, i + 250) },
    });
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.json.results.every((r) => r.outcome === 'added'), answer.text.slice(0, 500));
  }
  const asked = Object.fromEntries(
    records.map((r) => [r.affected[0].package.name, [...new Set(Array.from({ length: 100 }, version))]]),
  );
  const bulk = (
    await server.request('POST', '/-/npm/v1/security/advisories/bulk', { body: slices(asked, 400)[0] })
  ).json;
  for (const more of slices(asked, 400).slice(1))
    Object.assign(
      bulk,
      (await server.request('POST', '/-/npm/v1/security/advisories/bulk', { body: more })).json,
    );
  let judged = 0;
  for (const record of records) {
    const name = record.affected[0].package.name;
    const entries = bulk[name] ?? [];
    assert.ok(entries.length <= 1, JSON.stringify(entries));
    const verdicts = await ownVerdicts(name, asked[name]);
    for (const v of asked[name]) {
      const expected = isAffected(record, v);
      const byRange = entries.some((e) => semver.satisfies(v, e.vulnerable_versions, loose));
      const what = `${v} ${JSON.stringify(record.affected)} ${JSON.stringify(entries)}`;
      assert.equal(byRange, expected, `range: ${what}`);
      assert.equal(verdicts.get(v), expected, `registry: ${what}`);
      judged += 1;
    }
  }
  assert.ok(judged > 50_000, `${judged} verdicts`);
});

function slices(object, size) {
  const entries = Object.entries(object);
  const out = [];
  for (let i = 0; i < entries.length; i += size)
    out.push(Object.fromEntries(entries.slice(i, i + size)));
  return out;
}

async function ownVerdicts(name, versions) {
  const answer = await server.request('POST', '/v1/advisories/query', {
    body: { packages: versions.map((v) => ({ ecosystem: 'npm', name, version: v })) },
  });
  assert.equal(answer.status, 200, answer.text);
  return new Map(answer.json.results.map((r) => [r.version, r.advisories.length > 0]));
}
