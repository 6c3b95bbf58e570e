#pragma once
// The leaves that changes of a package leave in the log, made in one place so that all use cases
// spell them alike.
#include "ports/log_leaf.h"
#include "ports/package_store.h"
#include "registry/actor.h"
#include "registry/publication.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

// Who acts, as leaves name it: the token or, after a password, the session.
LogAuthor log_author(const Actor& actor);

// Collects the leaves of one change. `visibility` is the package's at that change: restricted
// packages are logged apart.
class LogNotes {
 public:
  LogNotes(const Actor& actor, const PackageKey& key, Visibility visibility);

  void published(const Publication& publication);
  void replaced(const Publication& publication, const Sha256& before);
  void withdrawn(std::string version, std::string_view reason);
  void yanked(std::string version);
  void unyanked(std::string version);
  void tagged(std::string tag, std::optional<std::string> version);  // nothing: removed
  // An empty text: deprecated no longer.
  void deprecated(std::string version, const std::string& text);
  void owner_added(UserId user, OwnerRole role = OwnerRole::maintainer);
  void owner_removed(UserId user, OwnerRole role);
  void quarantined(std::string version, std::string advisory);
  void released(std::string version);  // from quarantine
  void became(Visibility before, Visibility after);

  std::vector<LogEvent> take() && { return std::move(events_); }

 private:
  void owner(tlog::Change change, UserId user, OwnerRole role);
  void add(tlog::Event event);

  LogAuthor by_;
  tlog::PackageRef package_;
  LogId log_;
  std::vector<LogEvent> events_;
};

}  // namespace kontor
