// One pass; each rule looks at one leaf and what came before.
#include "logclient/watch_rules.h"

#include "base/block_hash.h"
#include "base/sha256.h"

#include <algorithm>

namespace kontor::logclient {
namespace {

std::string name_of(const tlog::PackageRef& package) {
  return package.format == "npm" ? package.name : package.format + "/" + package.name;
}

// The package that an event is about; empty for those about none.
std::string package_of(const tlog::Event& event) {
  return std::visit(
      [](const auto& e) -> std::string {
        if constexpr (requires { name_of(e.package); })
          return name_of(e.package);
        else if constexpr (requires { name_of(*e.package); })
          return e.package ? name_of(*e.package) : "";
        else
          return "";
      },
      event);
}

std::string version_of(const tlog::Event& event) {
  return std::visit(
      [](const auto& e) -> std::string {
        if constexpr (requires { std::string(e.version); })
          return "@" + e.version;
        else if constexpr (requires { std::string(*e.version); })
          return e.version ? "@" + *e.version : "";
        else
          return "";
      },
      event);
}

std::uint64_t fingerprint(const tlog::PublishEvent& event) {
  const auto digest = sha256(event.package.format + "/" + event.package.name + "@" + event.version);
  return load_big_endian<std::uint64_t>(digest.bytes.data());
}

std::string workload_of(const std::string& provider, const std::string& subject) {
  return provider + ":" + subject;
}

std::string sentence(const tlog::Leaf& leaf) {
  return leaf.by.account.value + ": " + std::string(tlog::kind_of(leaf.event)) + " " +
         package_of(leaf.event) + version_of(leaf.event) + ".";
}

}  // namespace

bool matches(std::string_view pattern, std::string_view name) {
  if (!pattern.starts_with('@') && pattern.contains('/') && name.starts_with('@'))
    name.remove_prefix(1);
  // The last star takes one character more each time the rest does not fit.
  std::size_t star = pattern.npos, resume = 0, p = 0, n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != pattern.npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == pattern.npos;
}

void WatchRules::entry(std::uint64_t index, ByteView text, Findings& findings) {
  const auto leaf = tlog::parse_leaf(text);
  if (!leaf) {
    findings.alarms.push_back({"not_a_leaf", index, "", std::string(leaf.error().message())});
    return;
  }
  const std::string package = package_of(leaf->event);
  if (leaf->time < time_)
    findings.alarms.push_back({"time_went_back", index, package,
                               "The entry is of " + std::to_string(leaf->time) +
                                   ", one before it of " + std::to_string(time_) + "."});
  time_ = std::max(time_, leaf->time);
  if (const auto* event = std::get_if<tlog::PublishEvent>(&leaf->event))
    publish(index, *leaf, *event, findings);
  if (const auto* replaced = std::get_if<tlog::ReplaceEvent>(&leaf->event))
    findings.alarms.push_back({"replaced", index, package,
                               package + "@" + replaced->version +
                                   " has other bytes than those it was published with."});
  if (const auto* event = std::get_if<tlog::KeyEvent>(&leaf->event)) key(index, *event, findings);
  keep_owners(*leaf);
  if (!package.empty() && is_watched(package, leaf->by))
    findings.alarms.push_back({"watched", index, package, sentence(*leaf)});
}

void WatchRules::publish(std::uint64_t index, const tlog::Leaf& leaf,
                         const tlog::PublishEvent& event, Findings& findings) {
  const std::string package = name_of(event.package);
  if (!releases_.insert(fingerprint(event)).second)
    findings.alarms.push_back({"published_twice", index, package,
                               package + "@" + event.version + " was published before."});
  auto& owners = owners_[package];
  // Who publishes first founds the package; the entry that says so follows.
  if (owners.accounts.empty() && owners.publishers.empty() && !owners.elsewhere)
    owners.accounts.insert(leaf.by.account.value);
  if (!may_publish(owners, leaf.by))
    findings.alarms.push_back({"published_by_no_owner", index, package,
                               leaf.by.account.value + " published " + package + "@" +
                                   event.version + " and is not known to be an owner."});
  const bool watched = std::ranges::any_of(
      watched_.packages, [&](const auto& pattern) { return matches(pattern, package); });
  if (watched) findings.releases.push_back({index, event});
}

// The first key of each use is the one that everybody knows it by.
void WatchRules::key(std::uint64_t index, const tlog::KeyEvent& event, Findings& findings) {
  if (keyed_.insert(event.use.value).second) return;
  findings.alarms.push_back({"key_changed", index, "",
                             event.id + (event.expires ? " signs no more" : " is a new key") +
                                 " of " + event.use.value +
                                 ". The registry's operator can say whether that was meant."});
}

void WatchRules::keep_owners(const tlog::Leaf& leaf) {
  if (const auto* event = std::get_if<tlog::OwnerEvent>(&leaf.event)) {
    auto& accounts = owners_[name_of(event->package)].accounts;
    const bool may = event->change == tlog::Change::add && event->role.value != "reader";
    if (may)
      accounts.insert(event->account.value);
    else
      accounts.erase(event->account.value);
  } else if (const auto* trusted = std::get_if<tlog::PublisherEvent>(&leaf.event)) {
    auto& publishers = owners_[name_of(trusted->package)].publishers;
    const auto workload = workload_of(trusted->publisher.provider, trusted->publisher.subject);
    if (trusted->change == tlog::Change::add)
      publishers.insert(workload);
    else
      publishers.erase(workload);
  } else if (const auto* policy = std::get_if<tlog::PolicyEvent>(&leaf.event)) {
    if (policy->package && policy->setting.value == "visibility")
      owners_[name_of(*policy->package)].elsewhere = true;
  }
}

bool WatchRules::may_publish(const Owners& owners, const tlog::Author& by) const {
  using Kind = tlog::Credential::Kind;
  if (owners.elsewhere || owners.accounts.contains(by.account.value)) return true;
  return by.credential.kind == Kind::oidc &&
         owners.publishers.contains(workload_of(by.credential.provider, by.credential.id));
}

bool WatchRules::is_watched(const std::string& package, const tlog::Author& by) const {
  if (watched_.accounts.contains(by.account.value)) return false;
  return std::ranges::any_of(watched_.packages,
                             [&](const auto& pattern) { return matches(pattern, package); });
}

}  // namespace kontor::logclient
