// Rows and leaves of the audit log are written in one order, so that both are read side by side.
#include "registry/upkeep/log_check.h"

#include "ports/audit_row.h"

namespace kontor {
namespace {

constexpr std::uint32_t kPage = 1024;

template <class Event>
bool tells_of(const Event& event, const PackageKey& key, const VersionRecord& version) {
  const BlobDigests& bytes = version.archive;
  return event.package == tlog::PackageRef{std::string(to_string(key.format)), key.name} &&
         event.version == version.version && event.archive.size == bytes.size &&
         event.archive.sha256 == bytes.sha256 && event.archive.sha512 == bytes.sha512;
}

bool is_its_leaf(const tlog::Leaf& leaf, const PackageKey& key, const VersionRecord& version) {
  if (const auto* replaced = std::get_if<tlog::ReplaceEvent>(&leaf.event))
    return tells_of(*replaced, key, version);
  const auto* published = std::get_if<tlog::PublishEvent>(&leaf.event);
  return published && tells_of(*published, key, version);
}

class TrailChecker {
 public:
  TrailChecker(PackageStore& packages, LogStore& log, AuditFault found)
      : packages_(packages), log_(log), found_(std::move(found)) {}

  Task<AuditTrailCheck> run() {
    const std::uint64_t size = co_await log_.size(LogId::audit);
    std::int64_t after = 0;
    for (;;) {
      const auto rows = co_await packages_.audit_after(after, kPage);
      if (rows.empty()) break;
      for (const auto& row : rows) co_await look_at(row);
      after = rows.back().sequence;
    }
    for (; next_ < size; ++next_) missing();
    co_return out_;
  }

 private:
  void fault(std::string subject, std::string text) {
    ++out_.faults;
    found_(std::move(subject), std::move(text));
  }
  void missing() {
    fault("entry " + std::to_string(next_),
          "The row that this entry of the audit log tells of was removed.");
  }

  Task<> look_at(PackageStore::AuditRow row) {
    ++out_.rows;
    const std::string subject = "row " + std::to_string(row.sequence);
    const std::string what = rfc3339(row.at) + ", " + row.entry.action;
    if (!row.logged && next_ == 0) {
      ++out_.unlogged;
      co_return {};
    }
    if (!row.logged || *row.logged < next_) {
      fault(subject, "It (" + what + ") was added past the audit log.");
      co_return {};
    }
    for (; next_ < *row.logged; ++next_) missing();
    const auto leaf = co_await leaf_at(next_++);
    if (leaf != audit_row_digest(row.salt, row.at, row.entry))
      fault(subject, "It (" + what + ") is not what was logged: it was edited.");
    co_return {};
  }

  // The digest in a leaf; nothing where there is no such leaf.
  Task<std::optional<Sha256>> leaf_at(std::uint64_t index) {
    if (index >= first_ + entries_.size() || index < first_) {
      entries_ = co_await log_.entries(LogId::audit, index, kPage);
      first_ = index;
    }
    if (entries_.empty()) co_return std::nullopt;
    const auto leaf = tlog::parse_audit_leaf(entries_[index - first_]);
    co_return leaf ? std::optional(leaf->row) : std::nullopt;
  }

  PackageStore& packages_;
  LogStore& log_;
  AuditFault found_;
  AuditTrailCheck out_;
  std::uint64_t next_ = 0;   // entry of the audit log that is not seen yet
  std::uint64_t first_ = 0;  // of entries_
  std::vector<Bytes> entries_;
};

}  // namespace

Task<std::string> contradiction_with_leaf(LogStore& log, PackageKey key, VersionRecord version) {
  if (!version.logged) co_return std::string();
  const std::string place = "entry " + std::to_string(version.logged->index) + " of the " +
                            std::string(to_string(version.logged->log)) + " log";
  const auto entries = co_await log.entries(version.logged->log, version.logged->index, 1);
  if (entries.empty()) co_return "There is no " + place + ", which told of its publishing.";
  const auto leaf = tlog::parse_leaf(entries[0]);
  if (leaf && is_its_leaf(*leaf, key, version)) co_return std::string();
  co_return "What " + place + " tells of its publishing is something else.";
}

Task<AuditTrailCheck> check_audit_trail(PackageStore& packages, LogStore& log, AuditFault found) {
  TrailChecker checker(packages, log, std::move(found));
  co_return co_await checker.run();
}

}  // namespace kontor
