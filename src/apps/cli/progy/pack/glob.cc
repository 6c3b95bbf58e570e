// A pattern becomes parts, which are followed through the text all at once: no backtracking.
#include "apps/cli/progy/pack/glob.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace kontor::cli::progy {
namespace {

using Set = std::bitset<256>;

unsigned char byte(char c) {
  return static_cast<unsigned char>(c);
}

Set only(char c) {
  Set set;
  set.set(byte(c));
  return set;
}

struct NamedClass {
  std::string_view name;
  int (*holds)(int);
};

constexpr auto blank = [](int c) { return static_cast<int>(c == ' ' || c == '\t'); };
constexpr std::array<NamedClass, 12> kClasses = {{
    {"alnum", [](int c) { return std::isalnum(c); }},
    {"alpha", [](int c) { return std::isalpha(c); }},
    {"blank", blank},
    {"cntrl", [](int c) { return std::iscntrl(c); }},
    {"digit", [](int c) { return std::isdigit(c); }},
    {"graph", [](int c) { return std::isgraph(c); }},
    {"lower", [](int c) { return std::islower(c); }},
    {"print", [](int c) { return std::isprint(c); }},
    {"punct", [](int c) { return std::ispunct(c); }},
    {"space", [](int c) { return std::isspace(c); }},
    {"upper", [](int c) { return std::isupper(c); }},
    {"xdigit", [](int c) { return std::isxdigit(c); }},
}};

// Adds the class that is named; false where there is none of that name. ASCII's alone.
bool add_class(Set& set, std::string_view name) {
  const auto found = std::ranges::find(kClasses, name, &NamedClass::name);
  if (found == kClasses.end()) return false;
  for (int c = 0; c < 128; ++c)
    if (found->holds(c)) set.set(static_cast<std::size_t>(c));
  return true;
}

// Reads what stands between brackets, from behind the opening one.
class SetReader {
 public:
  SetReader(std::string_view pattern, std::size_t at) : pattern_(pattern), at_(at) {}

  // Leaves at() behind the closing bracket; nothing where the set does not end.
  std::optional<Set> read() {
    const bool negated = at_ < pattern_.size() && (pattern_[at_] == '!' || pattern_[at_] == '^');
    if (negated) ++at_;
    do {  // a closing bracket in the first place stands for itself
      if (at_ >= pattern_.size() || !read_item()) return std::nullopt;
      if (at_ >= pattern_.size()) return std::nullopt;
    } while (pattern_[at_] != ']');
    ++at_;
    return negated ? ~set_ : set_;
  }
  std::size_t at() const { return at_; }

 private:
  bool read_item() {
    if (pattern_[at_] == '[' && at_ + 1 < pattern_.size() && pattern_[at_ + 1] == ':') {
      const auto end = pattern_.find(']', at_ + 2);
      if (end == pattern_.npos) return false;
      if (end > at_ + 2 && pattern_[end - 1] == ':') {
        const auto name = pattern_.substr(at_ + 2, end - at_ - 3);
        at_ = end + 1;
        last_.reset();
        return add_class(set_, name);
      }
    }
    const bool range =
        pattern_[at_] == '-' && last_ && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']';
    if (range) ++at_;
    if (pattern_[at_] == '\\' && ++at_ >= pattern_.size()) return false;
    const auto to = byte(pattern_[at_++]);
    for (unsigned c = range ? *last_ : to; c <= to; ++c) set_.set(c);
    last_ = range ? std::nullopt : std::optional(to);
    return true;
  }

  std::string_view pattern_;
  std::size_t at_;
  Set set_;
  std::optional<unsigned char> last_;  // what a range may begin with
};

}  // namespace

std::size_t literal_length(std::string_view pattern) {
  return std::min(pattern.find_first_of("?*[\\"), pattern.size());
}

Glob::Glob(std::string_view pattern, Slashes slashes) {
  const bool slashes_count = slashes == Slashes::significant;
  any_.set();
  if (slashes_count) any_.reset(byte('/'));
  valid_ = compile(pattern, slashes_count);
}

bool Glob::compile(std::string_view pattern, bool slashes_count) {
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '*') {
      const auto first = at;
      while (at < pattern.size() && pattern[at] == '*') ++at;
      const bool opens = first == 0 || pattern[first - 1] == '/';
      const auto rest = pattern.substr(at);
      const bool closes = rest.empty() || rest[0] == '/' || rest.starts_with("\\/");
      const bool crosses = !slashes_count || (at - first > 1 && opens && closes);
      if (slashes_count && crosses && rest.starts_with('/')) {
        parts_.push_back({Kind::folders});
        ++at;
      } else {
        parts_.push_back({crosses ? Kind::anything : Kind::run});
      }
    } else if (c == '[') {
      if (!compile_set(pattern, ++at)) return false;
    } else if (c == '?') {
      parts_.push_back({Kind::one_of, any_});
      ++at;
    } else {
      if (c == '\\' && ++at == pattern.size()) return false;
      parts_.push_back({Kind::one_of, only(pattern[at++])});
    }
  }
  return true;
}

bool Glob::compile_set(std::string_view pattern, std::size_t& at) {
  SetReader reader(pattern, at);
  const auto set = reader.read();
  if (!set) return false;
  parts_.push_back({Kind::one_of, *set & any_});
  at = reader.at();
  return true;
}

Glob::Reached Glob::step(const Part& part, std::string_view text, const Reached& before) {
  Reached after(before.size(), false);
  bool open = false;  // a run or folders that began before here
  for (std::size_t at = 0; at <= text.size(); ++at) {
    switch (part.kind) {
      case Kind::one_of:
        if (before[at] && at < text.size() && part.set[byte(text[at])]) after[at + 1] = true;
        break;
      case Kind::run:
        if (at > 0 && text[at - 1] == '/') open = false;
        open = open || before[at];
        after[at] = open;
        break;
      case Kind::anything:
        open = open || before[at];
        after[at] = open;
        break;
      case Kind::folders:
        after[at] = before[at] || (open && text[at - 1] == '/');
        open = open || before[at];
        break;
    }
  }
  return after;
}

bool Glob::matches(std::string_view text) const {
  if (!valid_) return false;
  Reached reached(text.size() + 1, false);
  reached[0] = true;
  for (const auto& part : parts_) reached = step(part, text, reached);
  return reached[text.size()];
}

}  // namespace kontor::cli::progy
