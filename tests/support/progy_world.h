#pragma once
// Progy's routes beside npm's over in-memory stores, asked as a host asks them.
#include "formats/progy/routes.h"
#include "tests/support/npm_world.h"
#include "tests/support/zip_writer.h"

#include <map>
#include <string>

namespace kontor::test {

// A course to publish; course.json is made unless it is among the files.
struct CoursePackage {
  std::string name = "@alice/rust-basics";
  std::string version = "1.0.0";
  nlohmann::ordered_json metadata = nlohmann::ordered_json::object();  // besides name and version
  std::map<std::string, std::string> files = {{"content/01_intro/README.md", "# Hello\n"}};
};
std::string artifact_of(const CoursePackage& course);

// A part of a form.
struct FormPart {
  std::string name;
  std::string content;
  std::string file_name = {};
};
std::string form_of(const std::vector<FormPart>& parts);

// What an answer of section 9 says.
void expect_error(const Answer& answer, int status, const std::string& code,
                  const std::string& message);

struct ProgyWorld : NpmWorld {
  ProgyWorld();

  Answer publish_course(const CoursePackage& course, const std::string& user = "alice");
  Answer publish_form(const std::vector<FormPart>& parts, const std::string& user = "alice");

  progy::Service progy{registry};
  RouteTable<progy::Service> progy_routes;
  Gateway both;
};

}  // namespace kontor::test
