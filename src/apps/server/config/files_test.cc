// Which files are read, in a folder of the test's own.
#include "apps/server/config/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace kontor::config {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ConfigFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "kontor_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    fs::create_directories(folder_ + "/config");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    fs::permissions(folder_ + "/" + name, fs::perms::owner_read | fs::perms::owner_write);
  }
  // A configuration that tells its own name.
  void write_config(const std::string& name) { write(name, "{dataDir: '" + name + "'}"); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  std::string data_dir(ConfigRequest request = {}, Variables environment = {}) {
    request.directory = folder_;
    auto loaded = load_files(request, std::move(environment));
    return loaded ? loaded->config.data_dir : "error: " + loaded.error()[0];
  }

  std::string folder_;
};

TEST_F(ConfigFiles, are_searched_in_order) {
  EXPECT_EQ(data_dir(), "./kontor-data");
  const char* rising[] = {"config/registry.config.json", "config/registry.config.json5",
                          "registry.config.json", "registry.config.json5"};
  for (const auto* name : rising) {
    write_config(name);
    EXPECT_EQ(data_dir(), name);
  }
  write_config("by-variable.json5");
  Variables environment{{"REGISTRY_CONFIG_PATH", "by-variable.json5"}};
  EXPECT_EQ(data_dir({}, environment), "by-variable.json5");
  write_config("named.json");
  EXPECT_EQ(data_dir({.config_file = "named.json"}, environment), "named.json");
  EXPECT_EQ(data_dir({.config_file = path("named.json")}), "named.json");
}

TEST_F(ConfigFiles, the_env_file_may_name_the_configuration) {
  write_config("by-variable.json5");
  write(".env.registry", "REGISTRY_CONFIG_PATH=by-variable.json5\n");
  EXPECT_EQ(data_dir(), "by-variable.json5");
}

TEST_F(ConfigFiles, the_env_file_is_found_or_named) {
  write(".env.registry", "KONTOR_DATA_DIR=found\n");
  write("other.env", "KONTOR_DATA_DIR=named\n");
  EXPECT_EQ(data_dir(), "found");
  EXPECT_EQ(data_dir({.env_file = "other.env"}), "named");
}

TEST_F(ConfigFiles, a_file_that_is_named_must_exist) {
  EXPECT_EQ(data_dir({.config_file = "none.json5"}),
            "error: " + path("none.json5") + ": No such file or directory");
  EXPECT_EQ(data_dir({.env_file = "none.env"}),
            "error: " + path("none.env") + ": No such file or directory");
  EXPECT_EQ(data_dir({}, {{"REGISTRY_CONFIG_PATH", "none.json5"}}),
            "error: " + path("none.json5") + ": No such file or directory");
}

TEST_F(ConfigFiles, what_is_found_is_never_skipped) {
  write_config("registry.config.json");
  fs::create_directory(path("registry.config.json5"));
  EXPECT_EQ(data_dir(), "error: " + path("registry.config.json5") + ": Is a directory");
  fs::remove(path("registry.config.json5"));
  write("registry.config.json5", "{broken");
  EXPECT_EQ(data_dir(),
            "error: " + path("registry.config.json5") + ":1:8: expected ':', but the text ends");
  write("registry.config.json5", std::string((1 << 20) + 1, ' '));
  EXPECT_EQ(data_dir(), "error: " + path("registry.config.json5") + ": larger than 1 MiB");
}

TEST_F(ConfigFiles, a_secret_that_everybody_can_read_is_a_warning) {
  write(".env.registry", "KONTOR_ADMIN_PASSWORD=hunter2hunter2\n");
  ConfigRequest request{.directory = folder_};
  auto loaded = load_files(request, {});
  ASSERT_TRUE(loaded);
  EXPECT_THAT(loaded->warnings, IsEmpty());
  fs::permissions(path(".env.registry"), fs::perms::others_read, fs::perm_options::add);
  loaded = load_files(request, {});
  ASSERT_TRUE(loaded);
  EXPECT_THAT(loaded->warnings, ElementsAre(HasSubstr("every user of this machine")));
  EXPECT_EQ(loaded->warnings[0].find("hunter2"), std::string::npos);
}

TEST(ConfigEnvironment, holds_the_variables_of_the_process) {
  auto variables = process_environment();
  ASSERT_TRUE(variables.contains("PATH"));
  EXPECT_EQ(variables["PATH"], std::getenv("PATH"));
}

}  // namespace
}  // namespace kontor::config
