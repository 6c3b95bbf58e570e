// The keys of versions in real files: signatures hold for OpenSSL, rotation keeps what was signed.
#include "apps/server/signing/release_keys.h"

#include "base/encoding.h"
#include "base/sha256.h"
#include "base/sha512.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <fstream>

namespace kontor::signing {
namespace {

bool verifies(const ReleaseKey& key, const std::string& text, const Bytes& signature) {
  const auto* at = reinterpret_cast<const unsigned char*>(key.public_key.data());
  const std::shared_ptr<EVP_PKEY> pkey(
      d2i_PUBKEY(nullptr, &at, static_cast<long>(key.public_key.size())), &EVP_PKEY_free);
  const std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return pkey &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, pkey.get()) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

class ReleaseKeysTest : public testing::Test {
 protected:
  Result<std::unique_ptr<ReleaseKeys>> open() {
    return ReleaseKeys::open(*KeyFolder::open(folder.path() + "/keys"));
  }
  std::string file() const { return folder.path() + "/keys/npm.key"; }
  std::string text() const {
    std::ifstream in(file());
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void replace(const std::string& text) { std::ofstream(file()) << text; }

  test::TempFolder folder;
  const Release release{"@scope/foo", "1.0.0", Sha512{}};
  const std::string signed_text = "@scope/foo@1.0.0:" + integrity(Sha512{});
};

TEST_F(ReleaseKeysTest, what_it_signs_verifies_under_the_key_it_names) {
  auto keys = *open();
  const auto signature = keys->sign(release);
  ASSERT_TRUE(signature);
  const ReleaseKey key = keys->keys().at(0);
  EXPECT_EQ(signature->key_id, key.id);
  EXPECT_FALSE(key.expires);
  std::string id = "SHA256:" + sha256(key.public_key).base64();
  id.pop_back();
  EXPECT_EQ(key.id, id);
  EXPECT_TRUE(verifies(key, signed_text, signature->signature));
  EXPECT_FALSE(verifies(key, signed_text + " ", signature->signature));
}

TEST_F(ReleaseKeysTest, keys_are_made_once_and_belong_to_their_owner) {
  EXPECT_EQ((*open())->keys(), (*open())->keys());
  EXPECT_EQ(std::filesystem::status(file()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ReleaseKeysTest, signs_nothing_that_could_be_read_as_another_message) {
  auto keys = *open();
  for (const auto* name : {"", "@", "foo@1.0.0:sha512-x", "foo bar", "foo\n", "a@b", "f:oo"})
    EXPECT_EQ(keys->sign({name, "1.0.0", {}}).error().code, Code::bad_request) << name;
  for (const auto* version : {"", "1.0.0:", "1.0.0 ", "1@2", "1/2"})
    EXPECT_EQ(keys->sign({"foo", version, {}}).error().code, Code::bad_request) << version;
  EXPECT_FALSE(keys->sign({std::string(215, 'a'), "1.0.0", {}}));
  EXPECT_FALSE(keys->sign({"foo", std::string(257, '1'), {}}));
}

TEST_F(ReleaseKeysTest, a_rotated_key_stays_with_its_end_and_its_secret_is_gone) {
  auto keys = *open();
  const ReleaseKey first = keys->keys().at(0);
  const auto old = keys->sign(release);
  const auto old_text = text();
  const auto second = keys->rotate({1'780'000'000'123});
  ASSERT_TRUE(second);
  for (auto& now : {keys->keys(), (*open())->keys()}) {
    ASSERT_EQ(now.size(), 2u);
    EXPECT_EQ(now[0], *second);
    EXPECT_EQ(now[1].id, first.id);
    EXPECT_EQ(now[1].expires, Timestamp{1'780'000'001'000});
    EXPECT_TRUE(verifies(now[1], signed_text, old->signature));
  }
  const auto fresh = (*open())->sign(release);
  EXPECT_EQ(fresh->key_id, second->id);
  EXPECT_TRUE(verifies(*second, signed_text, fresh->signature));
  const std::string secret = old_text.substr(7, old_text.size() - 8);
  EXPECT_EQ(text().find(secret), std::string::npos);
}

TEST_F(ReleaseKeysTest, refuses_to_start_with_a_key_that_others_may_read) {
  ASSERT_TRUE(open());
  std::filesystem::permissions(file(), std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  EXPECT_EQ(open().error().code, Code::unavailable);
}

TEST_F(ReleaseKeysTest, refuses_to_start_with_a_damaged_file) {
  (void)(*open())->rotate({1'780'000'000'123});
  const auto good = text();
  for (const auto& bad : {std::string(), good.substr(0, good.size() - 1), good + "more\n",
                          good.substr(good.find('\n') + 1), std::string("active AAAA\n"),
                          std::string("active\n"), good + "expired 01 AAAA\n"}) {
    replace(bad);
    const auto opened = open();
    ASSERT_FALSE(opened) << bad;
    EXPECT_EQ(opened.error().code, Code::unavailable);
  }
  replace(good);
  EXPECT_TRUE(open());
}

}  // namespace
}  // namespace kontor::signing
