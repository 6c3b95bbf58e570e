// One version at a time: courses are few and large.
#include "apps/upkeep/course_importer.h"

#include "apps/server/run_blocking.h"
#include "apps/upkeep/file_reader.h"
#include "formats/progy/artifact_import.h"
#include "formats/progy/names.h"

#include <map>

namespace kontor::upkeep {
namespace {

constexpr std::size_t kDownloadsAtOnce = 1000;

// The bucket's key, unless it leads out of the folder.
Result<std::string> path_of(const std::string& folder, const std::string& key) {
  if (key.starts_with('/') || key.contains("..") || key.contains('\0'))
    return fail(Code::bad_request, "The storage key " + key.substr(0, 80) + " is no path.");
  return folder + "/" + key;
}

Task<Actor> author_of(Registry* registry, std::string scope, Actor owner) {
  const auto user = co_await registry->accounts.find_user(scope);
  if (!user) co_return owner;
  Actor out = owner;
  out.principal.user = user->id;
  out.principal.name = user->name;
  out.principal.is_admin = user->is_admin;
  co_return out;
}

Result<progy::Metadata> metadata_of(const ExportedVersion& version) {
  auto name = progy::parse_name(version.name);
  if (!name) return fail(name);
  auto number = progy::parse_course_version(version.version);
  if (!number) return fail(number);
  return progy::Metadata{std::move(*name), std::move(*number), version.description,
                         version.changelog, !version.is_public};
}

Task<Published> publish_exported(Registry* registry, Actor owner, std::string path,
                                 ExportedVersion version) {
  auto metadata = co_await metadata_of(version);
  auto file = co_await fs::open_for_reading(path);
  auto staged =
      co_await progy::stage_artifact(*registry, std::make_unique<FileReader>(std::move(file)));
  if (Sha256::from_hex(version.checksum) && version.checksum != staged.digests.sha256.hex())
    co_return fail(Code::checksum_mismatch, "The artifact has the checksum " +
                                                staged.digests.sha256.hex() +
                                                ", the table says " + version.checksum + ".");
  auto author = co_await author_of(registry, metadata.name.scope, std::move(owner));
  co_return co_await progy::publish_staged(*registry, std::move(author), std::move(staged),
                                           std::move(metadata), version.created);
}

Task<> store_downloads(Registry* registry, std::vector<ExportedDownload> downloads) {
  std::map<std::tuple<std::string, std::string, Day>, std::uint64_t> counts;
  std::vector<DownloadRecord> records;
  const auto oldest = registry->clock.now() - kDownloadRecordLife;
  for (auto& one : downloads) {
    ++counts[{one.name, one.version, day_of(one.at)}];
    if (one.at >= oldest)
      records.push_back({{FormatId::progy, one.name}, one.version, {}, one.address, one.at});
  }
  std::vector<DownloadCount> days;
  for (const auto& [what, count] : counts) {
    const auto& [name, version, day] = what;
    days.push_back({{FormatId::progy, name}, version, day, count});
  }
  co_await registry->packages.add_downloads(std::move(days));
  co_await registry->packages.add_download_records(std::move(records));
  co_return {};
}

}  // namespace

Result<Published> CourseImporter::take(const ExportedVersion& version) {
  auto path = path_of(artifacts_, version.storage_key);
  if (!path) return fail(path);
  return run_blocking<Published>(importer_.loop(), [&] {
    return publish_exported(&importer_.registry(), importer_.owner(), *path, version);
  });
}

Result<void> CourseImporter::take(const std::vector<ExportedDownload>& downloads) {
  for (std::size_t at = 0; at < downloads.size(); at += kDownloadsAtOnce) {
    const auto begin = downloads.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = std::min(kDownloadsAtOnce, downloads.size() - at);
    const std::vector some(begin, begin + static_cast<std::ptrdiff_t>(count));
    auto done = run_blocking<void>(
        importer_.loop(), [&] { return store_downloads(&importer_.registry(), some); });
    if (!done) return done;
  }
  return {};
}

}  // namespace kontor::upkeep
