// Reading and checking of single values. Every value is read into a draft and moved to its place
// when it has passed all checks.
#include "apps/server/config/value.h"

#include "apps/server/config/render.h"
#include "apps/server/config/units.h"
#include "base/encoding.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace kontor::config {
namespace {

// ", not "x"", where the value may be shown.
std::string but_not(const Key& key, std::string_view text) {
  constexpr std::size_t kMost = 60;
  if (key.visibility == Visibility::secret || !is_utf8(text)) return "";
  return ", not " + (text.size() > kMost ? std::string("a longer text") : in_quotes(text));
}

Problem check_range(const Key& key, std::int64_t value, std::string (*show)(std::int64_t)) {
  if (value >= key.min && value <= key.max) return std::nullopt;
  auto text = "must be " + show(key.min) + " or more";
  if (key.max < std::numeric_limits<std::int64_t>::max()) text += ", " + show(key.max) + " at most";
  return text;
}

Problem check_string(const Key& key, std::string& text) {
  if (!is_utf8(text)) return "must be UTF-8";
  for (unsigned char c : text)
    if (c < 0x20 || c == 0x7F) return "must not contain control characters";
  return key.check != nullptr ? key.check(text) : std::nullopt;
}

// The rules of the key for a value in place; brings strings to their normal form.
struct Checker {
  const Key& key;

  Problem operator()(bool*) const { return std::nullopt; }
  Problem operator()(const ChoiceSlot&) const { return std::nullopt; }
  Problem operator()(std::int64_t* value) const {
    return check_range(key, *value, [](std::int64_t n) { return std::to_string(n); });
  }
  Problem operator()(std::uint64_t* value) const {
    return check_range(key, static_cast<std::int64_t>(*value),
                       [](std::int64_t n) { return render_size(static_cast<std::uint64_t>(n)); });
  }
  Problem operator()(Duration* value) const {
    return check_range(key, value->ms, [](std::int64_t ms) { return render_duration({ms}); });
  }
  Problem operator()(std::string* value) const { return check_string(key, *value); }
  Problem operator()(std::vector<std::string>* items) const {
    if (items->size() > kMostItems) return "has too many items";
    for (auto& item : *items)
      if (auto problem = check_string(key, item)) return problem;
    return std::nullopt;
  }

  static constexpr std::size_t kMostItems = 1000;
};

struct TextReader {
  const Key& key;
  const Slot& slot;
  std::string_view text;

  Problem operator()(bool* out) const {
    auto word = to_lower_ascii(trimmed(text));
    bool yes = word == "true" || word == "1" || word == "yes" || word == "on";
    bool no = word == "false" || word == "0" || word == "no" || word == "off";
    if (!yes && !no) return refuse();
    *out = yes;
    return std::nullopt;
  }
  Problem operator()(std::int64_t* out) const {
    auto number = trimmed(text);
    bool negative = number.starts_with('-');
    auto value = parse_digits(negative ? number.substr(1) : number);
    if (!value || *value > std::numeric_limits<std::int64_t>::max()) return refuse();
    *out = static_cast<std::int64_t>(*value) * (negative ? -1 : 1);
    return std::nullopt;
  }
  Problem operator()(std::uint64_t* out) const { return take(parse_size(text), *out); }
  Problem operator()(Duration* out) const { return take(parse_duration(text), *out); }
  Problem operator()(std::string* out) const {
    *out = text;
    return std::nullopt;
  }
  Problem operator()(const ChoiceSlot& out) const {
    auto word = trimmed(text);
    for (std::size_t i = 0; i < out.names.size(); ++i) {
      if (out.names[i] != word) continue;
      *out.value = static_cast<std::uint8_t>(i);
      return std::nullopt;
    }
    return refuse();
  }
  Problem operator()(std::vector<std::string>* out) const {
    out->clear();
    if (trimmed(text).starts_with('[')) return array(*out);
    for (std::size_t start = 0; start <= text.size();) {
      auto end = std::min(text.find(',', start), text.size());
      auto item = trimmed(text.substr(start, end - start));
      if (!item.empty()) out->emplace_back(item);
      start = end + 1;
    }
    return std::nullopt;
  }

 private:
  Problem refuse() const { return must_be(slot, but_not(key, text)); }
  template <class T>
  Problem take(std::optional<T> value, T& out) const {
    if (!value) return refuse();
    out = *value;
    return std::nullopt;
  }
  Problem array(std::vector<std::string>& out) const {
    auto value = parse_json5(text);
    if (!value) return refuse();
    for (auto& item : value->items) {
      if (item.kind != Json5Kind::string) return refuse();
      out.push_back(std::move(item.string));
    }
    return std::nullopt;
  }
};

}  // namespace

Problem must_be(const Slot& slot, std::string_view but) {
  auto what = type_name(slot);
  if (std::holds_alternative<Duration*>(slot)) what += " such as \"30s\", \"5m\", \"1h\"";
  if (std::holds_alternative<std::uint64_t*>(slot)) what += " such as \"200MiB\"";
  return "must be " + what.append(but);
}

Problem keep_value(Config& config, Config& draft, const Key& key) {
  if (auto problem = std::visit(Checker{key}, key.slot(draft))) return problem;
  copy_value(draft, config, key);
  return std::nullopt;
}

Problem set_from_text(Config& config, const Key& key, std::string_view text) {
  Config draft = config;
  auto slot = key.slot(draft);
  if (auto problem = std::visit(TextReader{key, slot, text}, slot)) return problem;
  return keep_value(config, draft, key);
}

}  // namespace kontor::config
