// Writes tests/corpus/semver.txt.gz: texts with the answers the npm package semver gives. README.md
// has the file's format.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import semver from "semver";
import { ascending, ranges, versions } from "./cases.mjs";
import { pick, below, chance, randomRange, randomVersion, poolVersion, mutate } from "./texts.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const pinned = JSON.parse(readFileSync(join(here, "package.json"))).dependencies.semver;
const found = JSON.parse(readFileSync(join(here, "node_modules/semver/package.json"))).version;
if (found !== pinned) throw new Error(`semver ${found} is installed, ${pinned} is wanted`);

const modes = [
  {}, { loose: true }, { includePrerelease: true }, { loose: true, includePrerelease: true },
];
const escapes = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const escaped = (text) => text.replace(/[\\\t\n\r]/g, (c) => escapes[c]);
const lines = [];
let answers = 0;
let skipped = 0;

// Adds a line of `inputs` and `outputs`; an output that repeats the field before it becomes "=".
function add(kind, inputs, outputs) {
  const fields = outputs.map((output, i) =>
    output === null ? "!" : output === [inputs.at(-1), ...outputs][i] ? "=" : escaped(output));
  lines.push([kind, ...inputs.map(escaped), ...fields].join("\t"));
  answers += outputs.length;
}
// The package lets errors escape for a few texts that become longer than 256 characters when they
// are normalised. They have no answer to compare with.
function unlessItThrows(make) {
  try {
    return make();
  } catch {
    skipped += 1;
    return null;
  }
}

function addVersion(text) {
  const parsed = (loose) => {
    const v = semver.parse(text, { loose });
    return v && v.version + (v.build.length > 0 ? `+${v.build.join(".")}` : "");
  };
  const cleaned = [semver.clean(text), semver.clean(text, { loose: true })];
  add("v", [text], [parsed(false), parsed(true), ...cleaned]);
}
function addPair(a, b) {
  const letter = (compare, loose) => {
    if (!semver.parse(a, { loose }) || !semver.parse(b, { loose })) return "!";
    return "<=>"[compare(a, b, { loose }) + 1];
  };
  const { compare, compareBuild } = semver;
  const both = (loose) => [letter(compare, loose), letter(compareBuild, loose)];
  const letters = [...both(false), ...both(true)];
  lines.push(["c", escaped(a), escaped(b), letters.join("")].join("\t"));
  answers += 4;
}
function addRange(text, pool) {
  const matched = modes.map((mode) => {
    // satisfies() makes the same Range for each version; made once, it takes a tenth of the time.
    const range = semver.validRange(text, mode) === null ? null : new semver.Range(text, mode);
    const bits = unlessItThrows(() => pool.map((v) => (range?.test(v) ? "1" : "0")));
    return bits && bits.join("").replace(/..../g, (four) => parseInt(four, 2).toString(16));
  });
  if (matched.includes(null)) return;
  const valid = modes.map((mode) => semver.validRange(text, mode));
  add("r", [text], [...valid, ...matched]);
  answers += 4 * (pool.length - 1);
}
function addSatisfies(version, range) {
  const letters = unlessItThrows(() =>
    modes.map((mode) => (semver.satisfies(version, range, mode) ? 1 : 0)));
  if (!letters) return;
  lines.push(["s", escaped(version), escaped(range), letters.join("")].join("\t"));
  answers += 4;
}
function addBest(range, list) {
  const index = (best, mode) => {
    const found = best(list, range, mode);
    return found === null ? null : String(list.indexOf(found));
  };
  const outputs = unlessItThrows(() => [
    ...modes.map((mode) => index(semver.maxSatisfying, mode)),
    ...modes.map((mode) => index(semver.minSatisfying, mode)),
  ]);
  if (outputs) add("m", [range, list.join(" ")], outputs);
}
const times = (n, act) => Array.from({ length: n }, act);

const pool = [...new Set(times(2000, poolVersion))].slice(0, 96);
lines.push(["p", pool.join(" ")].join("\t"));
for (const text of new Set([...versions, ...times(32000, () => randomVersion())])) addVersion(text);
for (const list of ascending)
  for (const a of list) for (const b of list) addPair(a, b);
times(18000, () => {
  const a = randomVersion();
  addPair(a, chance(60) ? mutate(a) : randomVersion());
});
for (const text of new Set([...ranges, ...times(38000, () => randomRange())])) addRange(text, pool);
for (const range of ranges) addSatisfies(pick(versions), range);
times(12000, () => addSatisfies(randomVersion(), randomRange()));
times(6000, () => {
  const list = times(1 + below(12), () => (chance(90) ? poolVersion() : randomVersion()));
  addBest(randomRange(), [...new Set(list)].filter((text) => /^\S+$/.test(text)));
});

const target = join(here, "../../tests/corpus/semver.txt.gz");
const packed = gzipSync(lines.join("\n") + "\n", { level: 9 });
writeFileSync(target, packed);
console.log(`${lines.length - 1} cases, ${answers} answers, ${skipped} skipped, ${packed.length} bytes`);
