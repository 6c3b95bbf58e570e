// Everything is found by walking the records: tests are small.
#include "adapters/memory/advisory_store.h"

#include "adapters/memory/log_store.h"
#include "adapters/memory/package_store.h"

#include <algorithm>

namespace kontor::memory {
namespace {

constexpr std::size_t kMostRecords = 1000;

bool names(const AdvisoryRecord& record, const AdvisorySubject& subject) {
  return std::ranges::find(record.subjects, subject, &SubjectText::subject) !=
         record.subjects.end();
}

AdvisoryRecord without_subjects(AdvisoryRecord record) {
  record.subjects.clear();
  return record;
}

std::uint64_t number_in(std::string_view id, std::string_view begin) {
  if (!id.starts_with(begin) || id.size() == begin.size() || id.size() > begin.size() + 15)
    return 0;
  std::uint64_t number = 0;
  for (const char c : id.substr(begin.size())) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

}  // namespace

Result<AdvisoryOutcome> AdvisoryStore::outcome_of(const AdvisoryRecord& record,
                                                  bool replace) const {
  const auto stored = database_.advisories.find(record.id);
  if (stored == database_.advisories.end()) return AdvisoryOutcome::added;
  if (record.is_new) return fail(Code::conflict, "There is an advisory " + record.id + " already.");
  if (stored->second.digest == record.digest) return AdvisoryOutcome::unchanged;
  if (!replace && stored->second.modified > record.modified) return AdvisoryOutcome::outdated;
  return AdvisoryOutcome::changed;
}

void AdvisoryStore::touch_subjects(const AdvisoryRecord& record) {
  for (const SubjectText& text : record.subjects) {
    ++database_.advisory_marks[text.subject];
    if (!text.format) continue;
    const PackageKey key{*text.format, text.subject.name};
    if (database_.packages.contains(key)) database_.waiting_scans.insert(key);
  }
}

Task<std::vector<AdvisoryOutcome>> AdvisoryStore::put(AdvisoryBatch batch) {
  if (batch.records.size() > kMostRecords) co_return fail(Code::too_large);
  std::vector<AdvisoryOutcome> outcomes;
  std::vector<LogEvent> events;
  for (const AdvisoryRecord& record : batch.records) {
    outcomes.push_back(co_await outcome_of(record, batch.replace));
    if (outcomes.back() <= AdvisoryOutcome::changed)
      events.push_back({LogId::open, tlog::AdvisoryEvent{record.id, record.digest}, batch.by, {}});
  }
  auto leaves = co_await make_leaves(database_, batch.at, nullptr, events);
  append_leaves(database_, std::move(leaves));
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    if (outcomes[i] > AdvisoryOutcome::changed) continue;
    AdvisoryRecord& record = batch.records[i];
    std::ranges::sort(record.aliases);
    if (const auto old = database_.advisories.find(record.id); old != database_.advisories.end())
      touch_subjects(old->second);
    touch_subjects(record);
    database_.advisories.insert_or_assign(record.id, std::move(record));
  }
  if (!events.empty()) append_audit(database_, batch.at, batch.audit);
  co_return outcomes;
}

Task<std::optional<AdvisoryRecord>> AdvisoryStore::find(std::string id) {
  if (const auto found = database_.advisories.find(id); found != database_.advisories.end())
    co_return without_subjects(found->second);
  for (const auto& [own_id, record] : database_.advisories)
    if (std::ranges::find(record.aliases, id) != record.aliases.end())
      co_return without_subjects(record);
  co_return std::nullopt;
}

Task<AdvisoriesAbout> AdvisoryStore::about(AdvisorySubject subject) {
  AdvisoriesAbout about;
  const auto mark = database_.advisory_marks.find(subject);
  if (mark == database_.advisory_marks.end()) co_return about;
  about.mark = mark->second;
  for (const auto& [id, record] : database_.advisories)
    for (const SubjectText& text : record.subjects)
      if (text.subject == subject) about.texts.push_back(text.text);
  co_return about;
}

Task<std::map<std::string, std::vector<Bytes>>> AdvisoryStore::about_each(
    std::string ecosystem, std::vector<std::string> names) {
  std::map<std::string, std::vector<Bytes>> texts;
  for (auto& name : names) {
    auto about = co_await this->about({ecosystem, name});
    if (!about.texts.empty()) texts.emplace(std::move(name), std::move(about.texts));
  }
  co_return texts;
}

Task<std::vector<AdvisoryRecord>> AdvisoryStore::list(AdvisoryQuery query) {
  std::vector<AdvisoryRecord> records;
  const auto limit = std::min<std::size_t>(query.limit, kMostRecords);
  for (const auto& [id, record] : database_.advisories) {
    const bool fits = id > query.after && (!query.since || record.modified >= *query.since) &&
                      (!query.subject || names(record, *query.subject));
    if (fits && records.size() < limit) records.push_back(without_subjects(record));
  }
  co_return records;
}

Task<std::uint64_t> AdvisoryStore::last_number(std::string prefix, std::uint32_t year) {
  std::uint64_t last = 0;
  const auto begin = prefix + "-" + std::to_string(year) + "-";
  for (const auto& [id, record] : database_.advisories) last = std::max(last, number_in(id, begin));
  co_return last;
}

Task<std::vector<PackageKey>> AdvisoryStore::waiting(std::uint32_t limit) {
  std::vector<PackageKey> keys;
  for (const PackageKey& key : database_.waiting_scans)
    if (keys.size() < limit) keys.push_back(key);
  co_return keys;
}

Task<> AdvisoryStore::scanned(PackageKey key, AdvisorySubject subject, std::uint64_t mark) {
  const auto now = database_.advisory_marks.find(subject);
  if ((now == database_.advisory_marks.end() ? 0 : now->second) == mark)
    database_.waiting_scans.erase(key);
  co_return {};
}

Task<bool> AdvisoryStore::apply_rules(std::string rules) {
  if (database_.advisory_rules == rules) co_return false;
  database_.advisory_rules = std::move(rules);
  for (const auto& [id, record] : database_.advisories)
    for (const SubjectText& text : record.subjects)
      if (text.format && database_.packages.contains({*text.format, text.subject.name}))
        database_.waiting_scans.insert({*text.format, text.subject.name});
  co_return true;
}

}  // namespace kontor::memory
