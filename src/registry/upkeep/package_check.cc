// Nothing is locked: what was found while the package changed is thrown away and looked for again.
#include "registry/upkeep/package_check.h"

#include "registry/upkeep/log_check.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr int kRounds = 5;  // of a package that changes while it is looked at

constexpr const char* kRestore = "Only a backup can bring it back.";
constexpr const char* kAnew = "It can be made anew from the manifest.";

class PackageCheck {
 public:
  PackageCheck(UpkeepPorts ports, const Format& format, PackageListing listed, std::string after,
               bool rebuild)
      : ports_(ports),
        format_(format),
        key_{format.id, listed.name},
        document_(std::move(listed.document)),
        after_(std::move(after)),
        rebuild_(rebuild) {}

  Task<PackageFindings> run() {
    for (int round = 1;; ++round) {
      found_ = {};
      ops_.clear();
      const auto before = co_await ports_.packages.find(key_);
      if (!before) co_return std::move(found_);
      co_await look_at(*before);
      const auto now = co_await ports_.packages.find(key_);
      const bool same = now && now->revision == before->revision;
      if (same || found_.faults.empty() || round == kRounds) {
        if (!ops_.empty()) found_.repair = repair_of(*before);
        co_return std::move(found_);
      }
      document_ = co_await listed_document();
    }
  }

 private:
  std::string subject() const { return std::string(to_string(key_.format)) + ":" + key_.name; }
  void add(FaultSort sort, const std::string& version, std::string text, const char* remedy) {
    found_.faults.push_back(
        {sort, subject() + (version.empty() ? "" : "@" + version), std::move(text), remedy});
  }

  Task<> look_at(PackageRecord record) {
    std::vector<std::string> versions;
    bool any_served = false;
    for (auto& state : co_await ports_.packages.versions(record.id)) {
      any_served = any_served || !state.quarantined;
      versions.push_back(std::move(state.version));
    }
    for (const auto& version : versions) co_await look_at_version(record.id, version);
    for (const auto& [tag, version] : record.tags)
      if (std::ranges::find(versions, version) == versions.end())
        add(FaultSort::damage, {}, "The tag " + tag + " names " + version + ", which is not there.",
            "Point the tag at another version.");
    const auto latest = record.tags.find("latest");
    if (latest != record.tags.end())
      co_await look_at_entry(record.id, latest->second);
    else if (any_served)
      add(FaultSort::damage, {}, "There are versions and no tag latest.",
          "Point the tag latest at a version.");
    co_return {};
  }

  Task<> look_at_version(PackageId id, std::string number) {
    const auto version = co_await ports_.packages.find_version(id, number);
    if (!version) co_return {};  // it was removed meanwhile, or the store's own check names it
    ++found_.versions;
    if (version->standing != Standing::erased) co_await look_at_archive(*version);
    if (auto text = format_.contradiction_in(key_.name, *version); !text.empty())
      add(FaultSort::damage, number, std::move(text), kRestore);
    if (auto text = co_await contradiction_with_leaf(ports_.log, key_, *version); !text.empty())
      add(FaultSort::damage, number, std::move(text), kRestore);
    auto abbreviated = format_.abbreviated_of(key_.name, version->manifest);
    if (abbreviated.empty()) co_return {};
    const bool stale = abbreviated != version->abbreviated;
    if (stale)
      add(FaultSort::stale, number, "The abbreviated manifest is not that of the manifest.", kAnew);
    if (stale || rebuild_)
      ops_.push_back(
          UpdateVersion{number, version->manifest, std::move(abbreviated), version->deprecated});
    co_return {};
  }

  Task<> look_at_archive(VersionRecord version) {
    const auto now = co_await whole(ports_.blobs.rehash(version.archive.sha256));
    if (now) found_.bytes += now->size;
    if (now && *now == version.archive) co_return {};
    const auto blob = " (blob " + version.archive.sha256.hex() + ").";
    std::string text;
    if (!now && now.error().code == Code::not_found)
      text = "The archive is missing" + blob;
    else if (!now)
      text = "The archive cannot be read: " + now.error().cause + blob;
    else if (now->sha256 == version.archive.sha256)
      text = "The archive's other digests are not those of its row" + blob;
    else
      text = "The archive's bytes have changed" + blob;
    add(FaultSort::damage, version.version, std::move(text), kRestore);
    co_return {};
  }

  Task<> look_at_entry(PackageId id, std::string latest) {
    const auto version = co_await ports_.packages.find_version(id, latest);
    if (!version) co_return {};
    auto entry = format_.search_entry(*version);
    bool stale = entry.document != document_;
    if (stale) stale = entry.document != co_await listed_document();
    if (stale)
      add(FaultSort::stale, {}, "The search entry is not that of the version tagged latest.",
          kAnew);
    if (stale || rebuild_) ops_.push_back(PutSearchEntry{std::move(entry)});
    co_return {};
  }

  Task<std::string> listed_document() {
    PackageListQuery query{.format = key_.format, .after = after_};
    query.viewer.sees_all = true;
    for (auto& listing : co_await ports_.packages.list(query))
      if (listing.name == key_.name) co_return std::move(listing.document);
    co_return std::string();
  }

  PackageChange repair_of(const PackageRecord& record) {
    PackageChange change{
        .key = key_, .at = ports_.clock.now(), .if_revision = record.revision, .ops = ops_};
    change.audit.push_back({.actor = "fsck", .action = "repair", .target = subject()});
    return change;
  }

  UpkeepPorts ports_;
  const Format& format_;
  const PackageKey key_;
  std::string document_;
  const std::string after_;
  const bool rebuild_;
  PackageFindings found_;
  std::vector<PackageOp> ops_;
};

}  // namespace

Task<PackageFindings> check_package(UpkeepPorts ports, const Format& format, PackageListing listed,
                                    std::string after, bool rebuild) {
  PackageCheck check(ports, format, std::move(listed), std::move(after), rebuild);
  co_return co_await check.run();
}

}  // namespace kontor
