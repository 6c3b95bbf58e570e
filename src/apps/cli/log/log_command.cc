// Pinning is the only moment at which something is believed without proof: it shows the key.
#include "apps/cli/log/log_command.h"

#include "apps/cli/log/full_audit.h"
#include "apps/cli/log/pinning.h"
#include "apps/cli/log/report.h"
#include "apps/cli/log/session.h"
#include "apps/cli/log/stored_audit.h"
#include "apps/cli/log/succession.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;

struct LogArguments {
  RegistryOptions registry;
  std::string log = "public";
  std::string url;
  std::string key;
  std::string policy_file;
  std::string data_dir;
  bool replace = false;
  bool full = false;
  bool json = false;
};

Result<void> pin(const LogArguments& given, CommandContext& context) {
  LogArguments arguments = given;
  if (!arguments.url.empty()) arguments.registry.registry = arguments.url;
  auto client = RegistryClient::create(arguments.registry, context);
  if (!client) return fail(client);
  PinWish wish{.log = arguments.log, .key = arguments.key, .replace = arguments.replace};
  if (!arguments.policy_file.empty()) {
    auto policy = read_file(arguments.policy_file, tlog::kMaxPolicyBytes);
    if (!policy) return std::unexpected(policy.error());
    wish.policy = *std::move(policy);
  }
  const auto pinned = pin_log(*client, context, wish);
  if (!pinned) return std::unexpected(pinned.error());
  const bool compared = !arguments.key.empty() || !arguments.policy_file.empty();
  const std::string why =
      pinned->vouched
          ? "The key that was pinned has signed the same log, and vouches for this one.\n"
      : compared ? ""
                 : "The registry itself said so. Compare the key with one you have from "
                   "somewhere else.\n";
  end_well(context,
           {{"registry", client->url()},
            {"log", arguments.log},
            {"vkey", pinned->vkey},
            {"size", pinned->size},
            {"root", pinned->root}},
           "Pinned the " + arguments.log + " log of " + client->url() + ":\n\n  " + pinned->vkey +
               "\n\n" + why,
           arguments.json);
  return {};
}

// The policy to believe a stored log by: a key on the command line, or the pinned one.
Result<tlog::Policy> trusted_policy(const LogArguments& arguments, CommandContext& context) {
  if (!arguments.key.empty()) return tlog::parse_policy("log " + arguments.key + "\nquorum none\n");
  const auto client = RegistryClient::create(arguments.registry, context);
  if (!client) return std::unexpected(client.error());
  const auto pin = Pin::open(context, client->url(), arguments.log);
  if (!pin) return std::unexpected(pin.error());
  return pin->policy();
}

Result<void> verify_stored(const LogArguments& arguments, CommandContext& context) {
  const auto policy = trusted_policy(arguments, context);
  if (!policy) return std::unexpected(policy.error());
  const auto audit = audit_stored_log(arguments.data_dir, arguments.log, *policy);
  if (!audit) return std::unexpected(audit.error());
  end_well(context, json_of(*audit), words_of(*audit), arguments.json);
  return {};
}

Result<void> verify(const LogArguments& arguments, CommandContext& context) {
  if (!arguments.data_dir.empty()) return verify_stored(arguments, context);
  auto client = RegistryClient::create(arguments.registry, context);
  if (!client) return fail(client);
  auto session = LogSession::open(context, *client, arguments.log);
  if (!session) return fail(session);
  tell_of_new_key(context, client->url(), **session);
  const tlog::Head head = (*session)->view().head();
  const std::string origin = (*session)->view().checkpoint().checkpoint.origin;
  Json facts = {{"log", origin}, {"size", head.size}, {"root", head.root.base64()}};
  std::string words = origin + " continues what was seen before: size " +
                      std::to_string(head.size) + ", root " + head.root.base64() + "\n";
  if (arguments.full) {
    const auto audit = audit_log(*client, **session);
    if (!audit) return std::unexpected(audit.error());
    facts.update(json_of(*audit));
    words += words_of(*audit);
  }
  if (auto kept = (*session)->remember(); !kept) return kept;
  end_well(context, std::move(facts), words, arguments.json);
  return {};
}

using Act = Result<void> (*)(const LogArguments&, CommandContext&);

CLI::App* add_act(CLI::App& log, CommandContext& context,
                  const std::shared_ptr<LogArguments>& arguments, const char* name,
                  const char* help, Act act) {
  auto* command = log.add_subcommand(name, help);
  command->add_option("--log", arguments->log, "Which log: public, private or audit")
      ->check(CLI::IsMember({"public", "private", "audit"}))
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "Print JSON");
  add_registry_options(*command, arguments->registry);
  command->callback([arguments, act, &context] {
    if (auto done = act(*arguments, context); !done)
      end_with(context, done.error(), arguments->json);
  });
  return command;
}

}  // namespace

void add_log_commands(CLI::App& program, CommandContext& context) {
  auto* log = program.add_subcommand("log", "The transparency log of a registry, as a client");
  log->require_subcommand(1);
  const auto arguments = std::make_shared<LogArguments>();

  auto* pinning = add_act(*log, context, arguments, "pin",
                          "Believe a log by this key from now on, and by no other", pin);
  pinning->add_option("url", arguments->url, "URL of the registry");
  pinning->add_option("vkey", arguments->key, "The key, if you have it; else the one it serves");
  pinning->add_option("--policy", arguments->policy_file,
                      "C2SP tlog-policy file of keys, witnesses and a quorum");
  pinning->add_flag("--replace", arguments->replace, "Forget the key and checkpoint known so far");

  auto* verifying =
      add_act(*log, context, arguments, "verify",
              "Prove that the log continues what this machine has seen of it", verify);
  verifying->add_flag("--full", arguments->full,
                      "Hash every entry, tile and tarball, and compare all packuments");
  verifying->add_option("--data-dir", arguments->data_dir,
                        "Ask nobody: hash the log in this data directory, with its rows and blobs");
  verifying->add_option("--key", arguments->key,
                        "With --data-dir: the log's key instead of the pinned one");
}

}  // namespace kontor::cli
