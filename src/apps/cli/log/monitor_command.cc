// Rounds, alarms as lines, and a webhook that gets each alarm at least once.
#include "apps/cli/log/monitor_command.h"

#include "apps/cli/log/monitor.h"
#include "apps/cli/log/report.h"

#include <CLI/CLI.hpp>

#include <ctime>
#include <memory>
#include <ostream>
#include <signal.h>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;
using logclient::Alarm;

constexpr int kTries = 3;  // of one delivery; the next round tries again

struct MonitorArguments {
  RegistryOptions registry;
  MonitorOptions monitor;
  std::vector<std::string> accounts;
  std::string webhook;
  std::uint32_t interval = 60;
  bool once = false;
  bool json = false;
};

// The main thread takes the signals while it waits.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int number : {SIGINT, SIGTERM}) sigaddset(&set_, number);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    signal(SIGPIPE, SIG_IGN);
  }
  // False where a signal asked for the end.
  bool wait(std::uint32_t seconds) {
    const timespec time{static_cast<std::time_t>(seconds), 0};
    if (!ended_) ended_ = sigtimedwait(&set_, nullptr, &time) >= 0;
    return !ended_;
  }
  bool ended() const { return ended_; }

 private:
  sigset_t set_;
  bool ended_ = false;
};

Json json_of(const Alarm& alarm, const MonitorArguments& arguments, const std::string& registry) {
  return {{"id", registry + " " + arguments.monitor.log + " " + std::to_string(alarm.index) + " " +
                     alarm.rule},
          {"registry", registry},
          {"log", arguments.monitor.log},
          {"rule", alarm.rule},
          {"index", alarm.index},
          {"package", alarm.package},
          {"text", alarm.text}};
}

class Watch {
 public:
  Watch(const MonitorArguments& arguments, RegistryClient& client, CommandContext& context)
      : arguments_(arguments),
        client_(client),
        context_(context),
        monitor_(context, client, arguments.monitor),
        http_(curl::HttpClientOptions{.timeout = seconds(15), .most_bytes = 1 << 20}) {}

  int run() {
    for (;;) {
      const int status = round();
      if (arguments_.once) return status;
      if (!signals_.wait(arguments_.interval)) return kHolds;
    }
  }

 private:
  int round() {
    const auto round = monitor_.round();
    int status = kHolds;
    if (!round) {
      print_errors(context_.err, {std::string(round.error().message())});
      status = status_of(round.error());
    } else {
      for (const Alarm& alarm : round->alarms) print(alarm);
      if (round->faulty || !round->alarms.empty()) status = kRefuted;
      if (status == kHolds && !arguments_.json && arguments_.once)
        context_.out << "All is well at size " << round->size << ".\n";
    }
    context_.out << std::flush;
    const auto sent = arguments_.webhook.empty() ? drop() : deliver();
    if (!sent) print_errors(context_.err, {std::string(sent.error().message())});
    return !sent && status == kHolds ? kNotChecked : status;
  }

  void print(const Alarm& alarm) {
    if (arguments_.json)
      context_.out << json_of(alarm, arguments_, client_.url()).dump() << "\n";
    else
      context_.out << alarm.rule << " at entry " << alarm.index
                   << (alarm.package.empty() ? "" : " (" + alarm.package + ")") << ": "
                   << alarm.text << "\n";
  }

  // Printing was all that was asked for.
  Result<void> drop() {
    const auto pending = monitor_.pending();
    if (!pending || pending->empty()) return {};
    return monitor_.delivered(pending->size());
  }

  Result<void> deliver() {
    const auto pending = monitor_.pending();
    if (!pending) return {};  // the round has said why
    for (const Alarm& alarm : *pending) {
      if (auto sent = send(alarm); !sent) return sent;
      if (auto done = monitor_.delivered(); !done) return done;
    }
    return {};
  }

  Result<void> send(const Alarm& alarm) {
    const curl::HttpRequest request{
        .method = "POST",
        .url = arguments_.webhook,
        .headers = {{"content-type", "application/json"}},
        .body = json_of(alarm, arguments_, client_.url())
                    .dump(-1, ' ', false, Json::error_handler_t::replace)};
    std::string why;
    for (int attempt = 1; attempt <= kTries; ++attempt) {
      const auto answer = http_.send(request);
      if (answer && answer->status / 100 == 2) return {};
      why = answer ? "it answered " + std::to_string(answer->status)
                   : std::string(answer.error().message());
      if (attempt == kTries || !signals_.wait(static_cast<std::uint32_t>(attempt))) break;
    }
    return fail(Code::unavailable,
                "The webhook did not take an alarm, which is kept for the next round: " + why);
  }

  const MonitorArguments& arguments_;
  RegistryClient& client_;
  CommandContext& context_;
  Signals signals_;
  Monitor monitor_;
  curl::HttpClient http_;
};

void run(const std::shared_ptr<MonitorArguments>& arguments, CommandContext& context) {
  arguments->monitor.watched.accounts = {arguments->accounts.begin(), arguments->accounts.end()};
  auto client = RegistryClient::create(arguments->registry, context);
  if (!client) return end_with(context, client.error(), false);
  context.status = Watch(*arguments, *client, context).run();
}

}  // namespace

void add_monitor_command(CLI::App& program, CommandContext& context) {
  auto* command = program.add_subcommand(
      "monitor", "Follow a registry's log and tell of what should not be in it");
  const auto arguments = std::make_shared<MonitorArguments>();
  command->add_option("url", arguments->registry.registry, "URL of the registry");
  command
      ->add_option("--package", arguments->monitor.watched.packages,
                   "Tell of all that concerns these packages ('@scope/*'); may be given again")
      ->allow_extra_args(false);
  command
      ->add_option("--account", arguments->accounts,
                   "What this account does is expected; may be given again")
      ->allow_extra_args(false);
  command->add_option("--webhook", arguments->webhook, "URL that gets each alarm by POST");
  command->add_option("--interval", arguments->interval, "Seconds between two rounds")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  command->add_flag("--once", arguments->once, "End after one round");
  command->add_option("--state", arguments->monitor.state_file,
                      "File of what was examined, instead of one beside the pinned key");
  command->add_option("--log", arguments->monitor.log, "Which log: public or private")
      ->check(CLI::IsMember({"public", "private"}))
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "Print alarms as JSON, one a line");
  command->add_option("--token", arguments->registry.token, "Token; better in NPM_TOKEN or .npmrc");
  command->add_option("--cafile", arguments->registry.ca_file,
                      "PEM file of the authority to trust");
  command->callback([arguments, &context] { run(arguments, context); });
}

}  // namespace kontor::cli
