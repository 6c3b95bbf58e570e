// Only what could be a name and a version is looked for; the formats have stricter rules.
#include "domain/release_text.h"

#include "base/sha256.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kMaxName = 214, kMaxVersion = 256;

bool all_of(std::string_view text, std::string_view also) {
  return std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           also.find(c) != also.npos;
  });
}

}  // namespace

Result<std::string> release_text(std::string_view name, std::string_view version,
                                 const Sha512& archive) {
  const auto local = name.starts_with('@') ? name.substr(1) : name;
  if (local.empty() || name.size() > kMaxName || !all_of(local, "-_.~!'()*/"))
    return fail(Code::bad_request, "That is no package's name.");
  if (version.empty() || version.size() > kMaxVersion || !all_of(version, "-.+"))
    return fail(Code::bad_request, "That is no version.");
  return std::string(name).append("@").append(version).append(":").append(integrity(archive));
}

std::string release_key_id(ByteView public_key) {
  std::string id = "SHA256:" + sha256(public_key).base64();
  while (id.ends_with('=')) id.pop_back();
  return id;
}

}  // namespace kontor
