// Packages one by one, then the blobs that none of them names, then what the store says of itself.
#include "registry/upkeep/fsck.h"

#include "registry/upkeep/log_check.h"
#include "registry/upkeep/package_check.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::uint32_t kBlobPage = 65'536;

class Fsck {
 public:
  Fsck(UpkeepPorts ports, FsckOptions options, FsckObserver& observer)
      : ports_(ports),
        rebuild_(options.rebuild),
        repair_(options.repair || options.rebuild),
        running_(options.running),
        observer_(observer) {}

  Task<FsckSummary> run() {
    for (const Format* format : ports_.formats) co_await check_packages(*format);
    co_await check_blobs();
    if (!running_) co_await check_leftovers();
    co_await check_store();
    co_await check_audit_trail(ports_.packages, ports_.log, [this](auto subject, auto text) {
      report({FaultSort::damage, "audit " + subject, std::move(text),
              "Only a backup can bring it back."});
    });
    co_return summary_;
  }

 private:
  void report(const Fault& fault) {
    if (fault.sort == FaultSort::damage) ++summary_.damaged;
    if (fault.sort == FaultSort::stale) ++(fault.mended ? summary_.mended : summary_.stale);
    observer_.found(fault);
  }

  Task<> check_packages(const Format& format) {
    PackageListQuery query{.format = format.id};
    query.viewer.sees_all = true;
    for (;;) {
      const auto page = co_await ports_.packages.list(query);
      if (page.empty()) co_return {};
      for (const auto& listed : page) {
        co_await check(format, listed, query.after);
        query.after = listed.name;
        observer_.progress("packages", ++summary_.packages);
      }
    }
  }

  // A package whose rows cannot be read does not keep the others from being checked.
  Task<> check(const Format& format, PackageListing listed, std::string after) {
    auto subject = std::string(to_string(format.id)) + ":" + listed.name;
    auto found = co_await whole(
        check_package(ports_, format, std::move(listed), std::move(after), rebuild_));
    if (!found) {
      report({FaultSort::damage, std::move(subject),
              "Its rows cannot be read: " + found.error().cause,
              "Only a backup can bring them back."});
      co_return {};
    }
    summary_.versions += found->versions;
    summary_.bytes += found->bytes;
    const bool mends = repair_ && found->repair;
    if (mends) co_await ports_.packages.apply(std::move(*found->repair));
    for (auto& fault : found->faults) {
      fault.mended = mends && fault.sort == FaultSort::stale;
      report(fault);
    }
    co_return {};
  }

  Task<> check_blobs() {
    std::optional<Sha256> after;
    for (;;) {
      const auto sweep = ports_.blobs.sweep();
      const auto page = co_await sweep->list(after, kBlobPage);
      if (page.empty()) co_return {};
      after = page.back().digest;
      summary_.blobs += page.size();
      std::vector<Sha256> digests;
      for (const auto& blob : page) digests.push_back(blob.digest);
      auto blob = page.begin();
      for (const auto& orphan : co_await ports_.audit.unreferenced(std::move(digests))) {
        while (blob->digest != orphan) ++blob;  // both are in the same order
        ++summary_.orphans;
        summary_.orphan_bytes += blob->size;
        report({FaultSort::leftover, "blob " + orphan.hex(),
                "No version names it (" + std::to_string(blob->size) + " bytes).",
                "kontor gc removes it."});
      }
      observer_.progress("blobs", summary_.blobs);
    }
  }

  Task<> check_leftovers() {
    const auto left = co_await ports_.blobs.leftovers();
    if (left.count == 0) co_return {};
    if (repair_) {
      co_await ports_.blobs.remove_leftovers();
    } else {
      summary_.leftovers = left.count;
      summary_.leftover_bytes = left.bytes;
    }
    report({FaultSort::leftover, "uploads",
            std::to_string(left.count) + " were never finished (" + std::to_string(left.bytes) +
                " bytes).",
            "They go when the server starts.", repair_});
    co_return {};
  }

  Task<> check_store() {
    const auto faults = co_await ports_.audit.check();
    const bool stale = std::ranges::any_of(faults, &StoreFault::derived);
    if (!repair_ || !(stale || rebuild_)) {
      report_store(faults, {});
      co_return {};
    }
    co_await ports_.audit.rebuild_derived();
    report_store(co_await ports_.audit.check(), faults);
    co_return {};
  }

  // What is left, then what was there before and is not now.
  void report_store(const std::vector<StoreFault>& now, const std::vector<StoreFault>& before) {
    for (const auto& fault : now)
      report({fault.derived ? FaultSort::stale : FaultSort::damage, "store", fault.text,
              fault.derived ? "kontor fsck --repair makes it anew."
                            : "Only a backup can bring it back."});
    for (const auto& fault : before)
      if (std::ranges::find(now, fault.text, &StoreFault::text) == now.end())
        report({FaultSort::stale, "store", fault.text, "It was made anew.", true});
  }

  UpkeepPorts ports_;
  const bool rebuild_, repair_, running_;
  FsckObserver& observer_;
  FsckSummary summary_;
};

}  // namespace

Task<FsckSummary> fsck(UpkeepPorts ports, FsckOptions options, FsckObserver& observer) {
  Fsck check(ports, options, observer);
  co_return co_await check.run();
}

}  // namespace kontor
