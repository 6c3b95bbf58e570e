// The checkpoint is read before the rows, of which there may be more.
#include "apps/cli/log/stored_audit.h"

#include "adapters/filesystem/blob_layout.h"
#include "apps/cli/log/logged_releases.h"
#include "apps/upkeep/open_store.h"

namespace kontor::cli {
namespace {

// Leaves spell formats as stores do; an unknown one has no rows.
FormatId format_of(std::string_view name) {
  return name == to_string(FormatId::ori)     ? FormatId::ori
         : name == to_string(FormatId::progy) ? FormatId::progy
                                              : FormatId::npm;
}

constexpr std::uint32_t kRowsAtOnce = 1024;

// Compares each entry with its row.
class RowComparer final : public LoggedReleases {
 public:
  RowComparer(upkeep::OpenStore& store, LogId log) : store_(store), log_(log) {}

  Result<void> entry(std::uint64_t index, ByteView text) override {
    if (index >= first_ + rows_.size()) {
      auto rows = store_.run<std::vector<Bytes>>([this, index](const UpkeepPorts&) {
        return store_.log().entries(log_, index, kRowsAtOnce);
      });
      if (!rows) return fail(rows);
      if (rows->empty())
        return fail(Code::invalid_proof,
                    "The database has no row for entry " + std::to_string(index) + " of the log.");
      first_ = index;
      rows_ = *std::move(rows);
    }
    const Bytes& row = rows_[index - first_];
    if (row != text)
      return fail(Code::invalid_proof, "Entry " + std::to_string(index) + " has the hash " +
                                           tlog::leaf_hash(text).base64() + ", but its row " +
                                           tlog::leaf_hash(row).base64() + ".");
    return LoggedReleases::entry(index, text);
  }

 private:
  upkeep::OpenStore& store_;
  LogId log_;
  std::uint64_t first_ = 0;
  std::vector<Bytes> rows_;
};

Task<std::optional<BlobDigests>> find_row(PackageStore& packages, PackageKey key,
                                          std::string version) {
  const auto package = co_await packages.find(key);
  if (!package) co_return std::nullopt;
  const auto row = co_await packages.find_version(package->id, std::move(version));
  if (!row) co_return std::nullopt;
  co_return row->archive;
}

Result<void> check_release(upkeep::OpenStore& store, const std::string& data_dir,
                           const logclient::Release& release, const tlog::Archive& logged) {
  const PackageKey key{format_of(release.package.format), release.package.name};
  const auto row = store.run<std::optional<BlobDigests>>(
      [&](UpkeepPorts ports) { return find_row(ports.packages, key, release.version); });
  if (!row) return std::unexpected(row.error());
  if (!*row)
    return fail(Code::checksum_mismatch, release.text() + " is in the log, but has no row.");
  const BlobDigests& stored = **row;
  const logclient::ArchiveDigests digests{stored.size, stored.sha1, stored.sha256, stored.sha512};
  if (auto same = logclient::check_bytes(logged, digests, "The row of " + release.text()); !same)
    return same;
  const auto blob = hash_file(fs::locate({data_dir + "/blobs"}, logged.sha256));
  if (!blob)
    return fail(Code::checksum_mismatch, release.text() + " is in the log, but its blob " +
                                             logged.sha256.hex() + " cannot be read.");
  return logclient::check_bytes(logged, *blob, "The blob of " + release.text());
}

}  // namespace

Result<FullAudit> audit_stored_log(const std::string& data_dir, const std::string& log,
                                   const tlog::Policy& policy) {
  const auto id = parse_log(log);
  if (!id) return fail(Code::bad_request, "There is no log of that name.");
  auto store = upkeep::OpenStore::open(data_dir);
  if (!store) return fail(store);
  FolderLog source(data_dir + "/log/" + log);
  const host::SodiumEd25519 ed25519;
  const auto view = logclient::LogView::open(source, policy, ed25519, "");
  if (!view) return std::unexpected(view.error());
  RowComparer entries(**store, *id);
  FullAudit audit;
  const auto read = logclient::LogReader(source, entries).read_to(view->head());
  if (!read) return std::unexpected(read.error());
  audit.read = *read;
  for (const auto& [name, package] : entries.packages()) {
    ++audit.packages;
    for (const auto& [version, logged] : package.releases) {
      ++(logged.withdrawn ? audit.withdrawn : audit.releases);
      if (logged.withdrawn) continue;
      const logclient::Release release{{"npm", name}, version};
      auto same = check_release(**store, data_dir, release, logged.archive);
      if (!same) return fail(same);
    }
  }
  return audit;
}

}  // namespace kontor::cli
