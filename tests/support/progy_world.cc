// One gateway over both formats.
#include "tests/support/progy_world.h"

namespace kontor::test {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kBoundary = "a-boundary-of-the-tests";

}  // namespace

std::string artifact_of(const CoursePackage& course) {
  ZipWriter zip;
  if (!course.files.contains("course.json"))
    zip.file("course.json", Json{{"name", course.name},
                                 {"version", course.version},
                                 {"description", "From course.json"},
                                 {"keywords", {"rust", "systems"}},
                                 {"author", {{"name", "Alice"}}}}
                                .dump());
  for (const auto& [path, content] : course.files) zip.file(path, content);
  return zip.zip();
}

std::string form_of(const std::vector<FormPart>& parts) {
  std::string out;
  for (const auto& part : parts) {
    out += std::string("--") + kBoundary + "\r\ncontent-disposition: form-data; name=\"" +
           part.name + "\"";
    if (!part.file_name.empty()) out += "; filename=\"" + part.file_name + "\"";
    out += "\r\n\r\n" + part.content + "\r\n";
  }
  return out + "--" + kBoundary + "--\r\n";
}

void expect_error(const Answer& answer, int status, const std::string& code,
                  const std::string& message) {
  EXPECT_EQ(answer.status, status) << answer.body;
  EXPECT_EQ(answer.json()["code"], code) << answer.body;
  EXPECT_EQ(answer.json()["error"], message);
}

ProgyWorld::ProgyWorld()
    : progy_routes("progy", progy::routes(), progy, progy::error_response),
      both(registry, {{&progy_routes, false}, {&routes, true}}) {
  host = &both;
}

Answer ProgyWorld::publish_form(const std::vector<FormPart>& parts, const std::string& user) {
  Ask request{.method = "POST", .target = "/registry/publish"};
  request.headers.emplace_back("content-type",
                               std::string("multipart/form-data; boundary=") + kBoundary);
  if (!user.empty()) request.headers.emplace_back("authorization", login(user));
  request.body = form_of(parts);
  return ask(std::move(request));
}

Answer ProgyWorld::publish_course(const CoursePackage& course, const std::string& user) {
  Json metadata = {{"name", course.name}, {"version", course.version}};
  metadata.update(course.metadata);
  return publish_form(
      {{"file", artifact_of(course), "course.progy"}, {"metadata", metadata.dump()}}, user);
}

}  // namespace kontor::test
