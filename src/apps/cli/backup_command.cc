// Each command is a step of apps/upkeep, and the drill is all of them one after the other.
#include "apps/cli/backup_command.h"

#include "adapters/system/system_clock.h"
#include "apps/cli/fsck_command.h"
#include "apps/cli/fsck_report.h"
#include "apps/cli/loaded_config.h"
#include "apps/server/config/units.h"
#include "apps/upkeep/backup.h"
#include "apps/upkeep/open_store.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>

namespace kontor::cli {
namespace {

using upkeep::BackupInfo;
using Json = nlohmann::ordered_json;

struct BackupArguments {
  config::ConfigRequest request;
  std::string folder;
  std::string backup;
  std::string keep;  // a duration; empty: all
  bool json = false;
  bool with_keys = false;
};

Result<std::optional<Duration>> keep_of(const BackupArguments& arguments) {
  if (arguments.keep.empty()) return std::nullopt;
  const auto keep = config::parse_duration(arguments.keep);
  if (!keep) return fail(Code::bad_request, arguments.keep + " is not a duration like 365d.");
  return keep;
}

Result<std::string> data_dir_of(const BackupArguments& arguments, CommandContext& context) {
  if (const auto config = load_config(arguments.request, context)) return config->data_dir;
  return fail(Code::bad_request, "The configuration cannot be used.");
}

Json json_of(const BackupInfo& info) {
  return {{"path", info.path},         {"created", rfc3339(info.created)}, {"kontor", info.kontor},
          {"packages", info.packages}, {"versions", info.versions},        {"blobs", info.blobs},
          {"bytes", info.blob_bytes},  {"missing", info.missing},          {"keys", info.keys}};
}

void print(std::ostream& out, const char* what, const BackupInfo& info) {
  out << what << info.path << ": " << info.packages << " packages, " << info.versions
      << " versions, " << info.blob_bytes << " bytes in " << info.blobs << " blobs.\n";
}

// The store of a backup or of a restore, checked. The status says what was found.
Result<int> check(std::unique_ptr<upkeep::OpenStore> store, const BackupInfo& info,
                  CommandContext& context) {
  FsckReport report(context.out, context.err, FsckReport::Form::text);
  auto summary = store->run<FsckSummary>(
      [&](UpkeepPorts ports) { return fsck(ports, {.running = true}, report); });
  if (!summary) return fail(summary);
  report.finish(*summary);
  if (summary->packages == info.packages && summary->versions == info.versions)
    return status_of(*summary);
  context.out << "There should be " << info.packages << " packages and " << info.versions
              << " versions.\n";
  return kDamaged;
}

Result<int> create(const BackupArguments& arguments, CommandContext& context) {
  const auto keep = keep_of(arguments);
  if (!keep) return std::unexpected(keep.error());
  const auto data_dir = data_dir_of(arguments, context);
  if (!data_dir) return std::unexpected(data_dir.error());
  const auto made =
      upkeep::create_backup(*data_dir, arguments.folder, host::SystemClock().now(), KONTOR_VERSION,
                            arguments.with_keys ? upkeep::Keys::included : upkeep::Keys::left_out);
  if (!made) return std::unexpected(made.error());
  if (arguments.json)
    context.out << json_of(*made).dump(2) << "\n";
  else
    print(context.out, "Backed up into ", *made);
  if (*keep) {  // only now that a new one is there
    const auto removed = upkeep::prune_backups(arguments.folder, made->created - **keep);
    if (!removed) return std::unexpected(removed.error());
    if (*removed > 0) context.err << "removed " << *removed << " old backups\n";
  }
  if (made->missing == 0) return kSound;
  context.err << "error: the store has lost " << made->missing
              << " blobs; kontor fsck names their versions\n";
  return kDamaged;
}

Result<int> list(const BackupArguments& arguments, CommandContext& context) {
  const auto backups = upkeep::list_backups(arguments.folder);
  if (!backups) return std::unexpected(backups.error());
  Json all = Json::array();
  for (const auto& info : *backups) {
    if (arguments.json)
      all.push_back(json_of(info));
    else
      print(context.out, "", info);
  }
  if (arguments.json) context.out << all.dump(2) << "\n";
  return kSound;
}

Result<int> verify(const BackupArguments& arguments, CommandContext& context) {
  const auto info = upkeep::open_backup(arguments.backup);
  if (!info) return std::unexpected(info.error());
  auto store = upkeep::OpenStore::open_read_only(info->path);
  if (!store) return fail(store);
  return check(std::move(*store), *info, context);
}

Result<int> restore(const BackupArguments& arguments, CommandContext& context) {
  const auto data_dir = data_dir_of(arguments, context);
  if (!data_dir) return std::unexpected(data_dir.error());
  const auto info = upkeep::restore_backup(arguments.backup, *data_dir);
  if (!info) return std::unexpected(info.error());
  print(context.out, ("Restored " + *data_dir + " from ").c_str(), *info);
  context.out << (info->keys
                      ? "The keys of the old server are there too.\n"
                      : "Put the folder keys/ of the old server there too, before it starts; "
                        "else the logs get new keys.\n");
  return kSound;
}

Result<int> drill(const BackupArguments& arguments, CommandContext& context) {
  const auto data_dir = data_dir_of(arguments, context);
  if (!data_dir) return std::unexpected(data_dir.error());
  const auto made =
      upkeep::create_backup(*data_dir, arguments.folder, host::SystemClock().now(), KONTOR_VERSION);
  if (!made) return std::unexpected(made.error());
  print(context.out, "Backed up into ", *made);
  const std::string place = arguments.folder + "/.drill";
  std::error_code ignored;
  std::filesystem::remove_all(place, ignored);
  const auto restored = upkeep::restore_backup(made->path, place);
  if (!restored) return std::unexpected(restored.error());
  context.out << "Restored it: every byte is what was backed up.\n";
  auto store = upkeep::OpenStore::open(place);
  auto status = store ? check(std::move(*store), *made, context) : fail(store);
  std::filesystem::remove_all(place, ignored);
  if (status && *status == kSound && made->missing > 0) status = kDamaged;
  if (status) context.out << (*status == kSound ? "The drill succeeded.\n" : "The drill failed.\n");
  return status;
}

using Act = Result<int> (*)(const BackupArguments&, CommandContext&);

CLI::App* add_act(CLI::App& parent, CommandContext& context, const char* name, const char* help,
                  const std::shared_ptr<BackupArguments>& arguments, Act act) {
  auto* command = parent.add_subcommand(name, help);
  command->callback([&context, arguments, act] {
    const auto status = act(*arguments, context);
    if (!status)
      print_errors(context.err, {std::string(status.error().message()) +
                                 (status.error().cause.empty() || !status.error().detail.empty()
                                      ? ""
                                      : " (" + status.error().cause + ")")});
    context.status = status.value_or(kNotChecked);
  });
  return command;
}

void add_restore(CLI::App& parent, CommandContext& context) {
  const auto arguments = std::make_shared<BackupArguments>();
  auto* command = add_act(parent, context, "restore", "Make a data directory from a backup",
                          arguments, restore);
  command->add_option("backup", arguments->backup, "The backup")->required();
  add_config_options(*command, arguments->request);
}

void add_group(CLI::App& parent, CommandContext& context) {
  auto* group = parent.add_subcommand("backup", "Backups of a data directory, in use or not");
  group->require_subcommand(1);
  const auto arguments = std::make_shared<BackupArguments>();
  for (auto* command :
       {add_act(*group, context, "create", "Back up into a folder named by the time", arguments,
                create),
        add_act(*group, context, "drill", "Back up, restore into a scratch folder and check it",
                arguments, drill)}) {
    command->add_option("--to", arguments->folder, "The folder of all backups")->required();
    add_config_options(*command, arguments->request);
  }
  auto* creating = group->get_subcommand("create");
  creating->add_option("--keep", arguments->keep, "Then remove older ones: 365d; else all stay");
  creating->add_flag("--json", arguments->json, "Print JSON");
  creating->add_flag("--with-keys", arguments->with_keys,
                     "The keys too: who has such a backup can sign in your name");
  auto* listing = add_act(*group, context, "list", "List the backups of a folder", arguments, list);
  listing->add_option("folder", arguments->folder, "The folder of all backups")->required();
  listing->add_flag("--json", arguments->json, "Print JSON");
  auto* verifying =
      add_act(*group, context, "verify", "Read and check all of a backup", arguments, verify);
  verifying->add_option("backup", arguments->backup, "The backup")->required();
  add_restore(*group, context);
}

}  // namespace

void add_backup_commands(CLI::App& program, CLI::App& registry, CommandContext& context) {
  add_group(program, context);
  add_group(registry, context);
  add_restore(program, context);
}

}  // namespace kontor::cli
