// A key file is made once, whole and private, and never replaced.
#include "adapters/filesystem/key_file.h"

#include "adapters/filesystem/files.h"
#include "adapters/memory/fakes.h"
#include "tests/support/temp_folder.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sys/stat.h>

namespace kontor::fs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct KeyFile : testing::Test {
  test::TempFolder folder;
  const std::string path = folder.path() + "/keys/two-factor";
  memory::FakeEntropy entropy;
};

TEST_F(KeyFile, is_made_once_and_then_kept) {
  const auto made = load_or_make_key(path, entropy);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->size(), kKeyFileBytes);
  EXPECT_EQ(load_or_make_key(path, entropy), *made);
  EXPECT_THAT(names_in(folder.path() + "/keys"), ElementsAre("two-factor")) << "nothing else stays";
}

TEST_F(KeyFile, is_for_its_owner_only) {
  ASSERT_TRUE(load_or_make_key(path, entropy));
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat((folder.path() + "/keys").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);

  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const auto refused = load_or_make_key(path, entropy);
  ASSERT_FALSE(refused);
  EXPECT_THAT(std::string(refused.error().message()), HasSubstr("chmod 600"));
}

TEST_F(KeyFile, of_another_length_is_refused_and_left_alone) {
  ASSERT_TRUE(make_folder(folder.path() + "/keys"));
  for (const std::size_t length : {0u, 31u, 33u}) {
    std::ofstream(path, std::ios::trunc) << std::string(length, 'k');
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    const auto refused = load_or_make_key(path, entropy);
    ASSERT_FALSE(refused) << length;
    EXPECT_THAT(std::string(refused.error().message()), HasSubstr("backup"));
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_size, static_cast<off_t>(length));
  }
}

TEST_F(KeyFile, that_cannot_be_made_says_so) {
  const auto refused = load_or_make_key(folder.path() + "/no/such/folder/key", entropy);
  ASSERT_FALSE(refused);
  EXPECT_THAT(std::string(refused.error().message()), HasSubstr("cannot be made"));
}

}  // namespace
}  // namespace kontor::fs
