// Publishing, in the order of the source's section 9 and by the names of its section 13.
#include "adapters/memory/store_audit.h"
#include "base/sha256.h"
#include "tests/support/progy_world.h"

#include <gtest/gtest.h>

namespace kontor::test {
namespace {

using Json = nlohmann::ordered_json;

const std::string kMetadata = R"({"name":"@alice/rust-basics","version":"1.0.0"})";

void expect_no_course(ProgyWorld& world) {
  EXPECT_EQ(world.get("/registry/resolve/@alice/rust-basics", "alice").status, 404);
  EXPECT_EQ(world.blobs.count(), 0u);
}

TEST(PostPublish, with_valid_data_answers_200_ok) {
  ProgyWorld world;
  const CoursePackage course;
  const auto answer = world.publish_course(course);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json()["success"], true);
  EXPECT_EQ(answer.json()["version"], "1.0.0");
  EXPECT_EQ(answer.json()["url"],
            "http://registry.test/registry/download/@alice/rust-basics/1.0.0");
  EXPECT_EQ(answer.json()["checksum"], sha256(artifact_of(course)).hex());
  EXPECT_EQ(answer.json()["log"]["log"], "public");
  EXPECT_EQ(answer.json()["warnings"], Json::array());
  EXPECT_EQ(world.audited().back(), "publish");
}

TEST(PostPublish, with_duplicate_version_answers_409_conflict) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({}).status, 200);
  for (const auto& again : {CoursePackage{}, CoursePackage{.files = {{"content/b", "other"}}}}) {
    const auto answer = world.publish_course(again);
    expect_error(answer, 409, "VERSION_EXISTS", "Version already exists");
    EXPECT_EQ(answer.json()["detail"],
              "Version 1.0.0 already exists. Please increment version in course.json");
  }
  const auto stored = world.get("/registry/resolve/@alice/rust-basics").json();
  EXPECT_EQ(stored["checksum"], sha256(artifact_of({})).hex());
  EXPECT_EQ(world.blobs.count(), 1u);
}

TEST(PostPublish, with_mismatching_user_answers_403_forbidden) {
  ProgyWorld world;
  const std::string message = "Permission denied: You do not own this package";
  expect_error(world.publish_course({}, "bob"), 403, "FORBIDDEN", message);
  expect_no_course(world);
  ASSERT_EQ(world.publish_course({.metadata = {{"private", true}}}).status, 200);
  expect_error(world.publish_course({.version = "1.1.0"}, "bob"), 403, "FORBIDDEN", message);
  EXPECT_EQ(world.publish_course({.version = "1.1.0"}, "root").status, 200);
}

TEST(PostPublish, without_a_session_answers_401) {
  ProgyWorld world;
  expect_error(world.publish_course({}, ""), 401, "UNAUTHORIZED", "Unauthorized");
  expect_no_course(world);
}

TEST(PostPublish, of_more_than_the_limit_answers_413) {
  ProgyWorld world;
  Ask request{.method = "POST", .target = "/registry/publish"};
  request.headers = {{"content-type", "multipart/form-data; boundary=b"},
                     {"authorization", world.login("alice")}};
  request.body =
      "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.progy\"\r\n\r\n" +
      ZipWriter()
          .entry({.name = "a", .content = std::string(101u << 20, 'x'), .stored = true})
          .zip();
  expect_error(world.ask(request), 413, "PAYLOAD_TOO_LARGE", "File too large");
  expect_no_course(world);
}

TEST(PostPublish, without_an_artifact_answers_400_invalid_file) {
  ProgyWorld world;
  const auto artifact = artifact_of({});
  const std::string message = "Invalid file upload";
  for (const auto& parts : std::vector<std::vector<FormPart>>{
           {{"metadata", kMetadata}},
           {{"file", "no zip", "a.progy"}, {"metadata", kMetadata}},
           {{"file", artifact, "a.zip"}, {"metadata", kMetadata}},
           {{"file", artifact, "a.progy"}, {"file", artifact, "a.progy"}, {"metadata", kMetadata}},
           {{"file", artifact.substr(0, artifact.size() - 1), "a.progy"}, {"metadata", kMetadata}},
           {{"file", ZipWriter().file("a", "b").zip(), "a.progy"}, {"metadata", kMetadata}},
           {{"file", ZipWriter().file("course.json", "{}").zip(), "a.progy"},
            {"metadata", kMetadata}}})
    expect_error(world.publish_form(parts), 400, "INVALID_FILE", message);
  EXPECT_EQ(world.send("POST", "/registry/publish", "alice", Json::object()).json()["code"],
            "INVALID_FILE");
  expect_no_course(world);
}

TEST(PostPublish, tells_every_fault_of_course_json) {
  ProgyWorld world;
  const auto zip = ZipWriter().file("course.json", R"({"name":"Rust","version":"one"})").zip();
  const auto answer = world.publish_form({{"file", zip, "a.progy"}, {"metadata", kMetadata}});
  EXPECT_EQ(answer.json()["detail"],
            "course.json: $.name must be @username/slug: a course is named @username/slug; "
            "$.version must be a semantic version such as 1.0.0.");
}

TEST(PostPublish, whose_course_json_is_another_one_answers_400) {
  ProgyWorld world;
  const auto artifact = artifact_of({.version = "1.0.1"});
  const auto answer = world.publish_form({{"file", artifact, "a.progy"}, {"metadata", kMetadata}});
  expect_error(answer, 400, "INVALID_FILE", "Invalid file upload");
  EXPECT_EQ(answer.json()["detail"],
            "course.json in the artifact has the version 1.0.1, the metadata says 1.0.0.");
  expect_no_course(world);
}

TEST(PostPublish, with_bad_metadata_answers_by_section_nine) {
  ProgyWorld world;
  const auto publish = [&](const std::string& metadata) {
    return world.publish_form({{"file", artifact_of({}), "a.progy"}, {"metadata", metadata}});
  };
  for (const auto* text : {"", "{", "[]", R"({"name":7})", R"({"name":"@a/b","private":"no"})"})
    expect_error(publish(text), 400, "INVALID_METADATA", "Invalid metadata JSON");
  for (const auto* text : {R"({"version":"1.0.0"})", R"({"name":"rust","version":"x"})"})
    expect_error(publish(text), 400, "INVALID_NAME",
                 "Invalid package name. Must be @username/slug");
  expect_error(publish(R"({"name":"@bob/x","version":"1.0"})"), 400, "INVALID_VERSION",
               "Invalid semantic version");
  expect_no_course(world);
}

TEST(PostPublish, takes_the_parts_in_any_order_and_any_pieces) {
  ProgyWorld world;
  Ask request{.method = "POST", .target = "/registry/publish"};
  request.headers = {{"content-type", "multipart/form-data; boundary=a-boundary-of-the-tests"},
                     {"authorization", world.login("alice")}};
  request.body = form_of(
      {{"metadata", kMetadata}, {"guardSnapshot", "{}"}, {"file", artifact_of({}), "rust.progy"}});
  request.piece = 7;
  EXPECT_EQ(world.ask(request).status, 200);
}

TEST(PostPublish, flags_programs_as_the_policy_says) {
  const CoursePackage course{.files = {{"runner/tool",
                                        "\x7f"
                                        "ELF\2\1\1"}}};
  const std::string sentence = "runner/tool is a program (ELF)";
  for (const auto rule : {CourseSettings::Programs::allow, CourseSettings::Programs::warn,
                          CourseSettings::Programs::reject}) {
    ProgyWorld world;
    world.change_settings([&](Settings& settings) { settings.courses.programs = rule; });
    const auto answer = world.publish_course(course);
    if (rule == CourseSettings::Programs::reject) {
      expect_error(answer, 400, "INVALID_FILE", "Invalid file upload");
      expect_no_course(world);
      continue;
    }
    ASSERT_EQ(answer.status, 200);
    const bool warned = rule == CourseSettings::Programs::warn;
    EXPECT_EQ(answer.json()["warnings"], warned ? Json::array({sentence}) : Json::array());
  }
}

TEST(PostPublish, is_limited_by_user_and_failures_use_up_nothing) {
  ProgyWorld world;
  world.change_settings(
      [](Settings& settings) { settings.rates = {{"progyPublish", {2, hours(1)}}}; });
  const auto publish = [&](const std::string& version) {
    return world.publish_course({.version = version});
  };
  ASSERT_EQ(publish("1.0.0").status, 200);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(publish("1.0.0").status, 409);
    EXPECT_EQ(publish("nonsense").status, 400);
  }
  EXPECT_EQ(publish("1.0.1").status, 200);
  const auto refused = publish("1.0.2");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.json()["code"], "RATE_LIMITED");
  EXPECT_EQ(refused.header("retry-after"), "1800");
  EXPECT_EQ(world.publish_course({.name = "@bob/own"}, "bob").status, 200);
}

TEST(PostPublish, with_force_replaces_a_version_for_administrators_where_it_is_allowed) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({}).status, 200);
  const CoursePackage other{.files = {{"content/b", "other"}}};
  const auto publish = [&](const std::string& user, bool force) {
    Json metadata = Json::parse(kMetadata);
    if (force) metadata["force"] = true;
    return world.publish_form(
        {{"metadata", metadata.dump()}, {"file", artifact_of(other), "a.progy"}}, user);
  };
  const auto checksum = [&] {
    return world.get("/registry/resolve/@alice/rust-basics").json()["checksum"];
  };
  EXPECT_EQ(publish("root", true).status, 403);
  world.change_settings([](Settings& settings) { settings.courses.admins_may_replace = true; });
  EXPECT_EQ(publish("alice", true).status, 403);
  EXPECT_EQ(publish("root", false).status, 409);
  EXPECT_EQ(checksum(), sha256(artifact_of({})).hex());

  const auto forced = publish("root", true);
  ASSERT_EQ(forced.status, 200) << forced.body;
  EXPECT_EQ(checksum(), sha256(artifact_of(other)).hex());
  EXPECT_EQ(world.get("/registry/download/@alice/rust-basics/1.0.0").body, artifact_of(other));
  EXPECT_EQ(world.audited().back(), "replace");
  const auto& leaves = world.database.logs.at(LogId::open);
  EXPECT_TRUE(leaves.back().leaf.starts_with("pkglog/v1 replace\n")) << leaves.back().leaf;
  EXPECT_NE(leaves.back().leaf.find("before " + sha256(artifact_of({})).hex()), std::string::npos);
  EXPECT_EQ(world.blobs.count(), 2u);
  memory::StoreAudit audit(world.database);
  const std::vector<Sha256> both = {sha256(artifact_of({})), sha256(artifact_of(other))};
  EXPECT_TRUE(world.run(audit.unreferenced(both))->empty());
}

}  // namespace
}  // namespace kontor::test
