// Documents become records one by one; the store takes them together.
#include "registry/advisories/import.h"

#include "base/sha256.h"
#include "domain/advisory/cve.h"
#include "registry/advisories/scan.h"
#include "registry/log/log_notes.h"
#include "registry/retry.h"

#include <map>
#include <memory>

namespace kontor {
namespace {

constexpr std::size_t kNumberWidth = 4;

std::uint32_t year_of(Timestamp time) {
  return static_cast<std::uint32_t>(std::stoul(rfc3339(time).substr(0, 4)));
}

// Gives numbers to records that have none.
class Numbers {
 public:
  Numbers(AdvisoryStore& store, std::string prefix, std::uint32_t year)
      : store_(store), prefix_(std::move(prefix)), year_(year) {}

  Task<std::string> next() {
    if (last_ == 0) last_ = co_await store_.last_number(prefix_, year_);
    auto digits = std::to_string(++last_);
    if (digits.size() < kNumberWidth) digits.insert(0, kNumberWidth - digits.size(), '0');
    co_return prefix_ + "-" + std::to_string(year_) + "-" + digits;
  }

 private:
  AdvisoryStore& store_;
  std::string prefix_;
  std::uint32_t year_;
  std::uint64_t last_ = 0;
};

// A record in the making; `numbered`: its id was made here.
struct Draft {
  Json document;
  bool numbered = false;
};

Task<Draft> complete(Json document, Numbers& numbers, Timestamp now) {
  Draft draft{std::move(document)};
  if (!draft.document.is_object()) co_return draft;
  draft.numbered = !draft.document.contains("id");
  if (draft.numbered) draft.document["id"] = co_await numbers.next();
  const std::pair<const char*, std::string> defaults[] = {
      {"schema_version", "1.7.0"}, {"published", rfc3339(now)}, {"modified", rfc3339(now)}};
  for (const auto& [name, value] : defaults)
    if (!draft.document.contains(name)) draft.document[name] = value;
  co_return draft;
}

// Versions of ecosystems that are served here must be fit to be compared.
Result<void> check_versions(std::span<const Format* const> formats, const Advisory& advisory) {
  for (std::size_t i = 0; i < advisory.affected.size(); ++i) {
    const Affected& entry = advisory.affected[i];
    const Format* format = format_of(formats, entry.ecosystem);
    if (!format || !format->order) continue;
    if (auto wrong = unordered_version({&entry, 1}, format->order))
      return fail(Code::bad_request, "affected[" + std::to_string(i) + "]." + *wrong +
                                         ": must name a version of " + entry.ecosystem + ".");
  }
  return {};
}

Result<AdvisoryRecord> record_of(std::span<const Format* const> formats, const Advisory& advisory) {
  if (auto fine = check_versions(formats, advisory); !fine) return fail(fine);
  AdvisoryRecord record{.id = advisory.head.id,
                        .modified = advisory.modified,
                        .withdrawn = advisory.withdrawn,
                        .aliases = advisory.head.aliases,
                        .document = canonical_osv(advisory)};
  record.digest = sha256(record.document);
  for (const PackageAdvisory& about : by_package(advisory)) {
    const Affected& entry = about.affected[0];
    const Format* format = format_of(formats, entry.ecosystem);
    record.subjects.push_back({{entry.ecosystem, entry.name},
                               format ? std::optional(format->id) : std::nullopt,
                               print_package_advisory(about)});
  }
  return record;
}

AdvisoryBatch batch_of(const AdvisoryPorts& ports, const Actor& actor, std::string action,
                       std::vector<AdvisoryRecord> records, bool replace) {
  AdvisoryBatch batch{.at = ports.clock.now(),
                      .records = std::move(records),
                      .replace = replace,
                      .by = log_author(actor)};
  const auto& first = batch.records.front().id;
  const auto count = batch.records.size();
  batch.audit.push_back({actor.principal.name, actor.principal.token_key, actor.principal.address,
                         std::move(action), first,
                         count > 1 ? "and " + std::to_string(count - 1) + " more" : std::string(),
                         actor.request_id});
  return batch;
}

Task<std::vector<AdvisoryOutcome>> store(AdvisoryPorts ports, AdvisoryBatch batch) {
  auto outcomes = co_await ports.store.put(std::move(batch));
  co_await scan_waiting(ports);
  co_return outcomes;
}

std::string id_in(const Json& document) {
  const auto it = document.is_object() ? document.find("id") : document.end();
  return it != document.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// Records of the CVE programme are taken as well.
Result<Json> osv_form(Json document) {
  if (!is_cve_record(document)) return document;
  return osv_of_cve(std::move(document));
}

// One attempt; conflict where somebody else took an id that was made for it.
Task<std::vector<ImportResult>> try_import(AdvisoryPorts ports, Actor actor,
                                           std::vector<Json> documents, ImportOptions options) {
  const auto now = ports.clock.now();
  Numbers numbers(ports.store, ports.settings.prefix, year_of(now));
  std::vector<ImportResult> results;
  std::vector<AdvisoryRecord> records;
  std::map<std::string, std::size_t> places;  // in results, of those to be stored
  for (auto& document : documents) {
    auto& result = results.emplace_back();
    auto osv = osv_form(std::move(document));
    if (!osv) {
      result.refused = std::move(osv.error());
      continue;
    }
    Draft draft{std::move(*osv)};
    if (options.own) draft = co_await complete(std::move(draft.document), numbers, now);
    result.id = id_in(draft.document);
    auto advisory = parse_osv(std::move(draft.document));
    auto record = advisory ? record_of(ports.formats, *advisory) : fail(advisory);
    if (record && places.contains(record->id))
      record = fail(Code::bad_request, "id: stands twice in one import.");
    if (!record) {
      result.refused = std::move(record.error());
      continue;
    }
    record->is_new = draft.numbered;
    places[record->id] = results.size() - 1;
    records.push_back(std::move(*record));
  }
  if (records.empty()) co_return results;
  std::vector<std::string> ids;
  for (const auto& record : records) ids.push_back(record.id);
  const auto outcomes = co_await store(
      ports, batch_of(ports, actor, "advisory_import", std::move(records), options.own));
  for (std::size_t i = 0; i < ids.size(); ++i) results[places[ids[i]]].outcome = outcomes[i];
  co_return results;
}

}  // namespace

Task<std::vector<ImportResult>> import_advisories(AdvisoryPorts ports, Actor actor,
                                                  std::vector<Json> documents,
                                                  ImportOptions options) {
  if (documents.size() > kMaxImport)
    co_return fail(Code::too_large, "At most 1,000 advisories are taken at once.");
  if (!options.own)
    co_return co_await try_import(ports, std::move(actor), std::move(documents), options);
  const auto kept = std::make_shared<const std::vector<Json>>(std::move(documents));
  co_return co_await retry_on_conflict(
      [ports, actor, kept, options] { return try_import(ports, actor, *kept, options); });
}

Task<Advisory> patch_advisory(AdvisoryPorts ports, Actor actor, std::string id, Json patch) {
  if (!patch.is_object()) co_return fail(Code::invalid_json, "The body must be a JSON object.");
  const auto stored = co_await ports.store.find(id);
  if (!stored) co_return fail(Code::not_found, "There is no advisory " + id + ".");
  if (patch.contains("id") && patch["id"] != Json(stored->id))
    co_return fail(Code::bad_request, "id: cannot be changed.");
  const auto now = rfc3339(ports.clock.now());
  if (patch.contains("withdrawn") && patch["withdrawn"] == Json(true)) patch["withdrawn"] = now;
  if (!patch.contains("modified")) patch["modified"] = now;
  Json document = co_await parse_json(stored->document, osv_json_limits());
  document.merge_patch(patch);
  auto advisory = co_await parse_osv(std::move(document));
  std::vector<AdvisoryRecord> records;
  records.push_back(co_await record_of(ports.formats, advisory));
  const auto* action = advisory.withdrawn ? "advisory_withdraw" : "advisory_change";
  co_await store(ports, batch_of(ports, actor, action, std::move(records), true));
  co_return advisory;
}

}  // namespace kontor
