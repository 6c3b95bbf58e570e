// Each subcommand is one call and one way to print its answer. Exit status 1 where it was refused.
#include "apps/cli/keys_command.h"

#include "apps/cli/answers.h"
#include "apps/cli/registry_client.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

constexpr const char* kKeys = "/-/kontor/v1/keys";

struct KeysArguments {
  RegistryOptions registry;
  std::string log;  // empty: the key of versions
  bool json = false;
};

void print_key(std::ostream& out, const Json& key) {
  const auto expires = text_of(key, "expires");
  out << text_of(key, "use") << (expires.empty() ? ", in use" : ", until " + expires) << "\n  "
      << text_of(key, "id") << "\n";
}

Result<void> list_keys(RegistryClient& client, const KeysArguments& arguments,
                       CommandContext& context) {
  const auto answer = client.call("GET", kKeys);
  if (!answer) return std::unexpected(answer.error());
  const auto keys = answer->find("keys");
  if (keys == answer->end() || !keys->is_array())
    return fail(Code::unavailable, client.url() + " did not answer a list; is that a Kontor?");
  if (arguments.json) {
    context.out << keys->dump(2) << "\n";
    return {};
  }
  for (const auto& key : *keys) print_key(context.out, key);
  return {};
}

Result<Json> change_key(RegistryClient& client, const KeysArguments& arguments, const char* deed) {
  const std::string use = arguments.log.empty() ? "releases" : arguments.log + " log";
  return client.call("POST", std::string(kKeys) + "/" + deed, Json{{"use", use}});
}

Result<void> rotate_key(RegistryClient& client, const KeysArguments& arguments,
                        CommandContext& context) {
  const auto answer = change_key(client, arguments, "rotate");
  if (!answer) return std::unexpected(answer.error());
  const std::string id = text_of(*answer, "id");
  if (arguments.json)
    context.out << answer->dump(2) << "\n";
  else if (arguments.log.empty())
    context.out
        << "New versions are signed with another key from now on:\n\n  " << id
        << "\n\nThe one before stays good for the versions it signed; its secret is gone.\n";
  else
    context.out << "The " << arguments.log << " log is signed with this key from now on, too:\n\n  "
                << id
                << "\n\nWhoever pinned the one before takes this one over by `kontor log pin`, and "
                   "finds it signed by both. Give it to witnesses. When all have it:\n\n"
                   "  kontor keys retire --log "
                << arguments.log << "\n";
  return {};
}

Result<void> retire_keys(RegistryClient& client, const KeysArguments& arguments,
                         CommandContext& context) {
  const auto answer = change_key(client, arguments, "retire");
  if (!answer) return std::unexpected(answer.error());
  if (arguments.json) {
    context.out << answer->dump(2) << "\n";
    return {};
  }
  context.out << "These keys of the " << arguments.log
              << " log sign no more, their secrets are gone:\n\n";
  if (const auto keys = answer->find("keys"); keys != answer->end() && keys->is_array())
    for (const auto& key : *keys) context.out << "  " << text_of(key, "id") << "\n";
  return {};
}

using Act = Result<void> (*)(RegistryClient&, const KeysArguments&, CommandContext&);

CLI::App* add_act(CLI::App& keys, CommandContext& context,
                  const std::shared_ptr<KeysArguments>& arguments, const char* name,
                  const char* help, Act act) {
  auto* command = keys.add_subcommand(name, help);
  add_registry_options(*command, arguments->registry);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([&context, arguments, act] {
    auto client = RegistryClient::create(arguments->registry, context);
    const auto done = client ? act(*client, *arguments, context) : fail(client);
    if (done) return;
    print_errors(context.err, {std::string(done.error().message())});
    context.status = 1;
  });
  return command;
}

CLI::Option* add_log_option(CLI::App& command, KeysArguments& arguments) {
  return command.add_option("--log", arguments.log, "Whose key: public, private or audit")
      ->check(CLI::IsMember({"public", "private", "audit"}));
}

}  // namespace

void add_keys_commands(CLI::App& program, CommandContext& context) {
  auto* keys = program.add_subcommand("keys", "Signing keys of a running registry");
  keys->require_subcommand(1);
  const auto arguments = std::make_shared<KeysArguments>();
  add_act(*keys, context, arguments, "list", "List all keys, also those that have expired",
          list_keys);
  auto* rotating = add_act(
      *keys, context, arguments, "rotate",
      "Sign versions with a new key from now on; or with --log a log, beside the one before",
      rotate_key);
  add_log_option(*rotating, *arguments);
  auto* retiring = add_act(*keys, context, arguments, "retire",
                           "Let all keys of a log but the newest sign no more", retire_keys);
  add_log_option(*retiring, *arguments)->required();
}

}  // namespace kontor::cli
