// A version object from a stranger, the package.json in his tarball, and a search text: two texts
// split at the first NUL. What is made of a manifest is JSON again, and it agrees with itself.
#include "base/check.h"
#include "base/json.h"
#include "formats/npm/fragment.h"
#include "formats/npm/git_reference.h"
#include "formats/npm/manifest.h"
#include "formats/npm/manifest_check.h"
#include "formats/npm/search_entry.h"
#include "formats/npm/search_text.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace {

using kontor::check;
using kontor::Json;
namespace npm = kontor::npm;

constexpr kontor::JsonLimits kLimits = {.max_bytes = 1u << 16, .max_values = 5000};

void check_fragment(const std::string& fragment) {
  check(npm::parse_fragment(fragment).is_object(), "a fragment is no object");
  const auto marked = npm::with_deprecation(fragment, "why \"}},\n");
  check(npm::deprecation_of(marked) == "why \"}},\n", "a deprecation does not read back");
  check(npm::parse_fragment(marked).contains("deprecated"), "a deprecation is not a member");
  const auto plain = npm::with_deprecation(marked, "");
  check(npm::deprecation_of(plain).empty(), "a deprecation stays");
  check(npm::with_deprecation(plain, npm::deprecation_of(fragment)) == fragment, "no round trip");
}

void check_made(const Json& manifest) {
  const npm::ManifestFacts facts{.name = "foo", .version = "1.0.0"};
  const auto made = npm::make_fragments(manifest, facts);
  if (!made) return;
  check_fragment(made->full);
  check_fragment(made->abbreviated);
  kontor::VersionRecord record;
  record.version = "1.0.0";
  record.manifest = made->full;
  check(npm::parse_fragment(npm::make_search_entry(record).document).is_object(),
        "a search document is no object");
}

void check_self_agreement(Json manifest) {
  manifest["name"] = "foo";
  manifest["version"] = "1.0.0";
  const auto verdict = npm::check_manifest(manifest, manifest, "foo", "1.0.0");
  check(verdict || verdict.error().code == kontor::Code::too_large,
        "a manifest contradicts itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto split = std::min(text.find('\0'), text.size());
  const auto first = text.substr(0, split);
  const auto second = text.substr(std::min(split + 1, text.size()));
  (void)npm::git_identity(first);
  check(npm::parse_search_text(first).query.words.size() <= 16, "too many words");
  const auto published = kontor::parse_json(first, kLimits);
  if (!published || !published->is_object()) return 0;
  check_made(*published);
  check_self_agreement(*published);
  const auto packed = kontor::parse_json(second, kLimits);
  if (packed) (void)npm::check_manifest(*packed, *published, "foo", "1.0.0");
  return 0;
}
