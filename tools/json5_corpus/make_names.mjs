// Writes src/domain/json5_names.cc: the code points above ASCII that may begin or continue a name
// without quotes, as the npm package json5 decides it.
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const util = require(join(here, "node_modules/json5/lib/util.js"));

function rangesOf(test) {
  const ranges = [];
  for (let c = 0x80; c <= 0x10ffff; c++) {
    if ((c >= 0xd800 && c <= 0xdfff) || !test(String.fromCodePoint(c))) continue;
    const last = ranges.at(-1);
    if (last && last[1] === c - 1) last[1] = c;
    else ranges.push([c, c]);
  }
  return ranges;
}

function table(name, ranges) {
  const cells = ranges.map(([a, b]) => `{0x${a.toString(16)}, 0x${b.toString(16)}},`);
  const lines = [];
  for (const cell of cells) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + cell.length < 99) lines[lines.length - 1] += " " + cell;
    else lines.push("    " + cell);
  }
  return `constexpr Range ${name}[] = {\n${lines.join("\n")}\n};\n`;
}

const start = rangesOf(util.isIdStartChar);
const part = rangesOf((c) => util.isIdContinueChar(c) && !util.isIdStartChar(c));

writeFileSync(
  join(here, "../../src/domain/json5_names.cc"),
  `// Characters of names without quotes (ECMAScript 5.1, section 7.6). Written by
// tools/json5_corpus/make_names.mjs; not to be edited.
#include <algorithm>
#include <iterator>
#include <span>

#include "domain/json5_cursor.h"

namespace kontor {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// clang-format off
// Above ASCII: what may begin a name.
${table("kStart", start)}
// Above ASCII: what may only continue one.
${table("kPart", part)}// clang-format on

bool within(std::span<const Range> ranges, char32_t c) {
  auto range = std::ranges::lower_bound(ranges, c, {}, &Range::last);
  return range != ranges.end() && range->first <= c;
}

}  // namespace

bool is_json5_name_start(char32_t c) {
  if (c >= 0x80) return within(kStart, c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

bool is_json5_name_part(char32_t c) {
  return is_json5_name_start(c) || (c >= '0' && c <= '9') || (c >= 0x80 && within(kPart, c));
}

}  // namespace kontor
`,
);
