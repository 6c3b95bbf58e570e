// `progy publish`. Row PGC-03.
#include "adapters/filesystem/whole_file.h"
#include "apps/cli/progy/artifact.h"
#include "apps/cli/progy/commands.h"
#include "apps/cli/progy/pack/pack.h"
#include "apps/cli/progy/pack/raise_version.h"
#include "apps/cli/progy/publishing.h"
#include "apps/cli/progy/scratch_folder.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <optional>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace kontor::cli::progy {
namespace {

constexpr std::size_t kMostChangelog = 64 * 1024;

struct Arguments {
  std::string folder = ".";
  std::string file;
  std::string changelog;
  bool dry_run = false;
  bool force = false;
  std::optional<VersionStep> step;  // by which the version in course.json rises first
};

// Whether the artifact cannot hold what the folder has now.
bool is_stale(const CourseFolder& folder, const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return true;
  const auto made = status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec;
  if (folder.files.changed_ns >= made) return true;
  const auto contents = read_artifact(path);
  if (!contents || contents->files.size() != folder.files.files.size()) return true;
  return std::ranges::any_of(folder.files.files, [&](const CourseFile& file) {
    return !contents->files.contains(file.path);
  });
}

Outcome<Artifact> find_artifact(Desk& desk, const Arguments& arguments) {
  if (!arguments.file.empty()) return open_artifact(desk.path(arguments.file));
  const auto folder = open_course_folder(desk, desk.path(arguments.folder));
  if (!folder) return std::unexpected(folder.error());
  const auto path = folder->artifact();
  const bool exists = ::access(path.c_str(), F_OK) == 0;
  if (!exists || is_stale(*folder, path)) {
    desk.say(exists ? path + " is older than the course; packing it anew."
                    : "Packing the course ...");
    if (auto packed = pack_course(desk, *folder, path); !packed)
      return std::unexpected(packed.error());
  }
  return open_artifact(path);
}

Outcome<std::string> read_changelog(const Desk& desk, const std::string& text) {
  struct stat status{};
  const auto path = desk.path(text);
  if (text.empty() || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return text;
  auto read = fs::read_file(path, kMostChangelog);
  if (!read) return fail(Code::bad_request, path + " cannot be read, or has more than 64 KB.");
  return *std::move(read);
}

Outcome<Done> publish(Desk& desk, const Arguments& arguments) {
  if (desk.settings().token.empty())
    return fail(Code::unauthenticated, "You are not logged in to " + desk.settings().registry +
                                           "; run: progy login (or set PROGY_TOKEN)");
  const auto artifact = find_artifact(desk, arguments);
  if (!artifact) return std::unexpected(artifact.error());
  const auto changelog = read_changelog(desk, arguments.changelog);
  if (!changelog) return std::unexpected(changelog.error());
  RegistryApi api(desk);
  const auto answer = publish_artifact(desk, api, *artifact, {*changelog, arguments.force});
  if (!answer) return std::unexpected(answer.error());
  if (const auto it = answer->find("warnings"); it != answer->end() && it->is_array())
    for (const auto& warning : *it)
      if (warning.is_string()) desk.warn(warning.get<std::string>());
  const auto& course = artifact->course;
  const auto url = text_of(*answer, "url");
  const auto checksum = text_of(*answer, "checksum");
  return Done{{{"name", course.name.full()},
               {"version", course.version},
               {"url", url},
               {"checksum", checksum}},
              "Published " + course.name.full() + " v" + course.version + "\n  " + printable(url) +
                  "\n  sha256 " + printable(checksum) + "\n"};
}

// "3.2MB", as the plan writes it.
std::string close_size(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + "B";
  const bool small = bytes < 1'000'000;
  const auto tenths = (bytes + (small ? 50 : 50'000)) / (small ? 100 : 100'000);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + (small ? "kB" : "MB");
}

// The lines of the source's section 14; nothing is kept and nobody is asked.
Outcome<Done> rehearse(Desk& desk, const Arguments& arguments) {
  Artifact artifact;
  const ScratchFolder scratch(desk);
  if (scratch.path().empty()) return fail(Code::bad_request, "No temporary folder can be made.");
  if (!arguments.file.empty()) {
    auto opened = open_artifact(desk.path(arguments.file));
    if (!opened) return std::unexpected(opened.error());
    artifact = *std::move(opened);
  } else {
    const auto folder = open_course_folder(desk, desk.path(arguments.folder));
    if (!folder) return std::unexpected(folder.error());
    const auto packed = pack_course(desk, *folder, scratch.path() + "/course.progy");
    if (!packed) return std::unexpected(packed.error());
    artifact = {packed->path, folder->course, packed->size};
  }
  const auto& course = artifact.course;
  return Done{{{"dryRun", true},
               {"name", course.name.full()},
               {"version", course.version},
               {"sizeBytes", artifact.size}},
              "[DRY-RUN] Validating course.json... OK\n[DRY-RUN] Packing files... (" +
                  close_size(artifact.size) + ")\n[DRY-RUN] Would publish " + course.name.full() +
                  " v" + course.version + "\n"};
}

Outcome<Done> run(Desk& desk, const Arguments& arguments) {
  std::optional<RaisedVersion> risen;
  if (arguments.step) {
    auto raised = RaisedVersion::raise(desk.path(arguments.folder), *arguments.step);
    if (!raised) return std::unexpected(raised.error());
    risen.emplace(*std::move(raised));
  }
  if (arguments.dry_run) return rehearse(desk, arguments);
  auto done = publish(desk, arguments);
  if (done && risen) risen->keep();
  return done;
}

void add_steps(CLI::App& command, const std::shared_ptr<Arguments>& arguments) {
  auto* steps = command.add_option_group("version", "Raise the version in course.json first");
  steps->require_option(0, 1);
  for (const auto& [flag, help, step] :
       {std::tuple{"--major", "1.2.3 becomes 2.0.0", VersionStep::major},
        std::tuple{"--minor", "1.2.3 becomes 1.3.0", VersionStep::minor},
        std::tuple{"--patch", "1.2.3 becomes 1.2.4", VersionStep::patch}})
    steps->add_flag_callback(
             flag, [arguments, step = step] { arguments->step = step; }, help)
        ->excludes(command.get_option("--file"));
}

}  // namespace

void add_publish_command(CLI::App& program, CommandContext& context) {
  const auto arguments = std::make_shared<Arguments>();
  auto& command =
      add_command(program, context, "publish", "Publish a course, packing it where that is needed",
                  [arguments](Desk& desk) { return run(desk, *arguments); });
  command.add_option("dir", arguments->folder, "Folder of the course; else the working folder");
  command.add_option("--file", arguments->file, "Publish this artifact as it is");
  command.add_option("--changelog", arguments->changelog, "What is new: text, or a file with it");
  command.add_flag("--dry-run", arguments->dry_run, "Validate and pack, but upload nothing");
  command.add_flag("--force", arguments->force,
                   "Replace a published version, where the registry lets an administrator do so");
  add_steps(command, arguments);
}

}  // namespace kontor::cli::progy
