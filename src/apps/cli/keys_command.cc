// Each subcommand is one call and one way to print its answer. Exit status 1 where it was refused.
#include "apps/cli/keys_command.h"

#include "apps/cli/registry_client.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kKeys = "/-/kontor/v1/keys";

struct KeysArguments {
  RegistryOptions registry;
  bool json = false;
};

std::string text_of(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

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

Result<void> rotate_key(RegistryClient& client, const KeysArguments& arguments,
                        CommandContext& context) {
  const auto answer =
      client.call("POST", std::string(kKeys) + "/rotate", Json{{"use", "releases"}});
  if (!answer) return std::unexpected(answer.error());
  if (arguments.json) {
    context.out << answer->dump(2) << "\n";
    return {};
  }
  context.out << "New versions are signed with another key from now on:\n\n  "
              << text_of(*answer, "id")
              << "\n\nThe one before stays good for the versions it signed; its secret is gone.\n";
  return {};
}

using Act = Result<void> (*)(RegistryClient&, const KeysArguments&, CommandContext&);

void add_act(CLI::App& keys, CommandContext& context,
             const std::shared_ptr<KeysArguments>& arguments, const char* name, const char* help,
             Act act) {
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
}

}  // namespace

void add_keys_commands(CLI::App& program, CommandContext& context) {
  auto* keys = program.add_subcommand("keys", "Signing keys of a running registry");
  keys->require_subcommand(1);
  const auto arguments = std::make_shared<KeysArguments>();
  add_act(*keys, context, arguments, "list", "List all keys, also those that have expired",
          list_keys);
  add_act(*keys, context, arguments, "rotate",
          "Sign versions with a new key from now on; what is signed stays good", rotate_key);
}

}  // namespace kontor::cli
