// Random texts from a fixed seed: versions, ranges, and texts that are nearly one of them.

// xorshift32: every run makes the same texts.
let state = 0x5e4e12;
export function below(n) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % n;
}
export const pick = (list) => list[below(list.length)];
export const chance = (percent) => below(100) < percent;
const maybe = (percent, make) => (chance(percent) ? make() : "");

const bigNumbers = [
  "9007199254740990", "9007199254740991", "9007199254740992", "9007199254740993",
  "99999999999999999999", "999999999999999934464", "18446744073709551615", "4294967296",
];
function number() {
  if (chance(85)) return String(below(4));
  if (chance(85)) return String(below(1000));
  if (chance(50)) return "0" + below(20);
  return pick(bigNumbers);
}
const words = ["a", "alpha", "beta", "rc", "x", "X", "v", "dev", "A", "-", "0a", "a-b", "1-", "pre"];
const identifier = () => (chance(50) ? number() : pick(words) + maybe(20, number));
const identifiers = () =>
  identifier() + maybe(40, () => "." + identifier()) + maybe(10, () => "." + identifier());
const prerelease = () => (chance(94) ? "-" : "") + identifiers();
const build = () => "+" + identifiers();
const main = () => `${number()}.${number()}.${number()}`;

// Small versions, close to what the ranges speak of.
export function poolVersion() {
  const small = `${below(3)}.${below(3)}.${below(4)}`;
  const tag = () => "-" + pick(["0", "1", "a", "alpha", "alpha.1", "beta.2", "rc"]);
  return small + maybe(45, tag) + maybe(4, () => "+b");
}

// Characters of the grammar in no order.
const soup = (alphabet) => Array.from({ length: below(18) }, () => pick([...alphabet])).join("");

export function randomVersion() {
  if (chance(5)) return pick(["", "1.2", "1.2."]) + soup("01.a-+");
  const prefix = () => pick(["v", "=", " ", "v ", "= ", "=v", "\t", "\u00a0"]);
  const text = maybe(10, prefix) + main() + maybe(55, prerelease) + maybe(25, build) + maybe(4, () => " ");
  return chance(25) ? mutate(text) : text;
}

// One or two random edits.
const inserted = "0129.-+ v=xX*^~<>|aZ_é\t";
export function mutate(text) {
  const at = below(text.length + 1);
  const edited = pick([
    () => text.slice(0, at) + pick([...inserted]) + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + pick([...inserted]) + text.slice(at + 1),
    () => text.slice(0, at) + text.slice(0, below(6)) + text.slice(at),
  ])();
  return chance(30) ? mutate(edited) : edited;
}

const part = () => (chance(12) ? pick(["x", "X", "*"]) : number());
function operand() {
  if (chance(10)) return part();
  if (chance(20)) return `${part()}.${part()}`;
  return `${part()}.${part()}.${part()}` + maybe(30, prerelease) + maybe(8, build);
}
const space = () => maybe(12, () => pick([" ", "  ", "\t", "\u3000"]));
const operator = () =>
  pick(["", "^", "~", ">", ">=", "<", "<=", "=", "^", "~", ">=", "<", "~>", "v", "^v", ">=v", "=v"]);
const comparator = () => operator() + space() + operand();
function alternative() {
  if (chance(18)) return operand() + pick([" - ", " - ", " - ", "  - ", " -", "-"]) + operand();
  return comparator() + maybe(35, () => " " + comparator()) + maybe(8, () => " " + comparator());
}
export function randomRange() {
  if (chance(5)) return soup(pick(["129.-+ v=xX*^~<>|a", "1. <>=*x", "12.+ a-", "1.^~> =v "]));
  const bars = () => space() + "||" + space();
  const text = space() + alternative() + maybe(25, () => bars() + alternative()) +
    maybe(6, () => bars() + alternative()) + space();
  return chance(15) ? mutate(text) : text;
}
