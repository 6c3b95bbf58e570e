// Each subcommand is one call and one way to print its answer.
#include "apps/cli/errors_command.h"

#include "apps/cli/answers.h"
#include "apps/cli/registry_client.h"
#include "base/encoding.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

constexpr const char* kErrors = "/api/errors";

struct ErrorsArguments {
  RegistryOptions registry;
  std::string id;
  bool json = false;
};

std::string count_of(const Json& group) {
  const auto it = group.find("count");
  return it != group.end() && it->is_number_unsigned() ? it->dump() : "?";
}

Result<Json> list(RegistryClient& client, const ErrorsArguments&) {
  return client.call("GET", kErrors);
}
Result<Json> show(RegistryClient& client, const ErrorsArguments& arguments) {
  return client.call("GET", std::string(kErrors) + "/" + percent_encode(arguments.id));
}
Result<Json> clear(RegistryClient& client, const ErrorsArguments&) {
  return client.call("DELETE", kErrors);
}

void print_list(const Json& answer, std::ostream& out) {
  const auto errors = answer.find("errors");
  if (errors == answer.end() || !errors->is_array() || errors->empty()) {
    out << "No failure is remembered.\n";
    return;
  }
  for (const auto& group : *errors)
    out << text_of(group, "id") << "  " << count_of(group) << " times, last "
        << text_of(group, "last") << "  " << text_of(group, "code") << ": "
        << text_of(group, "cause") << "\n";
}

void print_group(const Json& group, std::ostream& out) {
  out << text_of(group, "code") << ", " << count_of(group) << " times\n"
      << "  first  " << text_of(group, "first") << "\n  last   " << text_of(group, "last")
      << "\n  cause  " << text_of(group, "cause") << "\n";
  const auto requests = group.find("requests");
  if (requests == group.end() || !requests->is_array()) return;
  out << "Requests, newest first; the log has a line for each:\n";
  for (const auto& id : *requests)
    out << "  " << (id.is_string() ? id.get<std::string>() : "") << "\n";
}

void print_cleared(const Json&, std::ostream& out) {
  out << "Forgotten.\n";
}

struct Command {
  const char* name;
  const char* help;
  Result<Json> (*call)(RegistryClient&, const ErrorsArguments&);
  void (*print)(const Json&, std::ostream&);
};

constexpr Command kCommands[] = {
    {"list", "List failures by what went wrong, last seen first", list, print_list},
    {"show", "Show one, by its id or by the id of a failed request", show, print_group},
    {"clear", "Forget all", clear, print_cleared},
};

int run(const Command& command, const ErrorsArguments& arguments, CommandContext& context) {
  auto client = RegistryClient::create(arguments.registry, context);
  auto answer = client ? command.call(*client, arguments) : Result<Json>(fail(client));
  if (!answer) {
    context.err << "error: " << answer.error().message() << "\n";
    return 1;
  }
  if (arguments.json)
    context.out << answer->dump(2) << "\n";
  else
    command.print(*answer, context.out);
  return 0;
}

}  // namespace

void add_errors_command(CLI::App& program, CommandContext& context) {
  auto* errors = program.add_subcommand("errors", "Failures of a running server");
  errors->require_subcommand(1);
  for (const Command& command : kCommands) {
    auto arguments = std::make_shared<ErrorsArguments>();
    auto* sub = errors->add_subcommand(command.name, command.help);
    add_registry_options(*sub, arguments->registry);
    if (std::string_view(command.name) == "show")
      sub->add_option("id", arguments->id, "Id of the failure or of a request")->required();
    sub->add_flag("--json", arguments->json, "Print JSON");
    sub->callback(
        [&command, arguments, &context] { context.status = run(command, *arguments, context); });
  }
}

}  // namespace kontor::cli
