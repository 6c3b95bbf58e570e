// Reads beside a running server; nothing is written.
#include "apps/cli/log/audit_log_command.h"

#include "adapters/system/system_entropy.h"
#include "apps/cli/loaded_config.h"
#include "apps/cli/log/report.h"
#include "apps/cli/log/stored_audit.h"
#include "apps/server/signing/log_signer.h"
#include "apps/upkeep/open_store.h"
#include "registry/password_check.h"
#include "registry/upkeep/log_check.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;
using AuditRow = PackageStore::AuditRow;

constexpr std::uint32_t kPage = 1000;

struct AuditArguments {
  config::ConfigRequest request;
  std::string since;
  std::string actor;
  std::string key;
  bool json = false;
};

Result<std::string> data_dir_of(const AuditArguments& arguments, CommandContext& context) {
  if (const auto config = load_config(arguments.request, context)) return config->data_dir;
  return fail(Code::unavailable, "The configuration cannot be used.");
}

Result<Timestamp> since_of(const AuditArguments& arguments) {
  if (arguments.since.empty()) return Timestamp{};
  auto time = parse_rfc3339(arguments.since);
  if (!time) time = parse_rfc3339(arguments.since + "T00:00:00Z");
  if (time) return *time;
  return fail(Code::bad_request, "Give --since as 2026-01-31 or 2026-01-31T12:00:00Z.");
}

// What is refused changes nothing and leaves no row, but for what guards against guessing.
const char* result_of(const AuditEntry& entry) {
  return entry.action == kLoginBlocked ? "refused" : "done";
}

Json json_of(const AuditRow& row) {
  const AuditEntry& entry = row.entry;
  Json json = {
      {"sequence", row.sequence},      {"time", rfc3339(row.at)}, {"actor", entry.actor},
      {"tokenId", entry.token_key},    {"ip", entry.address},     {"action", entry.action},
      {"target", entry.target},        {"detail", entry.detail},  {"result", result_of(entry)},
      {"requestId", entry.request_id}, {"entry", nullptr}};
  if (row.logged) json["entry"] = *row.logged;
  return json;
}

std::string words_of(const AuditRow& row) {
  const AuditEntry& entry = row.entry;
  std::string line =
      rfc3339(row.at) + "  " + entry.actor + "  " + entry.action + "  " + entry.target;
  if (!entry.detail.empty()) line += "  (" + entry.detail + ")";
  if (!entry.address.empty()) line += "  from " + entry.address;
  if (!entry.token_key.empty()) line += " by token " + entry.token_key;
  return line;
}

Result<void> print_rows(const AuditArguments& arguments, CommandContext& context) {
  const auto since = since_of(arguments);
  if (!since) return std::unexpected(since.error());
  const auto data_dir = data_dir_of(arguments, context);
  if (!data_dir) return std::unexpected(data_dir.error());
  const auto store = upkeep::OpenStore::open(*data_dir);
  if (!store) return std::unexpected(store.error());
  for (std::int64_t after = 0;;) {
    const auto rows = (*store)->run<std::vector<AuditRow>>(
        [after](UpkeepPorts ports) { return ports.packages.audit_after(after, kPage); });
    if (!rows) return std::unexpected(rows.error());
    if (rows->empty()) return {};
    for (const AuditRow& row : *rows) {
      if (row.at < *since) continue;
      if (!arguments.actor.empty() && row.entry.actor != arguments.actor) continue;
      context.out << (arguments.json
                          ? json_of(row).dump(-1, ' ', false, Json::error_handler_t::replace)
                          : words_of(row))
                  << "\n";
    }
    after = rows->back().sequence;
  }
}

// The key on the command line, or the one beside the database.
Result<tlog::Policy> trusted_policy(const AuditArguments& arguments, const std::string& data_dir) {
  std::string text;
  if (!arguments.key.empty()) {
    text = "log " + arguments.key + "\n";
  } else {
    const std::string keys = data_dir + "/keys";
    std::error_code error;
    if (!std::filesystem::exists(keys + "/log-audit.key", error))
      return fail(Code::unavailable, "There is no key in " + keys + "; give the log's by --key.");
    const auto folder = signing::KeyFolder::open(keys);
    if (!folder) return std::unexpected(folder.error());
    host::SystemEntropy entropy;
    const auto signer = signing::LogSigner::open(*folder, LogId::audit, "", entropy);
    if (!signer) return std::unexpected(signer.error());
    for (const auto& key : (*signer)->keys()) text += "log " + tlog::print_vkey(key) + "\n";
  }
  return tlog::parse_policy(text + "quorum none\n");
}

Result<AuditTrailCheck> check_rows(const std::string& data_dir, const AuditFault& found) {
  const auto store = upkeep::OpenStore::open(data_dir);
  if (!store) return std::unexpected(store.error());
  return (*store)->run<AuditTrailCheck>(
      [&](UpkeepPorts ports) { return check_audit_trail(ports.packages, ports.log, found); });
}

// The rows first, since they can be named; then the leaves that they were compared with.
Result<void> verify(const AuditArguments& arguments, CommandContext& context) {
  const auto data_dir = data_dir_of(arguments, context);
  if (!data_dir) return std::unexpected(data_dir.error());
  const auto policy = trusted_policy(arguments, *data_dir);
  if (!policy) return std::unexpected(policy.error());
  std::string faults;
  const auto rows = check_rows(*data_dir, [&](const std::string& subject, const std::string& text) {
    faults += (faults.empty() ? "" : "\n") + subject + ": " + text;
  });
  if (!rows) return std::unexpected(rows.error());
  if (rows->faults) return fail(Code::checksum_mismatch, std::move(faults));
  const auto log = audit_stored_log(*data_dir, "audit", *policy);
  if (!log) return std::unexpected(log.error());
  end_well(
      context, {{"rows", rows->rows}, {"unlogged", rows->unlogged}, {"size", log->read.entries}},
      "All " + std::to_string(rows->rows) + " rows of the audit trail are as they were logged" +
          (rows->unlogged
               ? ", but for " + std::to_string(rows->unlogged) + " from before there was a log"
               : "") +
          ".\n",
      arguments.json);
  return {};
}

using Act = Result<void> (*)(const AuditArguments&, CommandContext&);

void set_up(CLI::App& command, CommandContext& context,
            const std::shared_ptr<AuditArguments>& arguments, Act act) {
  command.add_flag("--json", arguments->json, "Print JSON");
  add_config_options(command, arguments->request);
  command.final_callback([&command, &context, arguments, act] {
    if (!command.get_subcommands().empty()) return;
    if (auto done = act(*arguments, context); !done)
      end_with(context, done.error(), arguments->json);
  });
}

}  // namespace

void add_audit_log_command(CLI::App& program, CommandContext& context) {
  auto* command = program.add_subcommand("audit-log", "Print the audit trail, oldest rows first");
  const auto printing = std::make_shared<AuditArguments>();
  command->add_option("--since", printing->since, "Only rows from this time on");
  command->add_option("--actor", printing->actor, "Only rows of this user");
  set_up(*command, context, printing, print_rows);
  auto* verifying = command->add_subcommand(
      "verify", "Compare every row with the audit log, and name those that were changed");
  const auto checking = std::make_shared<AuditArguments>();
  verifying->add_option("--key", checking->key,
                        "The audit log's key, instead of the one in the data directory");
  set_up(*verifying, context, checking, verify);
}

}  // namespace kontor::cli
