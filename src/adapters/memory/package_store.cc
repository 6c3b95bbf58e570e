// Queries by key, download counts and the audit trail of the in-memory store.
#include "adapters/memory/package_store.h"

#include "adapters/memory/log_store.h"

#include <algorithm>

namespace kontor::memory {

bool visible_to(const PackageRow& row, const Viewer& viewer) {
  if (row.visibility == Visibility::open || viewer.sees_all) return true;
  return viewer.user && row.find_owner(*viewer.user);
}

std::vector<Owner> owners_of(const Database& database, const PackageRow& row) {
  std::vector<Owner> owners;
  for (const auto& [id, role] : row.owners) {
    const User& user = database.users.find(id)->second;
    owners.push_back({id, user.name, user.email, role});
  }
  return owners;
}

const PackageRow* PackageStore::find_row(const PackageKey& key) const {
  const auto it = database_.packages.find(key);
  return it == database_.packages.end() ? nullptr : &it->second;
}

const PackageRow* PackageStore::find_row(PackageId id) const {
  const auto it = database_.package_keys.find(id);
  return it == database_.package_keys.end() ? nullptr : find_row(it->second);
}

Task<AppliedChange> PackageStore::apply(PackageChange change) {
  ++database_.changes;
  co_return apply_change(database_, change);
}

Task<std::optional<PackageRecord>> PackageStore::find(PackageKey key) {
  const PackageRow* row = find_row(key);
  if (!row) co_return std::nullopt;
  PackageRecord record{row->id,
                       row->key,
                       row->visibility,
                       row->revision,
                       row->policy_revision,
                       row->created,
                       row->modified,
                       row->unpublished,
                       owners_of(database_, *row),
                       row->tags,
                       {},
                       row->rewritten,
                       !row->findings.empty()};
  for (const UserId star : row->stars)
    record.stars.push_back(database_.users.find(star)->second.name);
  std::ranges::sort(record.stars);
  co_return record;
}

Task<std::optional<std::string>> PackageStore::find_collision(FormatId format,
                                                              std::string collision_key) {
  for (const auto& [key, row] : database_.packages)
    if (key.format == format && !collision_key.empty() && row.collision_key == collision_key)
      co_return key.name;
  co_return std::nullopt;
}

Task<std::vector<VersionFragment>> PackageStore::fragments(PackageId id, FragmentKind kind) {
  std::vector<VersionFragment> fragments;
  if (const PackageRow* row = find_row(id))
    for (const auto& version : row->versions)
      if (!version->quarantined)
        fragments.push_back(
            {version->version,
             kind == FragmentKind::manifest ? version->manifest : version->abbreviated,
             version->published, version->logged, version->standing});
  co_return fragments;
}

Task<FragmentPage> PackageStore::fragment_page(PackageId id, FragmentKind kind, std::uint64_t after,
                                               FragmentLimits limits) {
  auto all = co_await fragments(id, kind);
  FragmentPage page;
  std::uint64_t bytes = 0;
  for (page.next = after; page.next < all.size() && !page.full; ++page.next) {
    bytes += all[page.next].fragment.size();
    page.fragments.push_back(std::move(all[page.next]));
    page.full = bytes >= limits.bytes || page.fragments.size() >= limits.count;
  }
  co_return page;
}

Task<std::optional<VersionRecord>> PackageStore::find_version(PackageId id, std::string version) {
  const PackageRow* row = find_row(id);
  const auto* found = row ? row->find_version(version) : nullptr;
  if (!found) co_return std::nullopt;
  co_return std::optional(**found);
}

Task<std::optional<ArchiveRecord>> PackageStore::find_archive(PackageId id, std::string file_name) {
  if (const PackageRow* row = find_row(id))
    for (const auto& version : row->versions)
      if (version->file_name == file_name)
        co_return ArchiveRecord{version->version, version->archive, version->published,
                                version->quarantined, version->standing};
  co_return std::nullopt;
}

Task<std::optional<PackageFile>> PackageStore::find_file(PackageKey key, std::string file_name) {
  auto package = co_await find(key);
  if (!package) co_return std::nullopt;
  auto archive = co_await find_archive(package->id, std::move(file_name));
  co_return PackageFile{std::move(*package), std::move(archive)};
}

Task<std::vector<VersionState>> PackageStore::versions(PackageId id) {
  std::vector<VersionState> states;
  if (const PackageRow* row = find_row(id))
    for (const auto& version : row->versions)
      states.push_back({version->version, version->quarantined});
  co_return states;
}

Task<Bytes> PackageStore::findings(PackageId id) {
  const PackageRow* row = find_row(id);
  co_return row ? row->findings : Bytes();
}

Task<bool> PackageStore::is_tombstoned(PackageId id, std::string version) {
  const PackageRow* row = find_row(id);
  co_return row && row->tombstones.contains(version);
}

Task<std::optional<Transfer>> PackageStore::find_transfer(PackageId id) {
  const PackageRow* row = find_row(id);
  co_return row ? row->transfer : std::nullopt;
}

Task<std::optional<UserId>> PackageStore::find_scope(FormatId format, std::string scope) {
  const auto claim = database_.scopes.find({format, scope});
  const bool claimed = claim != database_.scopes.end() && database_.users.contains(claim->second);
  co_return claimed ? std::optional(claim->second) : std::nullopt;
}

Task<std::vector<Attestation>> PackageStore::attestations(PackageId id, std::string version) {
  const PackageRow* row = find_row(id);
  if (!row) co_return std::vector<Attestation>();
  const auto it = row->attestations.find(version);
  co_return it == row->attestations.end() ? std::vector<Attestation>() : it->second;
}

Task<std::vector<VersionName>> PackageStore::unsigned_versions(std::uint32_t limit) {
  std::vector<VersionName> names;
  for (const auto& [key, row] : database_.packages)
    for (const auto& version : row.versions)
      if (version->lacks_signature && names.size() < limit)
        names.push_back({key, version->version});
  co_return names;
}

Task<SearchPage> PackageStore::search(SearchQuery query) {
  co_return search_packages(database_, query);
}

Task<std::vector<PackageListing>> PackageStore::list(PackageListQuery query) {
  co_return list_packages(database_, query);
}

Task<std::vector<std::string>> PackageStore::starred_by(std::string user, FormatId format,
                                                        Viewer viewer) {
  std::vector<std::string> names;
  const User* found = database_.find_user(user);
  if (found)
    for (const auto& [key, row] : database_.packages)
      if (key.format == format && row.stars.contains(found->id) && visible_to(row, viewer))
        names.push_back(key.name);
  co_return names;
}

Task<> PackageStore::add_downloads(std::vector<DownloadCount> counts) {
  for (const DownloadCount& count : counts) {
    const auto it = database_.packages.find(count.key);
    if (it == database_.packages.end()) continue;
    it->second.downloads += count.count;
    database_.downloads[{count.key, count.day}][count.version] += count.count;
    if (it->second.visibility == Visibility::open)
      database_.public_downloads[{count.key.format, count.day}] += count.count;
  }
  co_return {};
}

Task<> PackageStore::add_download_records(std::vector<DownloadRecord> records) {
  auto& kept = database_.download_records;
  Timestamp newest;
  for (auto& record : records) {
    newest = std::max(newest, record.at);
    const auto it = database_.packages.find(record.key);
    if (it != database_.packages.end() && it->second.find_version(record.version))
      kept.push_back(std::move(record));
  }
  std::erase_if(kept, [&](const auto& one) { return one.at < newest - kDownloadRecordLife; });
  co_return {};
}

Task<std::vector<DownloadCount>> PackageStore::downloads(PackageKey key, Day first, Day last) {
  std::map<Day, std::uint64_t> days;
  const auto add = [&](Day day, std::uint64_t count) {
    if (first <= day && day <= last) days[day] += count;
  };
  if (key.name.empty()) {
    for (const auto& [place, count] : database_.public_downloads)
      if (place.first == key.format) add(place.second, count);
  } else {
    for (const auto& [place, versions] : database_.downloads)
      for (const auto& [version, count] : versions)
        if (place.first == key) add(place.second, count);
  }
  std::vector<DownloadCount> counts;
  for (const auto& [day, count] : days) counts.push_back({key, {}, day, count});
  co_return counts;
}

Task<std::vector<DownloadCount>> PackageStore::version_downloads(PackageKey key, Day first,
                                                                 Day last) {
  std::map<std::string, std::uint64_t> sums;
  for (const auto& [place, versions] : database_.downloads) {
    const auto& [package, day] = place;
    if (package != key || day < first || last < day) continue;
    for (const auto& [version, count] : versions) sums[version] += count;
  }
  std::vector<DownloadCount> counts;
  for (const auto& [version, count] : sums) counts.push_back({key, version, last, count});
  co_return counts;
}

Task<std::vector<PackageStore::AuditRow>> PackageStore::audit(std::int64_t before,
                                                              std::uint32_t limit) {
  std::vector<AuditRow> rows;
  for (auto it = database_.audit.rbegin(); it != database_.audit.rend(); ++it)
    if ((before <= 0 || it->sequence < before) && rows.size() < limit) rows.push_back(*it);
  co_return rows;
}

Task<std::vector<PackageStore::AuditRow>> PackageStore::audit_after(std::int64_t after,
                                                                    std::uint32_t limit) {
  std::vector<AuditRow> out;
  for (const AuditRow& row : database_.audit)
    if (row.sequence > after && out.size() < limit) out.push_back(row);
  co_return out;
}

Task<> PackageStore::add_audit(Timestamp at, std::vector<AuditEntry> entries) {
  append_audit(database_, at, entries);
  co_return {};
}

Task<> PackageStore::probe() {
  co_return {};
}

}  // namespace kontor::memory
