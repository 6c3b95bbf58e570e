// POST …/publish. Row ORI-04.
#include "formats/ori/contents.h"
#include "formats/ori/handler_support.h"
#include "formats/ori/handlers.h"
#include "formats/ori/names.h"
#include "formats/ori/records.h"
#include "formats/ori/upload.h"
#include "registry/json_body.h"
#include "registry/log/leaf_facts.h"

namespace kontor::ori {
namespace {

// A name that may not be published is told why, other than one that is looked up.
Result<PublishTarget> target_of(const http::Call& call) {
  auto name = parse_name(call.params["scope"], call.params["name"]);
  if (!name) return fail(name);
  return PublishTarget{{FormatId::ori, name->full()}, name->scope, {}};
}

// What the publisher states beside the archive must be true of it.
Result<void> check_stated(const std::string& metadata, const Manifest& manifest,
                          const BlobDigests& digests) {
  if (metadata.empty()) return {};
  const auto stated = parse_json(metadata, {.max_bytes = 64 * 1024, .max_depth = 16});
  if (!stated || !stated->is_object())
    return fail(Code::invalid_json, "The part `metadata` must be one JSON object.");
  auto version = text_field(*stated, "version");
  if (!version) return fail(version);
  if (*version && **version != to_string(manifest.version))
    return fail(Code::manifest_mismatch, "The metadata states version " +
                                             (**version).substr(0, 80) + ", oripk.toml states " +
                                             to_string(manifest.version) + ".");
  auto checksum = text_field(*stated, "checksum");
  if (!checksum) return fail(checksum);
  if (*checksum && **checksum != "sha256:" + digests.sha256.hex())
    return fail(Code::checksum_mismatch,
                "The archive does not have the checksum that the metadata states; pack and "
                "publish again.");
  return {};
}

Result<void> check_name(const PublishTarget& target, const Manifest& manifest) {
  if (manifest.name.full() == target.key.name) return {};
  return fail(Code::manifest_mismatch, "oripk.toml names " + manifest.name.full() +
                                           ", the address " + target.key.name + ".");
}

// Null where the registry keeps no log of it.
Task<Json> log_object(Service& service, std::optional<LogPlace> place) {
  if (!place) co_return Json(nullptr);
  const auto facts = co_await leaf_facts(service.log, *place);
  co_return Json{{"log", to_string(place->log)},
                 {"index", place->index},
                 {"treeSize", facts.tree_size},
                 {"leafHash", facts.leaf_hash.hex()}};
}

}  // namespace

Task<http::Response> publish_version(Service& service, const http::Call& call) {
  const auto target = co_await target_of(call);
  auto upload = co_await receive_upload(service, call, target);
  const auto manifest = co_await read_contents(upload.report);
  co_await check_name(target, manifest);
  co_await check_stated(upload.metadata, manifest, upload.digests);
  const auto published =
      co_await publish(service.registry, kOri, actor_of(call),
                       make_publication(manifest, upload.digests), std::move(upload.archive));
  auto log = co_await log_object(service, published.logged);
  auto warnings = manifest.warnings;
  warnings.insert(warnings.end(), published.warnings.begin(), published.warnings.end());
  const Json body = {{"name", target.key.name},
                     {"version", to_string(manifest.version)},
                     {"checksum", "sha256:" + upload.digests.sha256.hex()},
                     {"size", upload.digests.size},
                     {"log", std::move(log)},
                     {"warnings", warnings}};
  co_return private_json(201, body);
}

}  // namespace kontor::ori
