// POST /registry/publish. Rows PRG-01, PRG-02, PRG-03, RL-03, D-10.
#include "formats/progy/contents.h"
#include "formats/progy/handler_support.h"
#include "formats/progy/handlers.h"
#include "formats/progy/limits.h"
#include "formats/progy/metadata.h"
#include "formats/progy/storage_names.h"
#include "formats/progy/upload.h"
#include "registry/replace.h"

namespace kontor::progy {
namespace {

// A name that belongs to somebody else is refused alike whether there is a course or not.
Task<> admit(Service& service, const http::Call& call, PublishTarget target) {
  const auto admitted =
      co_await whole(admit_publish(service.registry, kProgy, actor_of(call), std::move(target)));
  if (admitted) co_return {};
  if (admitted.error().code == Code::not_found) co_return fail(Code::forbidden);
  co_return std::unexpected(admitted.error());
}

// Of an administrator, where the registry allows it at all.
Result<void> check_force(const Registry& registry, const Principal& who, bool force) {
  if (!force) return {};
  if (!who.is_admin)
    return fail(Code::forbidden, "Only administrators may replace a published version.");
  if (!registry.settings->courses.admins_may_replace)
    return fail(Code::forbidden,
                "This registry replaces no published versions (progy.allowForce is off).");
  return {};
}

enum class Number : std::uint8_t { free, taken, spent };  // of a version; spent: was unpublished

Task<Number> look_at_number(Registry& registry, PackageKey key, std::string version) {
  const auto package = co_await registry.packages.find(std::move(key));
  if (!package) co_return Number::free;
  if (co_await registry.packages.find_version(package->id, version)) co_return Number::taken;
  const bool spent = co_await registry.packages.is_tombstoned(package->id, version);
  co_return spent ? Number::spent : Number::free;
}

// Said before the allowance is touched. A repetition of one's own publish is refused too.
Result<void> refuse_existing(Number number, const std::string& version, bool force) {
  if (number == Number::free || (number == Number::taken && force)) return {};
  return fail(Code::version_exists, "Version " + version +
                                        " already exists. Please increment version in "
                                        "course.json");
}

// One sentence for each program; an error where the registry takes none.
Result<std::vector<std::string>> judge_programs(const ArchiveReport& report,
                                                CourseSettings::Programs rule) {
  using enum CourseSettings::Programs;
  std::vector<std::string> warnings;
  if (rule == allow) return warnings;
  for (const auto& program : report.programs) {
    auto sentence = program.path + " is a program (" + program.kind + ")";
    if (rule == reject)
      return fail(Code::invalid_archive,
                  sentence + "; this registry takes courses without programs only.");
    warnings.push_back(std::move(sentence));
  }
  return warnings;
}

// Null where the registry keeps no log of it.
Task<Json> log_object(Service& service, const http::Call& call, std::optional<LogPlace> place) {
  if (!place) co_return Json(nullptr);
  Receipt receipt{*place, std::nullopt};
  if (service.receipts)
    receipt = co_await receipt_for(*service.receipts, receipt.place, wanted_wait(call.request));
  Json out = {{"log", to_string(receipt.place.log)}, {"index", receipt.place.index}};
  if (receipt.proof) out["proof"] = std::move(*receipt.proof);
  co_return out;
}

}  // namespace

Task<http::Response> publish_version(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  co_await check_publish(registry, call.principal);
  auto upload = co_await receive_upload(service, call);
  const auto metadata = co_await read_metadata(upload.metadata);
  const PackageKey key{FormatId::progy, metadata.name.full()};
  co_await admit(service, call, {key, metadata.name.scope, {}});
  co_await check_force(registry, call.principal, metadata.force);
  const auto course = co_await read_contents(upload.report);
  co_await check_agrees(course, metadata.name, metadata.version);
  auto warnings = co_await judge_programs(upload.report, registry.settings->courses.programs);
  const auto number = co_await look_at_number(registry, key, metadata.version);
  co_await refuse_existing(number, metadata.version, metadata.force);
  co_await take_publish(registry, call.principal);
  auto publication = make_publication(metadata, course, upload.report, upload.digests);
  publication.version.readme = readme_of(upload.report);
  const auto store = number == Number::taken ? replace_version : publish;
  const auto published = co_await store(registry, kProgy, actor_of(call), std::move(publication),
                                        std::move(upload.artifact));
  co_await name_artifact(service, {key, metadata.version}, upload.digests.sha256,
                         *call.principal.user);
  warnings.insert(warnings.end(), published.warnings.begin(), published.warnings.end());
  auto log = co_await log_object(service, call, published.logged);
  co_return fresh({{"success", true},
                   {"name", key.name},
                   {"version", metadata.version},
                   {"url", download_url(call, key.name, metadata.version)},
                   {"checksum", upload.digests.sha256.hex()},
                   {"sizeBytes", upload.digests.size},
                   {"log", std::move(log)},
                   {"warnings", warnings}});
}

}  // namespace kontor::progy
