// Stored versions are signed package by package: one change for as many versions of it as one look
// finds. Nothing else about the package changes, not even its time.
#include "formats/npm/signatures.h"

#include "base/encoding.h"
#include "formats/npm/fragment.h"
#include "registry/retry.h"

#include <algorithm>

namespace kontor::npm {
namespace {

constexpr std::uint32_t kVersionsAtATime = 128;
constexpr const char* kKeyType = "ecdsa-sha2-nistp256";

// The versions of one package from `names`, which it heads.
std::vector<std::string> take_package(std::vector<VersionName>& names) {
  const PackageKey key = names.front().key;
  const auto end =
      std::ranges::find_if(names, [&](const VersionName& name) { return name.key != key; });
  std::vector<std::string> versions;
  for (auto it = names.begin(); it != end; ++it) versions.push_back(it->version);
  names.erase(names.begin(), end);
  return versions;
}

Task<UpdateVersion> signed_again(Registry& registry, ReleaseSigner& signer, PackageRecord package,
                                 std::string number) {
  auto found = co_await registry.packages.find_version(package.id, number);
  if (!found) co_return fail(Code::conflict);
  auto version = co_await signed_version(signer, package.key.name, std::move(*found));
  co_return UpdateVersion{std::move(version.version), std::move(version.manifest),
                          std::move(version.abbreviated), std::move(version.deprecated), true};
}

Task<> sign_package(Registry& registry, ReleaseSigner& signer, PackageKey key,
                    std::vector<std::string> versions) {
  const auto package = co_await registry.packages.find(key);
  if (!package) co_return fail(Code::conflict);
  PackageChange change{.key = key, .at = package->modified, .if_revision = package->revision};
  for (const auto& number : versions)
    change.ops.push_back(co_await signed_again(registry, signer, *package, number));
  co_await registry.packages.apply(std::move(change));
  co_return {};
}

}  // namespace

Task<VersionRecord> signed_version(ReleaseSigner& signer, std::string package,
                                   VersionRecord version) {
  const auto made =
      co_await signer.sign_release({package, version.version, version.archive.sha512});
  Json signature = {{"keyid", made.key_id}, {"sig", to_base64(made.signature)}};
  const std::string list = to_text(Json::array({std::move(signature)}));
  version.manifest = with_dist_member(version.manifest, "signatures", list);
  version.abbreviated = with_dist_member(version.abbreviated, "signatures", list);
  version.lacks_signature = false;
  co_return version;
}

Json describe_keys(const std::vector<ReleaseKey>& keys) {
  Json list = Json::array();
  for (const auto& key : keys)
    list.push_back({{"expires", key.expires ? Json(rfc3339(*key.expires)) : Json()},
                    {"keyid", key.id},
                    {"keytype", kKeyType},
                    {"scheme", kKeyType},
                    {"key", to_base64(key.public_key)}});
  return {{"keys", std::move(list)}};
}

Task<std::uint64_t> sign_stored_versions(Registry& registry, ReleaseSigner& signer) {
  std::uint64_t count = 0;
  for (;;) {
    auto names = co_await registry.packages.unsigned_versions(kVersionsAtATime);
    std::uint64_t before = count;
    while (!names.empty()) {
      const PackageKey key = names.front().key;
      auto versions = take_package(names);
      const auto number = versions.size();
      auto done = co_await whole(sign_package(registry, signer, key, std::move(versions)));
      if (done)
        count += number;
      else if (done.error().code != Code::conflict)
        co_return fail(done);
    }
    if (count == before) co_return count;
  }
}

}  // namespace kontor::npm
