// Writes tests/corpus/json5.jsonl: one text a line with the value the npm package json5 reads from
// it, in the canonical spelling of the test, or null where the package refuses the text.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import JSON5 from "json5";
import { handPicked } from "./cases.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const pinned = JSON.parse(readFileSync(join(here, "package.json"))).dependencies.json5;
const found = JSON.parse(readFileSync(join(here, "node_modules/json5/package.json"))).version;
if (found !== pinned) throw new Error(`json5 ${found} is installed, ${pinned} is wanted`);

console.warn = () => {};  // the package warns of U+2028 in strings, which are legal here

// A small generator with a fixed seed (xorshift32), so that every run makes the same texts.
let state = 0x5eed1234;
function below(n) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % n;
}
const pick = (list) => list[below(list.length)];
const repeat = (most, make) => Array.from({ length: below(most + 1) }, make);

const space = () =>
  pick(["", "", "", " ", "\n", "\t", "\r\n", "\u00a0", "\u2028", "// x\n", "/* y */", "/**/"]);
const digits = () => String(below(1000));
const number = () =>
  pick(["", "", "+", "-"]) +
  pick([
    digits, () => `${digits()}.${digits()}`, () => `${digits()}.`, () => `.${digits()}`,
    () => `0x${below(2 ** 31).toString(16)}`, () => `${digits()}e${pick(["", "+", "-"])}${below(300)}`,
    () => "Infinity", () => "NaN", () => `${below(2 ** 31)}${below(2 ** 31)}.${below(2 ** 31)}`,
  ])();
const character = () =>
  pick([
    () => String.fromCharCode(97 + below(26)), () => pick([" ", "/", "*", ",", ":", "{", "]", "#"]),
    () => pick(["\\n", "\\t", "\\0", "\\'", '\\"', "\\\\", "\\x7e", "\\u00e9", "\\q", "\\\n"]),
    () => pick(["é", "中", "\u{1f600}", "\u2029", "\\ud83d\\ude00"]),
  ])();
function string() {
  const quote = pick(["'", '"']);
  return quote + repeat(6, character).join("") + quote;
}
const name = () => pick([string, () => pick(["a", "b", "$c", "_d", "é1", "\\u0061x", "null"])])();
function value(depth) {
  const kind = below(depth > 3 ? 4 : 6);
  if (kind === 0) return pick(["null", "true", "false"]);
  if (kind === 1) return number();
  if (kind < 4) return string();
  const items = repeat(4, () =>
    kind === 4
      ? space() + value(depth + 1) + space()
      : space() + name() + space() + ":" + space() + value(depth + 1) + space(),
  );
  const last = items.length > 0 ? pick(["", ",", "," + space()]) : space();
  return (kind === 4 ? "[" : "{") + items.join(",") + last + (kind === 4 ? "]" : "}");
}
const document = () => space() + value(0) + space();

const scraps = [..."{}[]:,'\"\\/*+-.0x1eEINa_$ \n\r\u2028é", "//", "/*", "*/", "\\u", "0x", "00"];
function broken(text) {
  const at = below(text.length + 1);
  const cut = below(3);
  return text.slice(0, at) + (cut === 2 ? "" : pick(scraps)) + text.slice(at + (cut > 0 ? 1 : 0));
}

const hex = (text) => Buffer.from(text, "utf8").toString("hex");
function bits(number) {
  if (Number.isNaN(number)) return "nan";
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return bytes.toString("hex");
}
function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return `#${bits(value)}`;
  if (typeof value === "string") return `'${hex(value)}'`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.keys(value).map((key) => `${hex(key)}:${canonical(value[key])}`);
  return `{${members.sort().join(",")}}`;
}

function answer(text) {
  try {
    return { value: JSON5.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { refused: true };
  }
}

// What Kontor refuses on purpose is left to hand-written tests: halves of surrogates, and numbers
// that a double can only hold as infinity or zero.
function isComparable(text, value) {
  if (!text.isWellFormed()) return false;
  if (/[1-9.]\d*e[+-]?0*[1-9]\d{2}/i.test(text) && !/e308|e-324/.test(text)) return false;
  const sound = (v) =>
    typeof v === "string"
      ? v.isWellFormed()
      : v === null || typeof v !== "object" || Object.entries(v).flat().every(sound);
  return sound(value);
}

const generated = Array.from({ length: 500 }, document);
const mutants = Array.from({ length: 1500 }, () => broken(pick([...generated, ...handPicked])));
const lines = [];
for (const text of new Set([...handPicked, ...generated, ...mutants])) {
  const { value, refused } = answer(text);
  if (!refused && !isComparable(text, value)) continue;
  if (!text.isWellFormed()) continue;
  lines.push(JSON.stringify({ text, value: refused ? null : canonical(value) }));
}
writeFileSync(join(here, "../../tests/corpus/json5.jsonl"), lines.join("\n") + "\n");
console.log(`${lines.length} texts`);
