// Packing is the same everywhere, keeps every rule of archives, and unpacks to what was packed.
#include "apps/cli/ori/package_archive.h"
#include "apps/cli/ori/project_pack.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kontor::cli::ori {
namespace {

const std::string kManifest =
    "[project]\nname = \"@a/b\"\nversion = \"1.0.0\"\ndescription = \"x\"\nori = \"0.1.0\"\n";

class Folder : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "kontor_XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(folder_ + "/" + name).parent_path());
    std::ofstream(folder_ + "/" + name) << text;
  }
  std::string read(const std::string& name) {
    std::ifstream in(folder_ + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  Result<Files> files(const std::string& manifest) {
    Project project;
    project.folder = folder_;
    const auto read = with_text(project, manifest);
    return files_to_publish(read.value());
  }
  static std::vector<std::string> names(const Files& files) {
    std::vector<std::string> out;
    for (const auto& [path, bytes] : files) out.push_back(path);
    return out;
  }

  std::string folder_;
};

TEST_F(Folder, what_is_packed_keeps_the_rules_and_unpacks_to_itself) {
  const std::string deep = "src/" + std::string(60, 'd') + "/" + std::string(60, 'e') + "/" +
                           std::string(120, 'f') + ".ori";
  const Files files = {{"oripk.toml", kManifest},
                       {"src/empty.ori", ""},
                       {"src/a.ori", std::string(5000, 'a')},
                       {"src/ümlaut.ori", "x"},
                       {deep, "deep"},
                       {"src/" + std::string(90, 'n') + "/" + std::string(90, 'm'), "split"}};
  const auto archive = pack(files);
  const auto manifest = inspect(archive);
  ASSERT_TRUE(manifest) << manifest.error().detail;
  ASSERT_TRUE(unpack(archive, folder_));
  for (const auto& [path, bytes] : files) EXPECT_EQ(read(path), bytes) << path;
}

TEST_F(Folder, equal_files_give_equal_bytes) {
  const Files files = {{"oripk.toml", kManifest}, {"src/a.ori", "1"}};
  EXPECT_EQ(pack(files), pack(files));
  Files other = files;
  other["src/a.ori"] = "2";
  EXPECT_NE(pack(files), pack(other));
}

TEST_F(Folder, nothing_is_unpacked_of_an_archive_that_breaks_a_rule) {
  const auto archive = pack({{"oripk.toml", kManifest}, {"src/a.ori", "1"}, {"../out", "2"}});
  ASSERT_FALSE(unpack(archive, folder_));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(Folder, the_source_and_what_is_named_is_published) {
  for (const char* name : {"src/a.ori", "src/deep/b.ori", "src/secret.key", "README.md",
                           "docs/x/y.md", "docs/z.txt", "other.md", ".git/config", "oripk.lock"})
    write(name, name);
  const auto found =
      files(kManifest +
            "[publish]\ninclude = [\"README.md\", \"docs\", \".git\"]\n"
            "exclude = [\"**/*.key\", \"docs/*.txt\"]\n[scripts]\ntest = \"rm -rf /\"\n");
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(names(*found), (std::vector<std::string>{"README.md", "docs/x/y.md", "oripk.lock",
                                                     "oripk.toml", "src/a.ori", "src/deep/b.ori"}));
  EXPECT_EQ(found->at("oripk.toml").find("scripts"), std::string::npos);
}

TEST_F(Folder, a_link_is_refused_by_its_name) {
  write("src/a.ori", "1");
  std::filesystem::create_symlink("/etc/passwd", folder_ + "/src/b.ori");
  const auto found = files(kManifest);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().detail.substr(0, 9), "src/b.ori");
}

TEST(Patterns, match_names_folders_and_paths) {
  EXPECT_TRUE(matches("README.md", "README.md"));
  EXPECT_TRUE(matches("docs", "docs/a/b.md"));
  EXPECT_TRUE(matches("./docs/", "docs/a.md"));
  EXPECT_TRUE(matches("*.md", "a.md"));
  EXPECT_FALSE(matches("*.md", "docs/a.md"));
  EXPECT_TRUE(matches("**/*.md", "docs/x/a.md"));
  EXPECT_TRUE(matches("**/*.md", "a.md"));
  EXPECT_TRUE(matches("docs/**", "docs/x/a.md"));
  EXPECT_FALSE(matches("doc", "docs"));
  EXPECT_FALSE(matches("", "docs"));
}

}  // namespace
}  // namespace kontor::cli::ori
