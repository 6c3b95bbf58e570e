// course.json: what is read of it, and that everything that is wrong with it is told at once.
#include "formats/progy/course.h"

#include <gtest/gtest.h>

namespace kontor::progy {
namespace {

// The source's section 11.
constexpr std::string_view kSample = R"({
  "$schema": "https://progy.dev/schema/course.json",
  "name": "@diego/rust-mastery",
  "version": "1.0.0",
  "description": "The ultimate guide to Rust programming.",
  "keywords": ["rust", "systems", "webassembly"],
  "author": {"name": "Diego", "email": "diego@example.com", "url": "https://diego.dev"},
  "license": "MIT",
  "private": false,
  "repository": {"type": "git", "url": "https://example.com/diego/rust-mastery.git"},
  "engines": {"progy": ">=0.15.0"},
  "files": ["content/**/*", "runner/**/*", "assets/**/*", "README.md"],
  "runners": [{"id": "rust", "command": "cargo"}],
  "progression": {"mode": "sequential"}
})";

CourseFaults faults_of(std::string_view text) {
  const auto course = read_course(text);
  return course ? CourseFaults{} : course.error();
}

TEST(Course, reads_every_field_and_keeps_what_it_does_not_know) {
  const auto course = read_course(kSample);
  ASSERT_TRUE(course) << to_text(course.error());
  EXPECT_EQ(course->name.full(), "@diego/rust-mastery");
  EXPECT_EQ(course->version, "1.0.0");
  EXPECT_EQ(course->keywords, (std::vector<std::string>{"rust", "systems", "webassembly"}));
  EXPECT_EQ(course->author, "Diego");
  EXPECT_EQ(course->license, "MIT");
  EXPECT_FALSE(course->is_private);
  EXPECT_EQ(course->progy_range, ">=0.15.0");
  EXPECT_EQ(course->files.size(), 4u);
  EXPECT_EQ(course->document.dump(), Json::parse(kSample).dump());
}

TEST(Course, needs_no_more_than_a_name_and_a_version) {
  EXPECT_TRUE(faults_of(R"({"name":"@a/b","version":"1.0.0"})").empty());
}

TEST(Course, tells_all_faults_at_once_with_their_paths) {
  const CourseFaults expected = {
      {"$.name", "must be @username/slug: a course is named @username/slug"},
      {"$.version", "must be a semantic version such as 1.0.0"},
      {"$.description", "has at most 500 characters"},
      {"$.keywords[1]", "must be a string"},
      {"$.author.name", "is missing"},
      {"$.author.email", "must be an e-mail address"},
      {"$.author.url", "must be an address that begins with https:// or http://"},
      {"$.license", "must be a string"},
      {"$.private", "must be true or false"},
      {"$.repository.url", "is missing"},
      {"$.engines.progy", "must be a range of versions, such as >=0.15.0"},
      {"$.files[0]", "must not lead out of the course"},
      {"$.files[2]", "must be a path within the course, with /"},
  };
  const Json document = {{"name", "Rust"},
                         {"version", "1.0"},
                         {"description", std::string(501, 'x')},
                         {"keywords", {"a", 7}},
                         {"author", {{"email", "diego"}, {"url", "ftp://x"}}},
                         {"license", nullptr},
                         {"private", "no"},
                         {"repository", {{"type", "git"}}},
                         {"engines", {{"progy", "newest of all"}}},
                         {"files", {"a/../../b", "content/**", "/etc/passwd"}}};
  EXPECT_EQ(faults_of(document.dump()), expected);
}

TEST(Course, tells_what_is_no_object_in_one_fault) {
  EXPECT_EQ(faults_of("[]"), (CourseFaults{{"$", "must be a JSON object"}}));
  for (const auto* text : {"", "{", R"({"name":"@a/b","name":"@a/c"})", "nonsense"}) {
    const auto faults = faults_of(text);
    ASSERT_EQ(faults.size(), 1u) << text;
    EXPECT_EQ(faults[0].path, "$");
  }
}

TEST(Course, puts_missing_fields_in_one_line) {
  EXPECT_EQ(to_text(faults_of("{}")),
            "$.name is missing; it must be @username/slug; "
            "$.version is missing; it must be a semantic version such as 1.0.0");
}

TEST(CourseSchema, names_every_field_that_is_read) {
  const auto schema = Json::parse(course_schema());
  for (const auto* key : {"$schema", "name", "version", "title", "description", "keywords",
                          "author", "license", "private", "repository", "engines", "files"})
    EXPECT_TRUE(schema.at("properties").contains(key)) << key;
  EXPECT_EQ(schema.at("required"), Json({"name", "version"}));
}

}  // namespace
}  // namespace kontor::progy
