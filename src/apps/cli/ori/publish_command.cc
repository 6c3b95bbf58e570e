// `ori publish`: everything that can be wrong is found before the registry is asked, and what the
// registry then says is proved by its log.
#include "adapters/filesystem/files.h"
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/lock.h"
#include "apps/cli/ori/project_pack.h"
#include "apps/cli/ori/shell.h"
#include "apps/cli/ori/supply.h"
#include "apps/cli/progress_bar.h"
#include "base/encoding.h"
#include "base/sha256.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kontor::cli::ori {
namespace {

using kontor::ori::Dependency;
using kontor::ori::Manifest;

struct Parcel {
  Files files;
  Bytes archive;
  Sha256 digest;
};

// [scripts] test, where there is one: what is published has passed its tests.
Result<void> run_tests(Desk& desk, const Project& project) {
  const auto command = text_at(project.tree, {"scripts", "test"});
  if (command.empty()) {
    desk.warn("There is no test in [scripts], so nothing was tested.");
    return {};
  }
  desk.say("Testing: " + command);
  const auto status = run_in_shell(command, project.folder);
  if (!status) return std::unexpected(status.error());
  if (*status == 0) return {};
  return fail(Code::bad_request, "The tests failed (status " + std::to_string(*status) +
                                     "), so nothing is published: " + command);
}

// The lock that goes along names what the manifest asks for.
Result<void> check_lock(const Project& project) {
  const auto lock = read_lock(project.path(kLockName));
  if (!lock) return std::unexpected(lock.error());
  for (const auto& dependency : project.manifest.dependencies)
    if (dependency.source == Dependency::Source::registry &&
        !lock->contains(lock_key(dependency.name, dependency.version)))
      return fail(Code::conflict, "oripk.lock does not have " + dependency.name + " " +
                                      dependency.version + "; run: ori sync");
  return {};
}

Result<Parcel> make_parcel(Desk& desk, const Project& project) {
  Manifest published = project.manifest;
  published.has_scripts = false;
  if (auto good = check_publishable(published); !good)
    return fail(good.error().code, "oripk.toml: " + std::string(good.error().message()));
  if (auto locked = check_lock(project); !locked) return fail(locked);
  if (auto tested = run_tests(desk, project); !tested) return fail(tested);
  auto files = files_to_publish(project);
  if (!files) return fail(files);
  Parcel parcel{*files, pack(*files), {}};
  if (auto good = inspect(parcel.archive); !good) return fail(good);
  parcel.digest = sha256(parcel.archive);
  return parcel;
}

// A version is published once; the same bytes again are answered as the first time.
Result<void> check_new(Registry& registry, const Manifest& manifest, const Sha256& digest) {
  const auto name = manifest.name.full(), version = to_string(manifest.version);
  const auto known =
      registry.call("GET", package_path(name) + "/" + percent_encode(version) + "/metadata");
  if (!known) {
    const auto code = known.error().code;
    const bool absent = code == Code::not_found || code == Code::version_not_found;
    return absent ? Result<void>() : std::unexpected(known.error());
  }
  if (checksum_of(*known) == digest) return {};
  return fail(Code::version_exists, name + "@" + version +
                                        " is published already, with other "
                                        "bytes; raise it by: ori version patch|minor|major");
}

Json facts_of(const Manifest& manifest, const Parcel& parcel) {
  Json files = Json::array();
  for (const auto& [path, bytes] : parcel.files) files.push_back(path);
  return {{"name", manifest.name.full()},
          {"version", to_string(manifest.version)},
          {"checksum", "sha256:" + parcel.digest.hex()},
          {"size", parcel.archive.size()},
          {"files", files}};
}

std::string words_of(const Manifest& manifest, const Parcel& parcel) {
  std::string out;
  for (const auto& [path, bytes] : parcel.files)
    out += "  " + path + "  " + human_bytes(bytes.size()) + "\n";
  return out + manifest.name.full() + "@" + to_string(manifest.version) + ": " +
         std::to_string(parcel.files.size()) + " files, " + human_bytes(parcel.archive.size()) +
         " packed\n  sha256:" + parcel.digest.hex() + "\n";
}

// The registry's word for it is not enough: the log has to tell of these very bytes.
Result<Done> send(Desk& desk, const Manifest& manifest, const Parcel& parcel, Source& source) {
  const auto name = manifest.name.full(), version = to_string(manifest.version);
  ProgressBar bar(desk.context().err, name + "@" + version, desk.draws_progress());
  const auto answer = source.registry().publish(
      name, parcel.archive, [&bar](const curl::Transfer& at) { bar.update(at.sent, at.to_send); });
  bar.finish();
  if (!answer) return std::unexpected(answer.error());
  for (const auto& warning : list_of(*answer, "warnings"))
    if (warning.is_string()) desk.warn(warning.get<std::string>());
  const auto proof = source.prove({name, version, source.url(), {}, 0, 0}, parcel.digest);
  if (!proof) return std::unexpected(proof.error());
  if (auto kept = source.remember(); !kept) return fail(kept);
  Done done{.facts = facts_of(manifest, parcel), .words = words_of(manifest, parcel)};
  done.facts["registry"] = source.url();
  done.facts["log"] = {{"log", proof->log}, {"index", proof->index}};
  done.words += "Published at " + source.url() + "; entry " + std::to_string(proof->index) +
                " of its log tells of it.\n";
  return done;
}

Result<Done> publish(Desk& desk, bool dry_run) {
  const auto project = open_project(desk);
  if (!project) return std::unexpected(project.error());
  const auto parcel = make_parcel(desk, *project);
  if (!parcel) return std::unexpected(parcel.error());
  auto place = find_place(desk, &*project, project->manifest.name.scope, Use::publish);
  if (!place) return fail(place);
  Source source(desk, *std::move(place));
  auto is_new = check_new(source.registry(), project->manifest, parcel->digest);
  if (!is_new && dry_run && is_new.error().code == Code::unavailable)
    desk.warn(std::string(is_new.error().message()) + ". Whether the version is new is not known.");
  else if (!is_new)
    return fail(is_new);
  if (!dry_run) return send(desk, project->manifest, *parcel, source);
  Done done{.facts = facts_of(project->manifest, *parcel),
            .words = words_of(project->manifest, *parcel) + "Nothing was sent.\n"};
  done.facts["registry"] = source.url();
  done.facts["dryRun"] = true;
  return done;
}

}  // namespace

void add_publish_command(CLI::App& program, CommandContext& context) {
  const auto dry_run = std::make_shared<bool>(false);
  auto& command = add_command(program, context, "publish", "Publish the package in this folder",
                              [dry_run](Desk& desk) { return publish(desk, *dry_run); });
  command.add_flag("--dry-run", *dry_run, "Do everything but send it");
}

}  // namespace kontor::cli::ori
