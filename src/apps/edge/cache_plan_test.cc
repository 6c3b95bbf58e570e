// Which requests the cache answers, and what a change makes stale.
#include "apps/edge/cache_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::edge {
namespace {

const std::vector<std::string> kPrefixes = {"/npm"};

CachePlan plan_of(http::Method method, std::string_view path,
                  std::vector<http::HeaderView> headers = {}) {
  http::Request request;
  request.method = method;
  request.path = path;
  request.base_url = "https://registry.example";
  request.headers = std::move(headers);
  return cache_plan(request, kPrefixes);
}

TEST(CachePlan, a_package_has_one_tag_under_all_its_addresses) {
  for (const char* path :
       {"/@a/b", "/@a%2fb", "/npm/@a%2fb", "/@a/b/-/b-1.0.0.tgz", "/@a%2Fb/1.0.0"})
    EXPECT_EQ(plan_of(http::Method::get, path).tags, (std::vector<std::string>{"all", "npm:@a/b"}))
        << path;
  EXPECT_EQ(plan_of(http::Method::get, "/-/package/@a%2fb/dist-tags").tags.back(), "npm:@a/b");
  EXPECT_EQ(plan_of(http::Method::get, "/cdn/@a%2fb/-/b-1.0.0.tgz").tags.back(), "npm:@a/b");
  EXPECT_EQ(plan_of(http::Method::get, "/-/v1/search").tags.back(), "lists");
}

TEST(CachePlan, every_change_makes_its_package_and_the_lists_stale) {
  for (const auto method : {http::Method::put, http::Method::post, http::Method::del})
    for (const char* path : {"/pkg", "/npm/pkg", "/pkg/-rev/1-0", "/-/package/pkg/dist-tags/next"})
      EXPECT_EQ(plan_of(method, path).stale, (std::vector<std::string>{"lists", "npm:pkg"}))
          << path;
}

TEST(CachePlan, a_package_of_ori_has_a_tag_of_its_own) {
  const auto get = [](std::string_view path) { return plan_of(http::Method::get, path).tags; };
  for (const char* path : {"/v1/packages/a/b/versions", "/v1/packages/@a/b/1.0.0/metadata",
                           "/v1/packages/a/b/1.0.0/download"})
    EXPECT_EQ(get(path), (std::vector<std::string>{"all", "ori:@a/b"})) << path;
  for (const char* path : {"/v1/packages/a/b/publish", "/v1/packages/@a/b/1.0.0/yank",
                           "/v1/admin/packages/a/b/1.0.0/remove"})
    EXPECT_EQ(plan_of(http::Method::post, path).stale,
              (std::vector<std::string>{"lists", "ori:@a/b"}))
        << path;
  EXPECT_EQ(get("/v1/search").back(), "lists");
  EXPECT_EQ(plan_of(http::Method::post, "/v1/tokens").stale, std::vector<std::string>{"lists"});
}

TEST(CachePlan, a_price_makes_courses_stale_that_were_free) {
  const auto tag = plan_of(http::Method::get, "/registry/download/@a/c/1.0.0").tags.back();
  EXPECT_THAT(plan_of(http::Method::put, "/billing/prices/@a%2fc").stale, testing::Contains(tag));
}

TEST(CachePlan, a_question_is_no_change) {
  for (const char* path : {"/v1/advisories/query", "/-/npm/v1/security/advisories/bulk",
                           "/npm/-/npm/v1/security/audits/quick"}) {
    const auto plan = plan_of(http::Method::post, path);
    EXPECT_EQ(plan.use, CachePlan::Use::none) << path;
    EXPECT_TRUE(plan.stale.empty()) << path;
  }
}

TEST(CachePlan, an_advisory_makes_everything_stale_and_a_question_about_them_does_not) {
  const auto all_stale = [](http::Method method, std::string_view path) {
    return std::ranges::count(plan_of(method, path).stale, "all") == 1;
  };
  EXPECT_TRUE(all_stale(http::Method::post, "/v1/advisories"));
  EXPECT_TRUE(all_stale(http::Method::patch, "/v1/advisories/OSV-1"));
  EXPECT_TRUE(all_stale(http::Method::post, "/-/kontor/v1/advisories/scan"));
  EXPECT_FALSE(all_stale(http::Method::post, "/v1/advisories/query"));
  EXPECT_FALSE(all_stale(http::Method::put, "/advisories"));
}

TEST(CachePlan, what_depends_on_the_caller_is_not_looked_up) {
  for (const char* name : {"Authorization", "Range", "If-None-Match", "Origin"})
    EXPECT_EQ(plan_of(http::Method::get, "/pkg", {{name, "x"}}).use, CachePlan::Use::none) << name;
  EXPECT_EQ(plan_of(http::Method::head, "/pkg").use, CachePlan::Use::none);
  EXPECT_EQ(plan_of(http::Method::get, "/pkg").use, CachePlan::Use::read);
}

TEST(CachePlan, what_says_how_far_a_log_is_is_not_looked_up) {
  for (const char* path : {"/log/public/checkpoint", "/log/public/vkey"})
    EXPECT_EQ(plan_of(http::Method::get, path).use, CachePlan::Use::none) << path;
  for (const char* path : {"/log/public/tile/0/000", "/log/public/tile/checkpoint"})
    EXPECT_EQ(plan_of(http::Method::get, path).use, CachePlan::Use::read) << path;
}

TEST(CachePlan, downloads_are_told_of) {
  for (const char* path : {"/pkg/-/pkg-1.0.0.tgz", "/npm/@a/b/-/b-1.0.0.tgz",
                           "/registry/download/@ada%2frust/1.0.0", "/registry/download/@a/b/1.0.0"})
    EXPECT_TRUE(plan_of(http::Method::get, path).counted) << path;
  for (const char* path : {"/pkg", "/registry/download", "/registry/resolve/@a/b",
                           "/v1/packages/a/b/1.0.0/download", "/-/v1/search"})
    EXPECT_FALSE(plan_of(http::Method::get, path).counted) << path;
}

TEST(CachePlan, the_version_of_an_ori_download_is_named_with_and_without_its_sign) {
  for (const char* path : {"/v1/packages/a/b/1.0.0/download", "/v1/packages/@a/b/1.0.0/download"}) {
    const auto named = ori_download(path);
    ASSERT_TRUE(named) << path;
    EXPECT_EQ(named->key, (PackageKey{FormatId::ori, "@a/b"}));
    EXPECT_EQ(named->version, "1.0.0");
  }
  for (const char* path : {"/v1/packages/a/b/1.0.0/metadata", "/v1/packages/a/b/download",
                           "/npm/packages/a/b/1.0.0/download", "/"})
    EXPECT_FALSE(ori_download(path)) << path;
}

TEST(CachePlan, each_form_of_a_document_is_kept_apart) {
  const auto key = [](std::string_view accept, std::string_view encoding) {
    return plan_of(http::Method::get, "/pkg", {{"accept", accept}, {"accept-encoding", encoding}})
        .key;
  };
  EXPECT_EQ(key("a", "gzip"), key("a", "gzip"));
  EXPECT_NE(key("a", "gzip"), key("b", "gzip"));
  EXPECT_NE(key("a", "gzip"), key("a", ""));
}

}  // namespace
}  // namespace kontor::edge
