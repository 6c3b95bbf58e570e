// Signals are taken by the main thread, which does nothing else.
#include "apps/cli/log/witness_command.h"

#include "apps/cli/log/pin.h"
#include "apps/cli/log/report.h"
#include "apps/cli/log/witness_server.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>
#include <signal.h>

namespace kontor::cli {
namespace {

struct WitnessArguments {
  std::string folder;
  std::string name;
  std::vector<std::string> keys;
  std::string policy_file;
  net::ServerOptions server;
  std::string certificate;
  std::string tls_key;
  bool show = false;
};

Result<tlog::Policy> logs_to_witness(const WitnessArguments& arguments) {
  std::string text;
  if (!arguments.policy_file.empty()) {
    auto file = read_file(arguments.policy_file, tlog::kMaxPolicyBytes);
    if (!file) return fail(Code::bad_request, arguments.policy_file + " cannot be read.");
    if (arguments.keys.empty()) return tlog::parse_policy(*file);
    return fail(Code::bad_request, "Give either --policy or --log.");
  }
  for (const auto& key : arguments.keys) text += "log " + key + "\n";
  return tlog::parse_policy(text + "quorum none\n");
}

void wait_for_end(const sigset_t& signals) {
  int number = 0;
  while (sigwait(&signals, &number) != 0) continue;
}

Result<void> serve(const WitnessArguments& arguments, CommandContext& context) {
  auto folder = WitnessFolder::open(arguments.folder);
  if (!folder) return fail(folder);
  auto key = WitnessKey::open(arguments.folder, arguments.name);
  if (!key) return fail(key);
  context.out << tlog::print_vkey((*key)->key()) << "\n" << std::flush;
  if (arguments.show) return {};
  const auto policy = logs_to_witness(arguments);
  if (!policy) return std::unexpected(policy.error());
  if (policy->logs.empty())
    return fail(Code::bad_request, "Name the logs to witness by --log <vkey> or --policy.");
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  net::ServerOptions options = arguments.server;
  options.settings.limits.body_bytes = tlog::kMaxAddCheckpointBytes;
  if (!arguments.certificate.empty())
    options.tls = net::TlsOptions{arguments.certificate, arguments.tls_key};
  auto server = WitnessServer::start({*policy, **folder, **key}, std::move(options));
  if (!server) return fail(server);
  context.out << "witness listens on port " << (*server)->port() << "\n" << std::flush;
  wait_for_end(signals);
  (*server)->drain();
  return {};
}

}  // namespace

void add_witness_command(CLI::App& program, CommandContext& context) {
  auto* command = program.add_subcommand(
      "witness", "Cosign the checkpoints of logs, each only where it continues the last");
  const auto arguments = std::make_shared<WitnessArguments>();
  command->add_option("--dir", arguments->folder, "Folder of the key and of what was cosigned")
      ->required();
  command->add_option("--name", arguments->name, "Name of the key that the first start makes");
  command->add_option("--log", arguments->keys, "Key of a log to witness; may be given again")
      ->allow_extra_args(false);
  command->add_option("--policy", arguments->policy_file, "C2SP tlog-policy file of logs instead");
  command->add_option("--host", arguments->server.listen.host, "Address to listen on")
      ->capture_default_str();
  arguments->server.listen.port = 4874;
  command->add_option("--port", arguments->server.listen.port, "Port to listen on; 0: any free one")
      ->capture_default_str();
  command->add_option("--cert", arguments->certificate, "Certificate for TLS, PEM");
  command->add_option("--cert-key", arguments->tls_key, "Its key, PEM");
  command->add_flag("--show-key", arguments->show, "Print the witness's key and end");
  command->callback([arguments, &context] {
    if (auto done = serve(*arguments, context); !done) end_with(context, done.error(), false);
  });
}

}  // namespace kontor::cli
