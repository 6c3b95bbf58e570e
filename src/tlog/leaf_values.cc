// Values of a leaf's fields as text and back.
#include "tlog/leaf_values.h"

#include "base/encoding.h"
#include "tlog/decimal.h"
#include "tlog/lines.h"
#include "tlog/note.h"

#include <algorithm>
#include <array>

namespace kontor::tlog {
namespace {

constexpr std::size_t kMaxWord = 64;
constexpr std::size_t kMaxFormat = 16;

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower_or_digit(char c) {
  return is_lower(c) || is_digit(c);
}

bool is_plain(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || ByteView("@._/+-").contains(c);
}

bool is_word(ByteView text) {
  return !text.empty() && text.size() <= kMaxWord && is_lower(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '_'; });
}

bool is_format(ByteView text) {
  return !text.empty() && text.size() <= kMaxFormat && is_lower(text.front()) &&
         std::ranges::all_of(text, is_lower_or_digit);
}

constexpr ByteView kSystem = "system";

bool is_account(ByteView text) {
  if (text == kSystem) return true;
  const auto id = after(text, "acct_");
  return id && !id->empty() && id->size() <= kMaxWord &&
         std::ranges::all_of(*id, is_lower_or_digit);
}

constexpr std::array<ByteView, 5> kCredentials = {"session", "token", "key", "oidc", "job"};

Spelt joined(ByteView first, const Spelt& second) {
  if (!second) return std::nullopt;
  return std::string(first) + ":" + *second;
}

Spelt spell_credential(const Credential& value) {
  using enum Credential::Kind;
  const ByteView kind = kCredentials[static_cast<std::size_t>(value.kind)];
  if (value.kind == oidc) return spell(Workload{value.provider, value.id});
  if (!value.provider.empty()) return std::nullopt;
  if (value.kind != session) return joined(kind, spell(value.id));
  if (!value.id.empty()) return std::nullopt;
  return std::string(kind);
}

bool read_credential(ByteView text, Credential& value) {
  using enum Credential::Kind;
  const auto colon = text.find(':');
  const auto kind = std::ranges::find(kCredentials, text.substr(0, colon));
  if (kind == kCredentials.end()) return false;
  value = {};
  value.kind = static_cast<Credential::Kind>(kind - kCredentials.begin());
  if (value.kind == session) return colon == text.npos;
  if (value.kind != oidc) return colon != text.npos && read(text.substr(colon + 1), value.id);
  Workload workload;
  if (!read(text, workload)) return false;
  value.provider = std::move(workload.provider);
  value.id = std::move(workload.subject);
  return true;
}

bool fits(const Author& author) {
  return (author.account.value == kSystem) == (author.credential.kind == Credential::Kind::job);
}

template <class D>
bool read_digest(ByteView text, D& value) {
  if (text.size() != 2 * value.bytes.size()) return false;
  const auto digest = D::from_hex(text);
  if (digest) value = *digest;
  return digest.has_value();
}

}  // namespace

Spelt spell(const std::string& value) {
  constexpr ByteView kHex = "0123456789ABCDEF";
  if (value.empty()) return std::nullopt;
  std::string text;
  text.reserve(value.size());
  for (const char c : value) {
    if (is_plain(c)) {
      text += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      text += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return text;
}

Spelt spell(std::uint64_t value) {
  if (value > kMaxTime) return std::nullopt;
  return std::to_string(value);
}

Spelt spell(const Sha256& value) {
  return value.hex();
}
Spelt spell(const Sha512& value) {
  return value.hex();
}

Spelt spell(const Word& value) {
  return is_word(value.value) ? Spelt(value.value) : std::nullopt;
}

Spelt spell(const Account& value) {
  return is_account(value.value) ? Spelt(value.value) : std::nullopt;
}

Spelt spell(Change value) {
  return value == Change::add ? "add" : "remove";
}

Spelt spell(const PackageRef& value) {
  const Spelt name = spell(value.name);
  if (!name || !is_format(value.format)) return std::nullopt;
  return value.format + "/" + *name;
}

Spelt spell(const Author& value) {
  const Spelt account = spell(value.account), credential = spell_credential(value.credential);
  if (!account || !credential || !fits(value)) return std::nullopt;
  return *account + " " + *credential;
}

Spelt spell(const Workload& value) {
  const Spelt provider = spell(value.provider);
  if (!provider) return std::nullopt;
  return joined("oidc:" + *provider, spell(value.subject));
}

bool read(ByteView text, std::string& value) {
  if (text.empty()) return false;
  auto decoded = percent_decode(text);
  if (!decoded) return false;
  value = *std::move(decoded);
  return true;
}

bool read(ByteView text, std::uint64_t& value) {
  const auto number = parse_decimal(text, kMaxTime);
  value = number.value_or(0);
  return number.has_value();
}

bool read(ByteView text, Sha256& value) {
  return read_digest(text, value);
}
bool read(ByteView text, Sha512& value) {
  return read_digest(text, value);
}

bool read(ByteView text, Word& value) {
  value.value = text;
  return is_word(text);
}

bool read(ByteView text, Account& value) {
  value.value = text;
  return is_account(text);
}

bool read(ByteView text, Change& value) {
  value = text == "add" ? Change::add : Change::remove;
  return text == "add" || text == "remove";
}

bool read(ByteView text, PackageRef& value) {
  const auto slash = text.find('/');
  if (slash == text.npos) return false;
  value.format = text.substr(0, slash);
  return is_format(value.format) && read(text.substr(slash + 1), value.name);
}

bool read(ByteView text, Author& value) {
  const auto blank = text.find(' ');
  return blank != text.npos && read(text.substr(0, blank), value.account) &&
         read_credential(text.substr(blank + 1), value.credential) && fits(value);
}

bool read(ByteView text, Workload& value) {
  const auto rest = after(text, "oidc:");
  const auto colon = rest ? rest->find(':') : text.npos;
  return colon != text.npos && read(rest->substr(0, colon), value.provider) &&
         read(rest->substr(colon + 1), value.subject);
}

}  // namespace kontor::tlog
