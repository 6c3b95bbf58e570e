#pragma once
// A signer of versions whose signatures can be read: the text itself after the number of the key.
#include "ports/release_signer.h"

namespace kontor::test {

class TestReleaseSigner final : public ReleaseSigner {
 public:
  Task<std::vector<ReleaseKey>> release_keys() override { co_return keys; }
  Task<ReleaseSignature> sign_release(Release release) override {
    if (away) co_return fail(Code::unavailable);
    co_return ReleaseSignature{keys.front().id, text(keys.front(), release)};
  }
  Task<ReleaseKey> rotate_release_key() override {
    keys.front().expires = Timestamp{1};
    const auto number = std::to_string(keys.size() + 1);
    keys.insert(keys.begin(), {"SHA256:" + number, "public key " + number, std::nullopt});
    co_return keys.front();
  }

  static Bytes text(const ReleaseKey& key, const Release& release) {
    return key.id + " " + release.name + "@" + release.version + ":" + integrity(release.archive);
  }

  std::vector<ReleaseKey> keys = {{"SHA256:1", "public key 1", std::nullopt}};
  bool away = false;
};

}  // namespace kontor::test
