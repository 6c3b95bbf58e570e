#pragma once
// What the commands of `progy` have in common: their settings, what they print, how they end.
#include "apps/cli/config_command.h"
#include "apps/cli/printable.h"
#include "apps/cli/progress_bar.h"
#include "base/error.h"
#include "base/json.h"

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace kontor::cli::progy {

// Exit statuses; 2 is a wrong command line. docs/progy-student.md tells them to users.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;      // the course, the folder or the registry says no
inline constexpr int kConflicts = 3;   // `update` left something to decide
inline constexpr int kNotReached = 4;  // the registry did not answer
inline constexpr int kNotGenuine = 5;  // bytes are not those that the registry promised

// Why a command ended without doing its work.
struct Failure {
  Code code = Code::internal;
  std::string name;      // as --json says it: the registry's own code, or ours in capitals
  std::string message;   // says what to do
  Json facts = nullptr;  // what the registry answered, where it did

  Failure() = default;
  Failure(Error error);  // NOLINT(google-explicit-constructor): any Result may become an Outcome
};
template <class T>
using Outcome = std::expected<T, Failure>;

int status_of(const Failure& failure);

std::string text_of(const Json& object, const char* name);  // empty where it is no text

struct Options {
  bool json = false;
  bool quiet = false;
  std::string registry;
  std::string ca_file;
};

// ~/.progy/config.json, with what the environment and options say above it.
struct Settings {
  std::string home;                           // ~/.progy
  std::string registry;                       // URL without a slash at its end
  std::string token;                          // for that registry; empty: not logged in
  std::string user;                           // whose it is, as far as is known
  bool legacy_courses = true;                 // row PGC-08
  std::uint64_t cache_limit = 1'000'000'000;  // bytes
};

// One run of one command.
class Desk {
 public:
  // bad_request where HOME is missing, the file is damaged or the registry is no URL.
  static Outcome<Desk> open(CommandContext& context, const Options& options);

  const Settings& settings() const { return settings_; }
  const Options& options() const { return options_; }
  const config::Variables& environment() const { return context_.environment; }
  std::string variable(std::string_view name) const;  // empty: not set
  // Works with this registry unless the command line or the environment names one; only a token
  // that this registry gave goes along.
  void turn_to(const std::string& registry);
  // A path as the command's folder has it; absolute ones as they are.
  std::string path(const std::string& name) const;

  void warn(const std::string& text);     // on standard error
  void say(const std::string& line);      // what is going on, for a person who waits
  void show(const std::string& line);     // what somebody must see, also with --json
  bool is_terminal() const;               // somebody can be asked
  bool ask(const std::string& question);  // yes or no; no where nobody is there
  // One line of standard input, asked for where somebody is there, and not shown while it is typed.
  std::string ask_secret(const std::string& question);

  // A bar on standard error, where somebody sees it.
  std::unique_ptr<ProgressBar> progress(const std::string& label);

  // Durable, mode 0600. An empty token removes it. Other keys of the file are kept.
  Outcome<void> remember_login(const std::string& token, const std::string& user);

 private:
  Desk(CommandContext& context, const Options& options) : context_(context), options_(options) {}
  Outcome<void> read_settings();
  Outcome<Json> read_file() const;

  CommandContext& context_;
  Options options_;
  Settings settings_;
};

// How a command ended that did its work.
struct Done {
  Json facts = Json::object();  // of --json
  std::string words;            // of the other form
  int status = kDone;
};
using Act = std::function<Outcome<Done>(Desk&)>;

// Adds a command with the options above. `act` runs while the program parses its arguments; its end
// is printed: {"success":true,...} or {"success":false,"error","code"} with --json, else words. The
// context must outlive the app.
CLI::App& add_command(CLI::App& program, CommandContext& context, const std::string& name,
                      const std::string& help, Act act);

}  // namespace kontor::cli::progy
