// First the log by itself, then the registry against it.
#include "apps/cli/log/full_audit.h"

#include <map>

namespace kontor::cli {
namespace {

using logclient::Release;

struct Logged {
  tlog::Archive archive;
  bool withdrawn = false;
};
struct Package {
  std::map<std::string, Logged> releases;  // by version
  bool moved = false;  // its visibility changed: what came before or after is in the other log
};

// What the entries say was published. The audit log's have another form and name no releases.
class Collector final : public logclient::EntryVisitor {
 public:
  Result<void> entry(std::uint64_t index, ByteView text) override {
    if (!text.starts_with("pkglog/")) return {};
    const auto leaf = tlog::parse_leaf(text);
    if (!leaf)
      return fail(Code::invalid_proof, "Entry " + std::to_string(index) +
                                           " is no leaf: " + std::string(leaf.error().message()));
    if (const auto* publish = std::get_if<tlog::PublishEvent>(&leaf->event)) {
      const auto [at, fresh] = packages_[publish->package.name].releases.try_emplace(
          publish->version, Logged{publish->archive, false});
      if (!fresh)
        return fail(Code::invalid_proof, "Entry " + std::to_string(index) + " publishes " +
                                             publish->package.name + "@" + publish->version +
                                             " a second time.");
    } else if (const auto* withdraw = std::get_if<tlog::WithdrawEvent>(&leaf->event)) {
      mark(withdraw->package.name, withdraw->version, true);
    } else if (const auto* restore = std::get_if<tlog::RestoreEvent>(&leaf->event)) {
      mark(restore->package.name, restore->version, false);
    } else if (const auto* policy = std::get_if<tlog::PolicyEvent>(&leaf->event)) {
      if (policy->package && policy->setting.value == "visibility")
        packages_[policy->package->name].moved = true;
    }
    return {};
  }

  const std::map<std::string, Package>& packages() const { return packages_; }

 private:
  void mark(const std::string& name, const std::string& version, bool withdrawn) {
    auto& releases = packages_[name].releases;
    if (const auto at = releases.find(version); at != releases.end())
      at->second.withdrawn = withdrawn;
  }

  std::map<std::string, Package> packages_;
};

std::unexpected<Error> differs(const std::string& release, const std::string& how) {
  return fail(Code::checksum_mismatch, release + " " + how);
}

// What is served and what the log tells of are the same releases.
Result<void> check_lists(const std::string& name, const Package& package,
                         const Integrities& served) {
  for (const auto& [version, integrity] : served)
    if (!package.releases.contains(version))
      return differs(name + "@" + version, "is served, but the log does not tell of it.");
  for (const auto& [version, logged] : package.releases)
    if (logged.withdrawn == served.contains(version))
      return differs(name + "@" + version, logged.withdrawn
                                               ? "is served, but the log says withdrawn."
                                               : "is in the log, but is not served.");
  return {};
}

Result<void> check_package(RegistryClient& client, const std::string& name, const Package& package,
                           FullAudit& audit) {
  const auto served = fetch_integrities(client, name);
  if (!served) return std::unexpected(served.error());
  if (!package.moved)
    if (auto same = check_lists(name, package, *served); !same) return same;
  for (const auto& [version, logged] : package.releases) {
    const auto at = served->find(version);
    ++(logged.withdrawn ? audit.withdrawn : audit.releases);
    if (at == served->end()) continue;
    if (auto same = check_served(client, {{"npm", name}, version}, logged.archive, at->second);
        !same)
      return same;
  }
  ++audit.packages;
  return {};
}

}  // namespace

Result<FullAudit> audit_log(RegistryClient& client, LogSession& session) {
  Collector collector;
  FullAudit audit;
  const auto read =
      logclient::LogReader(session.source(), collector).read_to(session.view().head());
  if (!read) return std::unexpected(read.error());
  audit.read = *read;
  for (const auto& [name, package] : collector.packages())
    if (auto checked = check_package(client, name, package, audit); !checked) return fail(checked);
  return audit;
}

nlohmann::ordered_json json_of(const FullAudit& audit) {
  return {{"entries", audit.read.entries}, {"bundles", audit.read.bundles},
          {"tiles", audit.read.tiles},     {"packages", audit.packages},
          {"releases", audit.releases},    {"withdrawn", audit.withdrawn}};
}

std::string words_of(const FullAudit& audit) {
  return "Hashed " + std::to_string(audit.read.entries) + " entries in " +
         std::to_string(audit.read.bundles) + " bundles, " + std::to_string(audit.read.tiles) +
         " tiles, and the tarballs of " + std::to_string(audit.releases) + " releases of " +
         std::to_string(audit.packages) + " packages: all are what the log says. " +
         std::to_string(audit.withdrawn) + " releases are withdrawn and not served.\n";
}

}  // namespace kontor::cli
