// Scanners of node-semver's grammar. "end" functions return where the thing that begins at `at`
// ends, and `at` itself where nothing of the kind begins there.
#include "domain/semver_grammar.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace kontor::semver_grammar {
namespace {

constexpr std::size_t kMaxDigits = 256;      // of one number
constexpr std::size_t kMaxIdentifier = 250;  // characters after the first letter; build: in all

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}
bool is_identifier_char(char c) {
  return is_digit(c) || is_letter(c);
}
bool is_wildcard_char(char c) {
  return c == 'x' || c == 'X' || c == '*';
}

// The character at `at`, NUL past the end.
char peek(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

template <class Predicate>
std::size_t run_end(std::string_view text, std::size_t at, std::size_t limit, Predicate holds) {
  const std::size_t stop = limit < text.size() - at ? at + limit : text.size();
  while (at < stop && holds(text[at])) ++at;
  return at;
}

// Strict numbers have no leading zero.
std::size_t number_end(std::string_view text, std::size_t at, Grammar grammar) {
  if (grammar == Grammar::loose) return run_end(text, at, kMaxDigits, is_digit);
  if (peek(text, at) == '0') return at + 1;
  return run_end(text, at, kMaxDigits + 1, is_digit);
}

std::size_t number_or_wildcard_end(std::string_view text, std::size_t at, Grammar grammar) {
  return is_wildcard_char(peek(text, at)) ? at + 1 : number_end(text, at, grammar);
}

std::size_t prerelease_identifier_end(std::string_view text, std::size_t at, Grammar grammar) {
  const std::size_t letter = run_end(text, at, kMaxDigits, is_digit);
  if (is_letter(peek(text, letter)))
    return run_end(text, letter + 1, kMaxIdentifier, is_identifier_char);
  return number_end(text, at, grammar);
}

struct Span {
  std::size_t begin, end;
};

// The prerelease's own text, without the hyphen. Strict needs the hyphen; loose does not, and takes
// a hyphen that nothing follows for the identifier itself.
std::optional<Span> prerelease_span(std::string_view text, std::size_t at, Grammar grammar) {
  const bool hyphen = peek(text, at) == '-';
  if (!hyphen && grammar == Grammar::strict) return std::nullopt;
  std::size_t begin = hyphen ? at + 1 : at;
  std::size_t end = prerelease_identifier_end(text, begin, grammar);
  if (end == begin && hyphen && grammar == Grammar::loose) {
    begin = at;
    end = prerelease_identifier_end(text, begin, grammar);
  }
  if (end == begin) return std::nullopt;
  while (peek(text, end) == '.') {
    const std::size_t next = prerelease_identifier_end(text, end + 1, grammar);
    if (next == end + 1) break;
    end = next;
  }
  return Span{begin, end};
}

std::size_t build_end(std::string_view text, std::size_t at, std::size_t limit) {
  if (peek(text, at) != '+') return at;
  std::size_t end = run_end(text, at + 1, limit, is_identifier_char);
  if (end == at + 1) return at;
  while (peek(text, end) == '.') {
    const std::size_t next = run_end(text, end + 1, limit, is_identifier_char);
    if (next == end + 1) break;
    end = next;
  }
  return end;
}

// Where prerelease and build, both optional, end; fills them in.
std::size_t tail_end(std::string_view text, std::size_t at, Grammar grammar, Parts& parts) {
  parts.prerelease = parts.build = {};
  if (auto span = prerelease_span(text, at, grammar)) {
    parts.prerelease = text.substr(span->begin, span->end - span->begin);
    at = span->end;
  }
  const std::size_t end = build_end(text, at, kMaxIdentifier);
  if (end > at) parts.build = text.substr(at + 1, end - at - 1);
  return end;
}

// The third part, which ends at `end`, and all that follows. Loose reads "1.2.34.5" as 1.2.3-4.5:
// as the prerelease needs no hyphen, the last digit begins one where nothing else would match.
bool match_tail(std::string_view text, std::size_t at, std::size_t end, Grammar grammar,
                Parts& parts) {
  parts.patch = text.substr(at, end - at);
  if (tail_end(text, end, grammar, parts) == text.size()) return true;
  if (grammar == Grammar::strict || end - at < 2 || peek(text, end) != '.') return false;
  parts.patch.remove_suffix(1);
  return tail_end(text, end - 1, grammar, parts) == text.size();
}

std::size_t prefix_end(std::string_view text, std::size_t at) {
  return run_end(text, at, text.size(), is_prefix_char);
}

// Three numbers, then loosely whatever may follow.
std::size_t whole_version_end(std::string_view text, std::size_t at) {
  std::size_t end = at;
  for (int part = 0; part < 3; ++part) {
    if (part > 0 && peek(text, end++) != '.') return at;
    const std::size_t next = number_end(text, end, Grammar::loose);
    if (next == end) return at;
    end = next;
  }
  Parts ignored;
  return tail_end(text, end, Grammar::loose, ignored);
}

// Bytes of the ECMAScript white-space character at `at`, 0 where there is none.
std::size_t space_length(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (static_cast<unsigned char>(c) < 0x80) return 0;
  static constexpr std::array<std::string_view, 8> kOthers = {
      "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9",
      "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80", "\xEF\xBB\xBF"};
  const std::string_view rest = text.substr(at);
  for (std::string_view other : kOthers)
    if (rest.starts_with(other)) return other.size();
  const bool general = rest.starts_with("\xE2\x80") && rest.size() > 2 && rest[2] >= '\x80' &&
                       rest[2] <= '\x8A';  // U+2000 to U+200A
  return general ? 3 : 0;
}

}  // namespace

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

double as_double(std::string_view digits) {
  double number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

bool is_wildcard(std::string_view part) {
  return part.empty() || (part.size() == 1 && is_wildcard_char(part[0]));
}

bool is_prefix_char(char c) {
  return c == 'v' || c == '=' || c == ' ';
}

std::string_view flatten_spaces(std::string_view text, std::string& storage) {
  const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
  if (std::ranges::all_of(text, plain)) return text;
  storage.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = space_length(text, at);
    storage += length > 0 ? ' ' : text[at];
    at += std::max<std::size_t>(length, 1);
  }
  return storage;
}

std::string_view trim_spaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<Parts> match_version(std::string_view text, Grammar grammar) {
  const bool loose = grammar == Grammar::loose;
  std::size_t at = loose ? prefix_end(text, 0) : (peek(text, 0) == 'v' ? 1 : 0);
  Parts parts;
  for (std::string_view* part : {&parts.major, &parts.minor}) {
    const std::size_t end = number_end(text, at, grammar);
    if (end == at || peek(text, end) != '.') return std::nullopt;
    *part = text.substr(at, end - at);
    at = end + 1;
  }
  const std::size_t end = number_end(text, at, grammar);
  if (end == at || !match_tail(text, at, end, grammar, parts)) return std::nullopt;
  return parts;
}

std::optional<Parts> match_partial(std::string_view text, Grammar grammar) {
  std::size_t at = prefix_end(text, 0);
  Parts parts;
  for (std::string_view* part : {&parts.major, &parts.minor}) {
    const std::size_t end = number_or_wildcard_end(text, at, grammar);
    if (end == at) return std::nullopt;
    *part = text.substr(at, end - at);
    if (end == text.size()) return parts;
    if (text[end] != '.') return std::nullopt;
    at = end + 1;
  }
  const std::size_t end = number_or_wildcard_end(text, at, grammar);
  if (end == at || !match_tail(text, at, end, grammar, parts)) return std::nullopt;
  return parts;
}

std::size_t operand_end(std::string_view text, std::size_t at) {
  const std::size_t whole = whole_version_end(text, at);
  if (whole != at) return whole;
  std::size_t end = number_or_wildcard_end(text, at, Grammar::strict);
  if (end == at) return at;
  for (int part = 1; part < 3; ++part) {
    if (peek(text, end) != '.') return end;
    const std::size_t next = number_or_wildcard_end(text, end + 1, Grammar::strict);
    if (next == end + 1) return end;
    end = next;
  }
  Parts ignored;
  return tail_end(text, end, Grammar::strict, ignored);
}

std::size_t unbounded_build_end(std::string_view text, std::size_t at) {
  return build_end(text, at, text.size());
}

}  // namespace kontor::semver_grammar
