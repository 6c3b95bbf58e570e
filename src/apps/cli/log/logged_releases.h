#pragma once
// What a log says was published, collected while it is read whole.
#include "tlog/leaf.h"

#include "logclient/full_read.h"

#include <map>
#include <string>

namespace kontor::cli {

struct LoggedRelease {
  tlog::Archive archive;
  bool withdrawn = false;
};

struct LoggedPackage {
  std::map<std::string, LoggedRelease> releases;  // by version
  bool moved = false;  // its visibility changed: what came before or after is in the other log
};

// The audit log's entries have another form and name no releases.
class LoggedReleases : public logclient::EntryVisitor {
 public:
  // invalid_proof for what is no leaf, and for a release that is published a second time.
  Result<void> entry(std::uint64_t index, ByteView text) override;

  const std::map<std::string, LoggedPackage>& packages() const { return packages_; }

 private:
  void mark(const std::string& name, const std::string& version, bool withdrawn);

  std::map<std::string, LoggedPackage> packages_;  // by name
};

}  // namespace kontor::cli
