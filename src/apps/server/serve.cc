// SIGTERM and SIGINT drain, a second one cuts the drain short, SIGHUP reloads; all three are taken
// by the main thread, which does nothing else.
#include "apps/server/serve.h"

#include "apps/server/config/reload.h"
#include "apps/server/server_process.h"

#include <fmt/format.h>

#include <cstdio>
#include <signal.h>
#include <sys/stat.h>

namespace kontor {
namespace {

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, number);
  return set;
}

// Whether somebody who waits for the drain has asked to end once more.
bool told_again() {
  sigset_t again;
  sigemptyset(&again);
  sigaddset(&again, SIGINT);
  sigaddset(&again, SIGTERM);
  const timespec at_once{};
  return sigtimedwait(&again, nullptr, &at_once) > 0;
}

void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void say_problems(std::string_view kind, const config::Problems& problems) {
  for (const auto& problem : problems) say(fmt::format("{}: {}\n", kind, problem));
}

std::string access_text(const AuthConfig& auth) {
  if (auth.type == AuthType::none) return "none; everybody may do everything";
  return fmt::format(
      "{}; {}", auth.type == AuthType::basic ? "tokens, or name and password" : "tokens",
      auth.allow_registration ? "everybody may register" : "administrators make the accounts");
}

void say_welcome(const ServerProcess& process, const std::string& version, const Config& config) {
  const std::string url = process.url();
  say(
      fmt::format("\nKontor {} serves {}/\n\n"
                  "  data      {}\n  login     {}\n\n",
                  version, url, config.data_dir, access_text(config.auth)));
  const auto& first = process.first_admin();
  if (!first.created) return;
  if (first.generated_password.empty())
    say(fmt::format("The administrator \"{}\" was made with the configured password.\n",
                    config.admin.name));
  else
    say(
        fmt::format("An administrator was made. The password is shown only this once:\n\n"
                    "  user      {}\n  password  {}\n\n",
                    config.admin.name, first.generated_password));
  say(
      fmt::format("Next:\n\n"
                  "  npm login --registry={0}/\n"
                  "  npm publish --registry={0}/\n"
                  "  npm install <package> --registry={0}/\n\n",
                  url));
}

// Takes over a changed configuration; a broken one leaves everything as it is.
void reload(ServerProcess& process, Config& running, const config::ConfigRequest& request,
            Log& log) {
  auto loaded = config::load_files(request, config::process_environment());
  if (!loaded) {
    for (const auto& problem : loaded.error())
      log.write(LogLevel::error, "reload_refused", {{"problem", problem}});
    return;
  }
  auto reloaded = config::reload(running, loaded->config);
  for (const auto& warning : reloaded.warnings)
    log.write(LogLevel::warn, "reload_needs_restart", {{"problem", warning}});
  for (const auto& path : reloaded.changed)
    log.write(LogLevel::info, "reload_changed", {{"key", path}});
  running = std::move(reloaded.config);
  if (auto applied = process.apply(running); !applied)
    log.write(LogLevel::error, "reload_tls_refused", {{"problem", applied.error().message()}});
  log.write(LogLevel::info, "reloaded", {});
}

// Serves until a signal says otherwise.
int serve_until_told(ServerProcess& process, Config config, const config::ConfigRequest& request,
                     Log& log) {
  const sigset_t signals = handled_signals();
  for (;;) {
    int number = 0;
    if (sigwait(&signals, &number) != 0) continue;
    if (number == SIGHUP) {
      reload(process, config, request, log);
      continue;
    }
    log.write(LogLevel::info, "draining", {{"signal", number == SIGINT ? "SIGINT" : "SIGTERM"}});
    log.flush();
    const bool clean = process.drain(config.drain_timeout, told_again);
    log.write(clean ? LogLevel::info : LogLevel::warn, "stopped", {{"clean", clean}});
    return clean ? 0 : 1;
  }
}

}  // namespace

int serve(const config::ConfigRequest& request, const std::string& version) {
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  umask(077);  // the data directory holds password hashes

  auto loaded = config::load_files(request, config::process_environment());
  if (!loaded) {
    say_problems("error", loaded.error());
    return 1;
  }
  say_problems("warning", loaded->warnings);
  const Config& config = loaded->config;
  Log log(config.log.level, config.log.format);
  auto process = ServerProcess::create(config, version, log);
  if (!process) {
    const auto& error = process.error();
    say(fmt::format("error: {}{}\n", error.message(),
                    error.cause.empty() ? "" : " (" + error.cause + ")"));
    return 1;
  }
  (*process)->start();
  say_welcome(**process, version, config);
  log.write(LogLevel::info, "listening", {{"url", (*process)->url()}, {"version", version}});
  log.flush();
  return serve_until_told(**process, config, request, log);
}

}  // namespace kontor
