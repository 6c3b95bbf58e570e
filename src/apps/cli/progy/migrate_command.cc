// Each course is cloned, given its new name and version 1.0.0, packed and published; one that fails
// does not stop the others, and one that is there is left alone, so that the command can be
// repeated.
#include "apps/cli/progy/migrate_command.h"

#include "adapters/filesystem/whole_file.h"
#include "apps/cli/log/pin.h"
#include "apps/cli/progy/artifact.h"
#include "apps/cli/progy/pack/pack.h"
#include "apps/cli/progy/publishing.h"
#include "apps/cli/progy/scratch_folder.h"
#include "apps/cli/progy/student/legacy.h"

#include <CLI/CLI.hpp>

#include <filesystem>

namespace kontor::cli {
namespace {

using namespace std::string_literals;
using progy::Desk;
using progy::Done;
using progy::Failure;
using progy::Outcome;

constexpr const char* kVersion = "1.0.0";

struct Arguments {
  std::string scope = "progy";
  std::string courses;
  bool dry_run = false;
};

// course.json of old courses has a title where the name belongs now.
Outcome<void> rename_course(const std::string& folder, const std::string& name,
                            const std::string& description) {
  const auto path = folder + "/course.json";
  const auto text = fs::read_file(path, kontor::progy::kMaxCourseBytes);
  auto document = text ? parse_json(*text) : Result<Json>(fail(Code::invalid_json));
  if (!document || !document->is_object())
    return fail(Code::bad_request, "It has no course.json that can be read.");
  const auto title = progy::text_of(*document, "name");
  if (!title.empty() && title != name && !document->contains("title")) (*document)["title"] = title;
  (*document)["name"] = name;
  (*document)["version"] = kVersion;
  if (!description.empty() && progy::text_of(*document, "description").empty())
    (*document)["description"] = description;
  if (auto written = replace_file(folder, "course.json", document->dump(2) + "\n"); !written)
    return fail(written);
  return {};
}

Outcome<std::string> migrate(Desk& desk, progy::RegistryApi& api, const progy::LegacyCourse& course,
                             const Arguments& arguments) {
  const auto name = "@" + arguments.scope + "/" + course.name;
  const auto there = api.resolve({name, ""});
  if (there) return "skipped"s;
  if (there.error().name != "PACKAGE_NOT_FOUND") return std::unexpected(there.error());
  const progy::ScratchFolder scratch(desk);
  const auto content = scratch.path() + "/content";
  std::error_code error;
  if (scratch.path().empty() || !std::filesystem::create_directory(content, error))
    return fail(Code::bad_request, "No temporary folder can be made.");
  if (auto cloned = progy::clone_legacy(desk, course, scratch.path() + "/clone", content); !cloned)
    return std::unexpected(cloned.error());
  if (auto renamed = rename_course(content, name, course.description); !renamed)
    return std::unexpected(renamed.error());
  const auto folder = progy::open_course_folder(desk, content);
  if (!folder) return std::unexpected(folder.error());
  const auto packed = progy::pack_course(desk, *folder, scratch.path() + "/course.progy");
  if (!packed) return std::unexpected(packed.error());
  if (arguments.dry_run) return "would publish"s;
  const auto published = progy::publish_artifact(
      desk, api, {packed->path, folder->course, packed->size},
      {"Moved from " + course.repo + (course.path.empty() ? "" : ", " + course.path), false});
  if (!published) return std::unexpected(published.error());
  return "published"s;
}

Outcome<Done> migrate_courses(Desk& desk, const Arguments& arguments) {
  progy::RegistryApi api(desk);
  const auto courses = progy::list_legacy(desk, api, arguments.courses);
  if (!courses) return std::unexpected(courses.error());
  Done done{{{"courses", Json::array()}}, "", progy::kDone};
  for (const auto& course : *courses) {
    const auto name = "@" + arguments.scope + "/" + course.name;
    desk.say(name + " from " + course.repo + " ...");
    const auto result = migrate(desk, api, course, arguments);
    const auto status = result ? *result : "failed";
    const auto why = result ? "" : result.error().message;
    done.facts["courses"].push_back(
        {{"name", name}, {"version", kVersion}, {"status", status}, {"error", why}});
    done.words +=
        name + " " + kVersion + "  " + status + (why.empty() ? "" : ": " + printable(why)) + "\n";
    if (!result) done.status = progy::kFailed;
  }
  if (courses->empty()) done.words = "The registry names no old courses.\n";
  return done;
}

}  // namespace

void add_migrate_courses_command(CLI::App& registry, CommandContext& context) {
  const auto there =
      registry.get_subcommands([](CLI::App* group) { return group->get_name() == "migrate"; });
  auto* migrate = there.empty() ? nullptr : there.front();
  if (!migrate) {
    migrate = registry.add_subcommand("migrate", "Move what is elsewhere into the registry");
    migrate->require_subcommand(1);
  }
  const auto arguments = std::make_shared<Arguments>();
  auto& command = progy::add_command(
      *migrate, context, "courses",
      "Publish the courses of COURSES as version 1.0.0; needs progy login or PROGY_TOKEN",
      [arguments](Desk& desk) { return migrate_courses(desk, *arguments); });
  command.add_option(
      "--courses", arguments->courses,
      "JSON file {name: {repo, branch, path, description}}; else the variable COURSES, "
      "or what the registry names");
  command.add_option("--scope", arguments->scope, "Whose courses they become; else progy");
  command.add_flag("--dry-run", arguments->dry_run, "Clone and pack, but publish nothing");
}

}  // namespace kontor::cli
