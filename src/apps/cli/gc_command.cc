// The server does it: only there a removal and a publish of the same bytes know of each other.
#include "apps/cli/gc_command.h"

#include "apps/cli/registry_client.h"
#include "apps/server/config/units.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;

struct GcArguments {
  RegistryOptions registry{.timeout = hours(1)};
  bool dry_run = false;
  std::string grace;
  bool json = false;
};

std::uint64_t count(const Json& answer, const char* name) {
  const auto it = answer.find(name);
  return it != answer.end() && it->is_number_unsigned() ? it->get<std::uint64_t>() : 0;
}

void print(std::ostream& out, const Json& answer, bool dry_run) {
  const char* counted = dry_run ? "orphans" : "removed";
  const char* bytes = dry_run ? "orphan_bytes" : "removed_bytes";
  out << (dry_run ? "Would remove " : "Removed ") << count(answer, counted) << " of "
      << count(answer, "blobs") << " blobs, " << count(answer, bytes) << " bytes.\n";
  if (const auto young = count(answer, "young"); young > 0)
    out << young << " more are within the grace period.\n";
}

Result<void> run_gc(const GcArguments& arguments, CommandContext& context) {
  Json body = {{"dry_run", arguments.dry_run}};
  if (!arguments.grace.empty()) {
    const auto grace = config::parse_duration(arguments.grace);
    if (!grace) return fail(Code::bad_request, arguments.grace + " is not a duration like 24h.");
    body["grace_seconds"] = static_cast<std::uint64_t>(grace->ms / 1000);
  }
  auto client = RegistryClient::create(arguments.registry, context);
  if (!client) return fail(client);
  const auto answer = client->call("POST", "/-/kontor/v1/gc", body);
  if (!answer) return std::unexpected(answer.error());
  if (arguments.json)
    context.out << answer->dump(2) << "\n";
  else
    print(context.out, *answer, arguments.dry_run);
  return {};
}

}  // namespace

void add_gc_command(CLI::App& program, CommandContext& context) {
  auto* command =
      program.add_subcommand("gc", "Remove tarballs that no version of a running registry has");
  const auto arguments = std::make_shared<GcArguments>();
  command->add_flag("--dry-run", arguments->dry_run, "Only count them");
  command->add_option("--grace", arguments->grace,
                      "Leave younger ones; else what gc.grace of the server says");
  command->add_flag("--json", arguments->json, "Print the registry's answer");
  add_registry_options(*command, arguments->registry);
  command->callback([&context, arguments] {
    const auto done = run_gc(*arguments, context);
    if (done) return;
    print_errors(context.err, {std::string(done.error().message())});
    context.status = 1;
  });
}

}  // namespace kontor::cli
