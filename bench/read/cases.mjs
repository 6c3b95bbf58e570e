// What is measured, and the goal: Kontor's rate relative to nginx's (or to another case's).
const KB = 1000;
const gzip = { 'accept-encoding': 'gzip' };

// Versions and bytes per manifest beside the fixed part of some 800 bytes.
export const packages = {
  p5k: { versions: 4, manifestBytes: 400 },
  p60k: { versions: 40, manifestBytes: 650 },
  p1m5: { versions: 1000, manifestBytes: 650 },
  p20m: { versions: 4000, manifestBytes: 4200 },
  t30k: { versions: 1, payloadBytes: 30 * KB },
  t1m: { versions: 1, payloadBytes: 1000 * KB },
  t20m: { versions: 1, payloadBytes: 20_000 * KB },
  o100k: { ori: true, versions: 1, payloadBytes: 100 * KB },
  q5k: { versions: 4, manifestBytes: 400, access: 'restricted' },
};

export const cases = [
  { name: 'packument-5k', package: 'p5k', goal: 1.2 },
  { name: 'packument-304', package: 'p5k', goal: 1.15, conditional: true },
  { name: 'packument-60k', package: 'p60k', goal: 1.0 },
  { name: 'packument-60k-gzip', package: 'p60k', goal: 1.15, headers: gzip },
  { name: 'packument-1.5m', package: 'p1m5', goal: 1.0, connections: 32 },
  { name: 'packument-1.5m-gzip', package: 'p1m5', goal: 1.0, headers: gzip },
  { name: 'packument-20m', package: 'p20m', goal: 1.0, connections: 16 },
  { name: 'packument-20m-gzip', package: 'p20m', goal: 1.0, connections: 32, headers: gzip },
  { name: 'tarball-30k', package: 't30k', tarball: true, goal: 1.0 },
  { name: 'tarball-1m', package: 't1m', tarball: true, goal: 1.1, connections: 32 },
  { name: 'tarball-20m', package: 't20m', tarball: true, goal: 1.0, connections: 16 },
  { name: 'ori-100k', package: 'o100k', path: '/v1/packages/bench/o100k/1.0.0/download', goal: 1.0 },
  { name: 'tls-5k', package: 'p5k', tls: true, goal: 1.05 },
  { name: 'h2-5k', package: 'p5k', tls: true, streams: 10, goal: 1.3 },
  { name: 'log-checkpoint', package: 'p1m5', path: '/log/public/checkpoint', goal: 1.0 },
  { name: 'log-tile', package: 'p1m5', path: '/log/public/tile/0/000', goal: 1.0 },
  { name: 'log-entries', package: 'p1m5', path: '/log/public/tile/entries/000', goal: 1.0 },
  { name: 'private-5k', package: 'q5k', token: true, against: 'p5k', goal: 0.9 },
];
