// The config commands as a person runs them, in a folder of the test's own.
#include "apps/cli/config_command.h"

#include "apps/server/config/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace kontor {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ConfigCommand : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "kontor_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
  }
  void TearDown() override { fs::remove_all(folder_); }

  int run(std::vector<std::string> arguments, config::Variables environment = {}) {
    out_.str("");
    err_.str("");
    CommandContext context{out_, err_, std::move(environment), folder_};
    return config_command(arguments, context);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
  }
  std::string read(const std::string& name) {
    std::ifstream in(folder_ + "/" + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::string folder_;
  std::ostringstream out_, err_;
};

TEST_F(ConfigCommand, init_writes_the_example) {
  EXPECT_EQ(run({"init"}), 0);
  EXPECT_EQ(read("registry.config.json5"), config::example_file());
  EXPECT_EQ(run({"init", "deep/er/c.json5"}), 0);
  EXPECT_EQ(read("deep/er/c.json5"), config::example_file());
  EXPECT_EQ(run({"load"}), 0);
  EXPECT_EQ(err_.str(), "");
}

TEST_F(ConfigCommand, init_overwrites_only_by_force) {
  write("c.json5", "{/* mine */}");
  EXPECT_EQ(run({"init", "c.json5"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("c.json5 exists; --force overwrites it\n"));
  EXPECT_EQ(read("c.json5"), "{/* mine */}");
  EXPECT_EQ(run({"init", "c.json5", "--force"}), 0);
  EXPECT_EQ(read("c.json5"), config::example_file());
}

TEST_F(ConfigCommand, init_says_why_it_cannot_write) {
  write("file", "");
  EXPECT_EQ(run({"init", "file/c.json5"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("Not a directory"));
}

TEST_F(ConfigCommand, load_prints_what_is_in_effect_with_secrets_masked) {
  write("c.json5", "{listen: {port: 1}, admin: {password: 'hunter2hunter2'}, colour: 'red'}");
  EXPECT_EQ(run({"load", "c.json5", "--set", "readOnly=true", "--host", "::1"},
                {{"KONTOR_METRICS_TOKEN", "hunter2-token"}}),
            0);
  EXPECT_THAT(out_.str(), HasSubstr("    port: 1,\n"));
  EXPECT_THAT(out_.str(), HasSubstr("    host: \"::1\",\n"));
  EXPECT_THAT(out_.str(), HasSubstr("  readOnly: true,\n"));
  EXPECT_THAT(out_.str(), HasSubstr("    password: \"********\",\n"));
  EXPECT_THAT(err_.str(), HasSubstr("unknown key \"colour\"\n"));
  EXPECT_EQ((out_.str() + err_.str()).find("hunter2"), std::string::npos);
}

TEST_F(ConfigCommand, load_shows_origins_when_asked) {
  write("registry.config.json5", "{listen: {port: 1}}");
  EXPECT_EQ(run({"load", "--show-origin", "--data-dir", "/d"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("port: 1,  // " + folder_ + "/registry.config.json5:1:17\n"));
  EXPECT_THAT(out_.str(), HasSubstr("dataDir: \"/d\",  // --data-dir\n"));
}

TEST_F(ConfigCommand, load_fails_with_every_error_and_prints_no_configuration) {
  write("c.json5", "{\n  listen: {port: 'x'},\n  readOnly: 1\n}");
  EXPECT_EQ(run({"load", "c.json5"}), 1);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(), "error: " + folder_ +
                            "/c.json5:2:18: listen.port must be a whole number, not a string\n"
                            "error: " +
                            folder_ +
                            "/c.json5:3:13: readOnly must be true or false, not a number\n");
  EXPECT_EQ(run({"load", "none.json5"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("none.json5: No such file or directory"));
}

TEST_F(ConfigCommand, insecure_is_accepted_only_when_said) {
  std::vector<std::string> arguments = {"load", "--host", "0.0.0.0", "--set", "auth.type=none"};
  EXPECT_EQ(run(arguments), 1);
  EXPECT_THAT(err_.str(), HasSubstr("--insecure"));
  arguments.push_back("--insecure");
  EXPECT_EQ(run(arguments), 0);
}

TEST_F(ConfigCommand, wrong_arguments_are_refused) {
  EXPECT_NE(run({}), 0);
  EXPECT_NE(run({"lod"}), 0);
  EXPECT_NE(run({"load", "--set", "readOnly"}), 0);
  EXPECT_THAT(err_.str(), HasSubstr("key=value"));
  EXPECT_NE(run({"load", "--colour"}), 0);
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("init"));
}

}  // namespace
}  // namespace kontor
