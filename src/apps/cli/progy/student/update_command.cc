// `progy update`. Row PGC-06.
#include "apps/cli/progy/artifact.h"
#include "apps/cli/progy/commands.h"
#include "apps/cli/progy/course_fetch.h"
#include "apps/cli/progy/student/folder_change.h"
#include "apps/cli/progy/student/git.h"
#include "apps/cli/progy/student/merge.h"
#include "apps/cli/progy/student/workspace.h"
#include "formats/progy/names.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>

namespace kontor::cli::progy {
namespace {

struct Arguments {
  std::string folder = ".";
  std::string version;
  bool force = false;
  bool commit = false;
};

Outcome<void> check_clean(const Git& git, bool force) {
  if (force) return {};
  const auto repository = git.is_repository();
  if (!repository || !*repository)
    return fail(Code::bad_request,
                "This folder is no git repository, so that an update could not be taken back; "
                "update it anyway with --force.");
  const auto clean = git.is_clean();
  if (!clean) return std::unexpected(Failure(clean.error()));
  if (!*clean)
    return fail(Code::bad_request,
                "There is work that is not committed; commit it first, or update with --force.");
  return {};
}

Outcome<std::string> unpack_into(const std::string& artifact, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(Code::bad_request, folder + ": " + error.message() + ".");
  if (auto unpacked = unpack_artifact(artifact, folder); !unpacked)
    return std::unexpected(unpacked.error());
  return folder;
}

bool is_conflict(const MergedFile& file) {
  return file.kind == MergeKind::conflict || file.kind == MergeKind::kept;
}

Done report(const Workspace& before, const Release& now, const std::vector<MergedFile>& files) {
  Done done;
  done.facts = {{"name", now.name.full()},
                {"from", before.release.version},
                {"version", now.version},
                {"files", Json::array()}};
  done.words = "Updated " + now.name.full() + " from v" + before.release.version + " to v" +
               now.version + "\n";
  for (const auto& file : files) {
    const std::string kind(to_text(file.kind));
    done.facts["files"].push_back({{"path", file.path}, {"change", kind}, {"note", file.note}});
    done.words += "  " + kind + std::string(10 - kind.size(), ' ') + printable(file.path) +
                  (file.note.empty() ? "" : "  (" + printable(file.note) + ")") + "\n";
  }
  const auto conflicts = std::ranges::count_if(files, is_conflict);
  done.facts["conflicts"] = conflicts;
  if (conflicts > 0) {
    done.status = kConflicts;
    done.words += std::to_string(conflicts) + (conflicts == 1 ? " file is" : " files are") +
                  " for you to decide.\n";
  }
  return done;
}

class Update {
 public:
  Update(Desk& desk, const Arguments& arguments)
      : desk_(desk),
        arguments_(arguments),
        folder_(desk.path(arguments.folder)),
        git_(desk, folder_) {}

  Outcome<Done> run() {
    // A folder that is none of ours gets no .progy from looking.
    if (auto known = read_workspace(folder_); !known) return std::unexpected(known.error());
    auto change = FolderChange::open(folder_);
    if (!change) return std::unexpected(change.error());
    tell_finished(*change);
    const auto workspace = read_workspace(folder_);
    if (!workspace) return std::unexpected(workspace.error());
    desk_.turn_to(workspace->registry);
    RegistryApi api(desk_);
    auto cache = Cache::open(desk_);
    if (!cache) return std::unexpected(cache.error());
    const auto& old = workspace->release;
    const auto now = find_release(desk_, api, *cache, {old.name.full(), arguments_.version});
    if (!now) return std::unexpected(now.error());
    if (is_current(old, *now))
      return Done{{{"name", old.name.full()}, {"version", old.version}, {"files", Json::array()}},
                  old.name.full() + " v" + old.version + " is up to date.\n"};
    if (auto clean = check_clean(git_, arguments_.force); !clean)
      return std::unexpected(clean.error());
    return merge(*change, api, *cache, *workspace, *now);
  }

 private:
  void tell_finished(const FolderChange& change) {
    if (change.finished()) desk_.say("Finished what was interrupted: " + *change.finished());
    for (const auto& path : change.left_alone())
      desk_.warn(path +
                 " was changed after the interruption and is left as it is; the course's is "
                 "in " +
                 path + ".progy-new");
  }

  // An older version is taken only where it was asked for.
  bool is_current(const Release& old, const Release& now) const {
    if (now.version == old.version) return true;
    return arguments_.version.empty() && kontor::progy::comes_before(now.version, old.version);
  }

  Outcome<Done> merge(FolderChange& change, RegistryApi& api, Cache& cache,
                      const Workspace& workspace, const Release& now) {
    const auto& old = workspace.release;
    const auto base = fetch_unpacked(api, cache, old, change.scratch() + "/base");
    if (!base) return std::unexpected(base.error());
    const auto theirs = fetch_unpacked(api, cache, now, change.scratch() + "/theirs");
    if (!theirs) return std::unexpected(theirs.error());
    const auto files = merge_course({folder_, *base, *theirs, old.name.full() + " " + old.version,
                                     now.name.full() + " " + now.version, now.version},
                                    git_, change);
    if (!files) return std::unexpected(files.error());
    std::error_code error;
    std::filesystem::create_directories(change.staged(), error);
    if (error) return fail(Code::bad_request, change.staged() + ": " + error.message() + ".");
    if (auto noted = write_workspace(change.staged(), {workspace.registry, now}); !noted)
      return std::unexpected(noted.error());
    change.replace(kWorkspaceFile);  // last: it is what says that all of it was done
    const auto what = "the update to " + now.name.full() + " " + now.version;
    if (auto done = change.commit(what); !done) return std::unexpected(done.error());
    auto done = report(workspace, now, *files);
    if (arguments_.commit && done.status == kDone && !arguments_.force)
      if (auto committed = git_.commit_all("Update " + now.name.full() + " (v" + now.version + ")");
          !committed)
        return std::unexpected(Failure(committed.error()));
    return done;
  }

  Outcome<std::string> fetch_unpacked(RegistryApi& api, Cache& cache, const Release& release,
                                      const std::string& folder) {
    const auto artifact = cache.fetch(api, release);
    if (!artifact) return std::unexpected(artifact.error());
    return unpack_into(*artifact, folder);
  }

  Desk& desk_;
  const Arguments& arguments_;
  std::string folder_;
  Git git_;
};

}  // namespace

void add_update_command(CLI::App& program, CommandContext& context) {
  const auto arguments = std::make_shared<Arguments>();
  auto& command =
      add_command(program, context, "update",
                  "Merge a newer version of the course into your folder; 3 if you have to decide",
                  [arguments](Desk& desk) { return Update(desk, *arguments).run(); });
  command.add_option("dir", arguments->folder, "Your folder; else the working folder");
  command.add_option("--to", arguments->version, "This version and not the latest");
  command.add_flag("--force", arguments->force, "Also where work is not committed");
  command.add_flag("--commit", arguments->commit, "Commit the update where nothing is to decide");
}

}  // namespace kontor::cli::progy
