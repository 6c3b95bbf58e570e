#pragma once
// What this machine believes of a log: a policy (the pinned key and the witnesses asked for) and
// the newest checkpoint it has verified. Two text files a log:
//
//     <home>/logs/<registry>/<log>/policy        C2SP tlog-policy
//     <home>/logs/<registry>/<log>/checkpoint    signed note
//
// <home> is $XDG_CONFIG_HOME/kontor, or ~/.config/kontor; <registry> is the URL without its scheme,
// percent-encoded; <log> is public, private or audit.
#include "adapters/filesystem/files.h"
#include "apps/cli/config_command.h"
#include "tlog/policy.h"

#include <string>

namespace kontor::cli {

// Held by one process at a time, so that no two of them believe different histories.
class Pin {
 public:
  static bool exists(const CommandContext& context, const std::string& registry,
                     const std::string& log);
  // Waits for the lock. unavailable with the command to run where no key is pinned.
  static Result<Pin> open(const CommandContext& context, const std::string& registry,
                          const std::string& log);
  // Stores a policy, making folders of mode 0700. conflict, naming both keys, where another key is
  // pinned, unless `replace`, which forgets the checkpoint as well.
  static Result<void> create(const CommandContext& context, const std::string& registry,
                             const std::string& log, const std::string& policy, bool replace);

  const std::string& folder() const { return folder_; }
  const tlog::Policy& policy() const { return policy_; }
  const std::string& checkpoint() const { return checkpoint_; }  // empty: none yet
  // Durable on success. `note` must be verified and continue checkpoint().
  Result<void> remember(const std::string& note);
  // Puts `key` in the place of what is pinned for its log; all else stays. Durable on success.
  // conflict where the policy is not spelt so that this could be done.
  Result<void> exchange_key(const tlog::NoteKey& key);

 private:
  std::string folder_;
  fs::Fd lock_;
  std::string policy_text_;
  tlog::Policy policy_;
  std::string checkpoint_;
};

// Writes a file of mode 0600 whole or not at all; durable on success.
Result<void> replace_file(const std::string& folder, const std::string& name,
                          const std::string& bytes);
// At most `most` bytes; not_found where there is no such file.
Result<std::string> read_file(const std::string& path, std::size_t most);
// The folder and those above it, each with mode 0700 and durable.
Result<void> make_folders(const std::string& path);

}  // namespace kontor::cli
