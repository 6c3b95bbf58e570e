// Compares versions and ranges with the npm package semver over the frozen corpus in
// tests/corpus/semver.txt.gz. tools/semver_corpus writes it and describes its lines.
#include "domain/semver.h"
#include "domain/semver_range.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace kontor {
namespace {

using Fields = std::vector<std::string>;

constexpr std::array<RangeOptions, 4> kModes = {{{Grammar::strict, false},
                                                 {Grammar::loose, false},
                                                 {Grammar::strict, true},
                                                 {Grammar::loose, true}}};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::string unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const char c = text.at(++i);
    out += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : '\\';
  }
  return out;
}

std::vector<std::string> corpus_lines() {
  gzFile file = gzopen(KONTOR_SOURCE_DIR "/tests/corpus/semver.txt.gz", "rb");
  EXPECT_NE(file, nullptr);
  std::string text;
  std::array<char, 65536> buffer;
  int got = 0;
  while (file && (got = gzread(file, buffer.data(), buffer.size())) > 0)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  EXPECT_EQ(gzclose(file), Z_OK);
  return split(text, '\n');
}

// Replaces "=" by the field before it, from field `from` on; the "!" of "not valid" stays.
void fill_in(Fields& fields, std::size_t from) {
  for (std::size_t i = from; i < fields.size(); ++i)
    if (fields[i] == "=") fields[i] = fields[i - 1];
}

std::string text_or_mark(const std::optional<std::string>& text) {
  return text.value_or("!");
}
std::string text_or_mark(const std::optional<std::size_t>& index) {
  return index ? std::to_string(*index) : "!";
}

// Each answers a line's inputs in the form of its outputs.
Fields answer_version(const Fields& in) {
  Fields out;
  for (Grammar grammar : {Grammar::strict, Grammar::loose}) {
    const auto version = parse_version(in[0], grammar);
    out.push_back(version ? to_string(*version) : "!");
  }
  out.push_back(text_or_mark(clean(in[0])));
  out.push_back(text_or_mark(clean(in[0], Grammar::loose)));
  return out;
}

char letter(std::weak_ordering order) {
  return order < 0 ? '<' : order > 0 ? '>' : '=';
}

Fields answer_pair(const Fields& in) {
  std::string letters;
  for (Grammar grammar : {Grammar::strict, Grammar::loose}) {
    const auto a = parse_version(in[0], grammar);
    const auto b = parse_version(in[1], grammar);
    letters += a && b ? letter(compare(*a, *b)) : '!';
    letters += a && b ? letter(compare_build(*a, *b)) : '!';
  }
  return {letters};
}

std::string satisfied(const std::vector<Version>& pool, const Result<Range>& range) {
  std::string hex;
  for (std::size_t i = 0; i < pool.size(); i += 4) {
    unsigned four = 0;
    for (std::size_t j = i; j < i + 4; ++j)
      four = four * 2 + (range && satisfies(pool[j], *range) ? 1 : 0);
    hex += "0123456789abcdef"[four];
  }
  return hex;
}

Fields answer_range(const std::vector<Version>& pool, const Fields& in) {
  Fields out;
  for (const RangeOptions& mode : kModes) out.push_back(text_or_mark(valid_range(in[0], mode)));
  for (const RangeOptions& mode : kModes) out.push_back(satisfied(pool, parse_range(in[0], mode)));
  return out;
}

Fields answer_satisfies(const Fields& in) {
  std::string letters;
  for (const RangeOptions& mode : kModes) letters += satisfies(in[0], in[1], mode) ? '1' : '0';
  return {letters};
}

Fields answer_best(const Fields& in) {
  const std::vector<std::string> versions = split(in[1], ' ');
  Fields out;
  for (auto* best :
       {static_cast<std::optional<std::size_t> (*)(std::span<const std::string>, const Range&)>(
            &max_satisfying),
        static_cast<std::optional<std::size_t> (*)(std::span<const std::string>, const Range&)>(
            &min_satisfying)})
    for (const RangeOptions& mode : kModes) {
      const auto range = parse_range(in[0], mode);
      out.push_back(range ? text_or_mark(best(versions, *range)) : "!");
    }
  return out;
}

struct Kind {
  std::size_t inputs;
  std::function<Fields(const Fields&)> answer;
};

std::vector<Version> pool_of(const std::string& line) {
  std::vector<Version> pool;
  for (const std::string& text : split(line.substr(2), ' '))
    if (auto version = parse_version(text)) pool.push_back(*version);
  return pool;
}

TEST(SemverCorpus, every_answer_equals_that_of_node_semver) {
  const std::vector<std::string> lines = corpus_lines();
  ASSERT_GT(lines.size(), 100'000u);
  const std::vector<Version> pool = pool_of(lines[0]);
  ASSERT_EQ(pool.size(), 96u);
  const std::map<std::string, Kind> kinds = {
      {"v", {1, answer_version}},
      {"c", {2, answer_pair}},
      {"r", {1, [&pool](const Fields& in) { return answer_range(pool, in); }}},
      {"s", {2, answer_satisfies}},
      {"m", {2, answer_best}},
  };
  std::size_t cases = 0;
  std::size_t differences = 0;
  for (std::size_t i = 1; i < lines.size() && !lines[i].empty(); ++i) {
    Fields fields = split(lines[i], '\t');
    const auto kind = kinds.find(fields[0]);
    ASSERT_NE(kind, kinds.end()) << lines[i];
    const std::size_t inputs = kind->second.inputs;
    fill_in(fields, 1 + inputs);
    for (std::string& field : fields) field = unescape(field);
    const Fields in(fields.begin() + 1, fields.begin() + 1 + static_cast<std::ptrdiff_t>(inputs));
    const Fields expected(fields.begin() + 1 + static_cast<std::ptrdiff_t>(inputs), fields.end());
    const Fields actual = kind->second.answer(in);
    ++cases;
    if (actual == expected) continue;
    if (++differences <= 20)
      ADD_FAILURE() << lines[i] << "\n expected " << testing::PrintToString(expected)
                    << "\n actual   " << testing::PrintToString(actual);
  }
  EXPECT_GE(cases, 100'000u);
  EXPECT_EQ(differences, 0u);
}

}  // namespace
}  // namespace kontor
