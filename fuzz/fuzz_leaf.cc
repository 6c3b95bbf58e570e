// Leaves: what is accepted prints the same, and what prints is read back, whatever the values are.
#include "base/check.h"
#include "tlog/leaf.h"

#include <cstdint>

namespace {

using kontor::check;
using kontor::tlog::Account;
using kontor::tlog::Leaf;
using kontor::tlog::Word;

// Cuts the input into texts at zero bytes.
class Texts {
 public:
  explicit Texts(kontor::ByteView input) : left_(input) {}
  std::string next() {
    const auto end = left_.find('\0');
    const std::string text(left_.substr(0, end));
    left_.remove_prefix(end == left_.npos ? left_.size() : end + 1);
    return text;
  }

 private:
  kontor::ByteView left_;
};

void check_values(kontor::ByteView input) {
  Texts texts(input);
  const kontor::tlog::PackageRef package{texts.next(), texts.next()};
  const kontor::tlog::Author by{Account("acct_" + texts.next()),
                                {kontor::tlog::Credential::Kind::oidc, texts.next(), texts.next()}};
  const kontor::tlog::Event events[] = {
      kontor::tlog::TagEvent{package, texts.next(), texts.next(), texts.next()},
      kontor::tlog::PolicyEvent{package, Word(texts.next()), texts.next(), {}}};
  for (const auto& event : events) {
    const Leaf leaf{event, by, input.size()};
    const auto text = print_leaf(leaf);
    if (text) check(kontor::tlog::parse_leaf(*text) == leaf, "a leaf is read otherwise");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const kontor::ByteView text(reinterpret_cast<const char*>(data), size);
  if (const auto leaf = kontor::tlog::parse_leaf(text)) {
    check(print_leaf(*leaf) == kontor::Result<kontor::Bytes>(text), "a leaf prints otherwise");
    check(text.size() <= kontor::tlog::kMaxLeafBytes && text.ends_with('\n'), "its size or end");
    check(!text.contains("\n\n"), "a leaf has a blank line");
    for (const char c : text) check(c == '\n' || (c >= 0x20 && c < 0x7f), "no printable ASCII");
  }
  check_values(text);
  return 0;
}
