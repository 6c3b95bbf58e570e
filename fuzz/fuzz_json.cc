// JSON: what the scanner accepts, nlohmann accepts, and both read the same; cuts change nothing.
#include "base/check.h"
#include "base/json.h"
#include "base/json_scanner.h"

#include "fuzz/pieces.h"

namespace {

kontor::Result<void> scan(kontor::ByteView text, std::uint32_t seed,
                          const kontor::JsonLimits& limits) {
  kontor::JsonHandler nobody;
  kontor::JsonScanner scanner(limits, nobody);
  kontor::Result<void> done;
  kontor::fuzz::in_pieces(text, seed, [&](kontor::ByteView piece) {
    done = scanner.feed(piece);
    return done.has_value();
  });
  return done ? scanner.finish() : done;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kontor::ByteView text(reinterpret_cast<const char*>(data), size);
  const auto seed = kontor::fuzz::take_seed(text);
  const kontor::JsonLimits limits{
      .max_bytes = 2000, .max_depth = 8, .max_values = 100, .max_key_bytes = 20};
  const auto whole = kontor::check_json(text, limits);
  const auto cut = scan(text, seed, limits);
  kontor::check(whole == cut, "a cut changes the answer");
  const auto tree = kontor::parse_json(text, limits);
  kontor::check(tree.has_value() == whole.has_value(), "parse_json and check_json disagree");
  if (!tree) return 0;
  const auto theirs = kontor::Json::parse(text, nullptr, false);
  kontor::check(!theirs.is_discarded(), "accepted what nlohmann refuses");
  kontor::check(theirs == *tree, "the trees differ");
  return 0;
}
