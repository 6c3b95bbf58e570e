// What a running server takes over from a changed configuration.
#include "apps/server/config/reload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ConfigReload, without_changes_nothing_happens) {
  auto reloaded = reload(Config{}, Config{});
  EXPECT_TRUE(reloaded.config == Config{});
  EXPECT_THAT(reloaded.changed, IsEmpty());
  EXPECT_THAT(reloaded.warnings, IsEmpty());
}

TEST(ConfigReload, takes_over_what_is_reloadable_and_names_the_rest) {
  Config running, wanted;
  wanted.limits.max_tarball_bytes = kMiB;
  wanted.log.level = LogLevel::debug;
  wanted.auth.allow_registration = true;
  wanted.trusted_proxies = {"10.0.0.0/8"};
  wanted.listen.port = 1;
  wanted.data_dir = "elsewhere";
  auto reloaded = reload(running, wanted);
  EXPECT_THAT(reloaded.changed, ElementsAre("trustedProxies", "log.level", "auth.allowRegistration",
                                            "limits.maxTarballBytes"));
  EXPECT_THAT(reloaded.warnings, ElementsAre("dataDir has changed and needs a restart",
                                             "listen.port has changed and needs a restart"));
  Config expected = wanted;
  expected.listen.port = running.listen.port;
  expected.data_dir = running.data_dir;
  EXPECT_TRUE(reloaded.config == expected);
}

TEST(ConfigReload, certificate_files_change_but_tls_is_not_switched) {
  Config plain, first, second;
  first.tls = {"a.pem", "a.key"};
  second.tls = {"b.pem", "b.key"};
  EXPECT_TRUE(reload(first, second).config == second);
  EXPECT_TRUE(reload(plain, first).config == plain);
  EXPECT_EQ(reload(plain, first).warnings.size(), 2u);
  EXPECT_TRUE(reload(first, plain).config == first);
}

TEST(ConfigReload, never_opens_a_public_address_to_everybody) {
  Config running, wanted;
  running.listen.host = "0.0.0.0";
  wanted.auth.type = AuthType::none;  // sound together with the wanted loopback address only
  auto reloaded = reload(running, wanted);
  EXPECT_EQ(reloaded.config.auth.type, AuthType::token);
  EXPECT_EQ(reloaded.config.listen.host, "0.0.0.0");
  EXPECT_EQ(reloaded.warnings.size(), 2u);
  EXPECT_EQ(reload(wanted, running).config.auth.type, AuthType::token) << "closing takes effect";
}

}  // namespace
}  // namespace kontor::config
