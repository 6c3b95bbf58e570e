// Values of keys as text, for people and for files.
#include "apps/server/config/render.h"

namespace kontor::config {
namespace {

constexpr std::string_view kMask = "********";

// "30s" in quotes, bare where it is only a number.
std::string scaled(const std::string& text) {
  return parse_digits(text) ? text : in_quotes(text);
}

struct Renderer {
  std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
  std::string operator()(const std::int64_t* value) const { return std::to_string(*value); }
  std::string operator()(const std::uint64_t* value) const { return scaled(render_size(*value)); }
  std::string operator()(const Duration* value) const { return scaled(render_duration(*value)); }
  std::string operator()(const std::string* value) const { return in_quotes(*value); }
  std::string operator()(const ChoiceSlot& choice) const {
    return in_quotes(choice.names[*choice.value]);
  }
  std::string operator()(const std::vector<std::string>* items) const {
    std::string out;
    for (const auto& item : *items) out += (out.empty() ? "" : ", ") + in_quotes(item);
    return "[" + out + "]";
  }
};

}  // namespace

std::string in_quotes(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (unsigned char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c >= 0x20 && c != 0x7F)
      out += static_cast<char>(c);
    else
      out.append("\\x").append(1, kHex[c >> 4]).append(1, kHex[c & 15]);
  }
  return out + '"';
}

std::string render(const Config& config, const Key& key) {
  Config copy = config;
  auto slot = key.slot(copy);
  auto* text = std::get_if<std::string*>(&slot);
  if (key.visibility == Visibility::secret && text && !(*text)->empty()) return in_quotes(kMask);
  return std::visit(Renderer{}, slot);
}

bool same_value(const Config& a, const Config& b, const Key& key) {
  Config mixed = a;
  copy_value(b, mixed, key);
  return mixed == a;
}

void copy_value(const Config& from, Config& to, const Key& key) {
  Config copy = from;
  auto source = key.slot(copy);
  std::visit(
      [&source](auto target) {
        auto value = std::get<decltype(target)>(source);
        if constexpr (std::is_same_v<decltype(target), ChoiceSlot>)
          *target.value = *value.value;
        else
          *target = *value;
      },
      key.slot(to));
}

}  // namespace kontor::config
