// From raw paths to parameters: what splits, what is refused, and how package names are taken.
#include "http/route.h"

#include "http/path.h"
#include "http/query.h"

#include <gtest/gtest.h>

namespace kontor::http {
namespace {

using Segments = std::vector<std::string>;

TEST(Path, is_split_before_it_is_decoded) {
  EXPECT_EQ(*split_path("/"), Segments{});
  EXPECT_EQ(*split_path("/a/b%2fc"), (Segments{"a", "b/c"}));
  EXPECT_EQ(*split_path("/%40s%2Fn/-/n-1.0.0.tgz"), (Segments{"@s/n", "-", "n-1.0.0.tgz"}));
  EXPECT_EQ(*split_path("/a/"), (Segments{"a"}));
  EXPECT_EQ(*split_path("/%255e"), (Segments{"%5e"}));  // decoded once
}

TEST(Path, that_two_parsers_could_read_differently_is_refused) {
  for (const auto* path :
       {"", "a", "//a", "/a//b", "/.", "/a/../b", "/a/%2e%2e/b", "/a%2f..%2fb", "/%00", "/a%0d%0a",
        "/a%5cb", "/a\\b", "/%c0%af", "/%ff", "/%", "/%4", "/%zz", "/a%7f"})
    EXPECT_FALSE(split_path(path)) << path;
  std::string deep;
  for (int i = 0; i < 16; ++i) deep += "/a";
  EXPECT_TRUE(split_path(deep));
  EXPECT_FALSE(split_path(deep + "/a"));
}

TEST(Query, yields_the_first_value_of_a_name_decoded) {
  EXPECT_EQ(find_query_value("text=a+b%26c&text=d", "text"), "a b&c");
  EXPECT_EQ(find_query_value("x=1&text", "text"), "");
  EXPECT_EQ(find_query_value("te%78t=1", "text"), "1");
  EXPECT_EQ(find_query_value("text=%zz", "text"), std::nullopt);
  EXPECT_EQ(find_query_value("", "text"), std::nullopt);
}

struct Taken {
  bool fits = false;
  Params params;
};

Taken take(std::string_view pattern, std::string_view path) {
  const auto segments = split_path(path);
  Taken out;
  out.fits = segments && match_pattern(pattern, *segments, out.params);
  return out;
}

TEST(Pattern, takes_a_scoped_name_in_all_its_spellings) {
  for (const auto* path : {"/@s/n", "/@s%2fn", "/@s%2Fn", "/%40s/n", "/%40s%2fn"}) {
    EXPECT_EQ(take("/:pkg", path).params["pkg"], "@s/n") << path;
    const auto longer = take("/-/package/:pkg/dist-tags/:tag",
                             "/-/package" + std::string(path) + "/dist-tags/beta");
    EXPECT_EQ(longer.params["pkg"], "@s/n") << path;
    EXPECT_EQ(longer.params["tag"], "beta") << path;
  }
}

TEST(Pattern, fits_whole_paths_only) {
  EXPECT_TRUE(take("/", "/").fits);
  EXPECT_FALSE(take("/", "/a").fits);
  EXPECT_FALSE(take("/:pkg", "/").fits);
  EXPECT_FALSE(take("/:pkg", "/@s").fits);
  EXPECT_FALSE(take("/:pkg", "/a/b").fits);
  EXPECT_FALSE(take("/:pkg", "/a%2fb").fits);  // no scope
  EXPECT_FALSE(take("/:pkg", "/-").fits);      // the registry's own
  EXPECT_FALSE(take("/:pkg/:version", "/-/x").fits);
  EXPECT_FALSE(take("/:pkg", "/@s/n%2fm").fits);
  EXPECT_TRUE(take("/:pkg/:version", "/@s/n/1.0.0").fits);
}

}  // namespace
}  // namespace kontor::http
