// First the log by itself, then the registry against it.
#include "apps/cli/log/full_audit.h"

#include "apps/cli/log/logged_releases.h"

namespace kontor::cli {
namespace {

using logclient::Release;

std::unexpected<Error> differs(const std::string& release, const std::string& how) {
  return fail(Code::checksum_mismatch, release + " " + how);
}

// What is served and what the log tells of are the same releases.
Result<void> check_lists(const std::string& name, const LoggedPackage& package,
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

Result<void> check_package(RegistryClient& client, const std::string& name,
                           const LoggedPackage& package, FullAudit& audit) {
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
  LoggedReleases collector;
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
