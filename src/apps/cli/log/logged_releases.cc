// One pass over all entries.
#include "apps/cli/log/logged_releases.h"

namespace kontor::cli {

Result<void> LoggedReleases::entry(std::uint64_t index, ByteView text) {
  if (!text.starts_with("pkglog/")) return {};
  const auto leaf = tlog::parse_leaf(text);
  if (!leaf)
    return fail(Code::invalid_proof, "Entry " + std::to_string(index) +
                                         " is no leaf: " + std::string(leaf.error().message()));
  if (const auto* publish = std::get_if<tlog::PublishEvent>(&leaf->event)) {
    const auto [at, fresh] = packages_[publish->package.name].releases.try_emplace(
        publish->version, LoggedRelease{publish->archive, false});
    if (!fresh)
      return fail(Code::invalid_proof, "Entry " + std::to_string(index) + " publishes " +
                                           publish->package.name + "@" + publish->version +
                                           " a second time.");
  } else if (const auto* replace = std::get_if<tlog::ReplaceEvent>(&leaf->event)) {
    auto& releases = packages_[replace->package.name].releases;
    if (const auto at = releases.find(replace->version); at != releases.end())
      at->second.archive = replace->archive;
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

void LoggedReleases::mark(const std::string& name, const std::string& version, bool withdrawn) {
  auto& releases = packages_[name].releases;
  if (const auto at = releases.find(version); at != releases.end())
    at->second.withdrawn = withdrawn;
}

}  // namespace kontor::cli
