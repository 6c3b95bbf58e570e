// `progy init`. Rows PGC-04, PGC-05, PGC-08.
#include "apps/cli/progy/artifact.h"
#include "apps/cli/progy/commands.h"
#include "apps/cli/progy/course_fetch.h"
#include "apps/cli/progy/student/legacy.h"
#include "apps/cli/progy/student/portfolio.h"
#include "apps/cli/progy/student/start_folder.h"
#include "apps/cli/progy/student/workspace.h"

#include <CLI/CLI.hpp>

namespace kontor::cli::progy {
namespace {

struct Arguments {
  std::string course;
  std::string folder;
  bool github = false;
  bool no_github = false;
};

// What a new folder is made of.
struct Start {
  std::string name;     // of the course
  std::string version;  // empty: an old course without one
  std::string folder;
};

std::string slug_of(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

std::string commit_message(const Start& start) {
  return start.version.empty() ? "Initial commit from Progy (" + start.name + ")"
                               : "Initial commit from Progy Registry (v" + start.version + ")";
}

std::string target_of(const Desk& desk, const Arguments& arguments, const std::string& name) {
  return desk.path(arguments.folder.empty() ? slug_of(name) : arguments.folder);
}

Outcome<Start> start_from_registry(Desk& desk, const Arguments& arguments, RegistryApi& api,
                                   const Release& release, Cache& cache) {
  const auto target = target_of(desk, arguments, release.name.base);
  auto folder = StartFolder::open(desk, target);
  if (!folder) return std::unexpected(folder.error());
  const auto artifact = cache.fetch(api, release);
  if (!artifact) return std::unexpected(artifact.error());
  {
    auto bar = desk.progress("Unpacking");
    const auto progress = [&](std::uint64_t done) { bar->update(done, release.size); };
    if (auto unpacked = unpack_artifact(*artifact, folder->content(), progress); !unpacked)
      return std::unexpected(unpacked.error());
  }
  if (auto noted = write_workspace(folder->content(), {api.url(), release}); !noted)
    return std::unexpected(noted.error());
  Start start{release.name.full(), release.version, target};
  if (auto finished = folder->finish(commit_message(start)); !finished)
    return std::unexpected(finished.error());
  return start;
}

Outcome<Start> start_from_legacy(Desk& desk, const Arguments& arguments,
                                 const LegacyCourse& course) {
  const auto target = target_of(desk, arguments, course.name);
  desk.say("The registry does not have " + arguments.course + " yet; cloning " + course.repo +
           " ...");
  auto folder = StartFolder::open(desk, target);
  if (!folder) return std::unexpected(folder.error());
  if (auto cloned = clone_legacy(desk, course, folder->scratch(), folder->content()); !cloned)
    return std::unexpected(cloned.error());
  Start start{course.name, "", target};
  if (auto finished = folder->finish(commit_message(start)); !finished)
    return std::unexpected(finished.error());
  return start;
}

Outcome<Start> start_course(Desk& desk, const Arguments& arguments, RegistryApi& api) {
  const auto spec = parse_spec(arguments.course);
  if (!spec) return std::unexpected(spec.error());
  auto cache = Cache::open(desk);
  if (!cache) return std::unexpected(cache.error());
  const auto release = find_release(desk, api, *cache, *spec);
  if (release) return start_from_registry(desk, arguments, api, *release, *cache);
  if (release.error().name != "PACKAGE_NOT_FOUND" || !desk.settings().legacy_courses)
    return std::unexpected(release.error());
  const auto legacy = find_legacy(desk, api, spec->name);
  if (!legacy) return std::unexpected(release.error());
  return start_from_legacy(desk, arguments, *legacy);
}

Outcome<Done> init(Desk& desk, const Arguments& arguments) {
  RegistryApi api(desk);
  const auto start = start_course(desk, arguments, api);
  if (!start) return std::unexpected(start.error());
  Done done{{{"name", start->name}, {"version", start->version}, {"folder", start->folder}},
            "Your course is in " + printable(start->folder) + "\n",
            kDone};
  const bool wanted =
      arguments.github ||
      (!arguments.no_github && desk.ask("Create a private GitHub repository for this course?"));
  if (!wanted) return done;
  const auto linked = make_portfolio(desk, api, start->folder, start->name);
  if (linked) {
    done.facts["repository"] = linked->page;
    done.words += "Pushed to " + printable(linked->page) + "\n";
    return done;
  }
  // The course is there and stays; only who asked by an option takes this for a failure.
  desk.warn("No portfolio was made: " + linked.error().message +
            " Your local repository is complete.");
  done.facts["portfolioError"] = linked.error().message;
  if (arguments.github) done.status = kFailed;
  return done;
}

}  // namespace

void add_init_command(CLI::App& program, CommandContext& context) {
  const auto arguments = std::make_shared<Arguments>();
  auto& command = add_command(program, context, "init", "Start a course in a folder of your own",
                              [arguments](Desk& desk) { return init(desk, *arguments); });
  command.add_option("course", arguments->course, "@user/course or @user/course@version")
      ->required();
  command.add_option("dir", arguments->folder, "The new folder; else the course's name");
  auto* github = command.add_flag("--github", arguments->github,
                                  "Also push it to a private repository of yours");
  command.add_flag("--no-github", arguments->no_github, "Do not ask about that")->excludes(github);
}

}  // namespace kontor::cli::progy
