#pragma once
// What the commands of `ori` have in common: options, warnings, how they end.
#include "apps/cli/config_command.h"
#include "base/error.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::cli::ori {

using Json = nlohmann::ordered_json;

// Exit statuses; 2 is a wrong command line. docs/ori.md explains them to users.
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;     // the project, the registry or an advisory says no
inline constexpr int kNotReached = 3;  // the registry did not answer
inline constexpr int kNotGenuine = 4;  // bytes are not what lock, log or CHECKSUM say

int status_of(const Error& error);

struct Options {
  bool json = false;
  bool quiet = false;
  std::string registry;  // URL, or a name in [registries]; empty: see registries.h
  std::string ca_file;   // PEM, instead of the system's authorities
};

// One run of one command.
class Desk {
 public:
  Desk(CommandContext& context, const Options& options) : context_(context), options_(options) {}

  CommandContext& context() { return context_; }
  const Options& options() const { return options_; }
  // A path below the folder that the command runs in; absolute ones as they are.
  std::string path(const std::string& name) const;
  std::string variable(std::string_view name) const;  // of the environment; empty: not set

  // Said at once on standard error, and once more in the JSON of the end. Never said twice.
  void warn(std::string text);
  // What is going on, for a person who waits.
  void say(const std::string& line);
  bool draws_progress() const;
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  CommandContext& context_;
  const Options& options_;
  std::vector<std::string> warnings_;
};

// How a command ended that did what it had to do.
struct Done {
  Json facts = Json::object();  // of --json
  std::string words;            // of the other form
  int status = kDone;           // kRefused where a check found something
};
using Act = std::function<Result<Done>(Desk&)>;

// The status of a check that could not be made (row ADV-04).
inline constexpr int kNotChecked = 2;

// Adds a command with the options above; `act` runs when the program's arguments are parsed, and
// its end is printed: {"ok":true,...} or {"ok":false,"error":{"code","message"}} with --json, words
// otherwise. The context must outlive the app.
// `failed` other than 0 is the status of every failure of it.
CLI::App& add_command(CLI::App& program, CommandContext& context, const std::string& name,
                      const std::string& help, Act act, int failed = 0);

}  // namespace kontor::cli::ori
