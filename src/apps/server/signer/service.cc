// One function for each thing that can be asked.
#include "apps/server/signer/service.h"

#include "adapters/system/system_clock.h"
#include "apps/server/signer/messages.h"
#include "base/encoding.h"

#include <array>

namespace kontor::signer {
namespace {

using signing::KeyRing;

Result<LogId> log_in(const Json& request) {
  const auto name = text_in(request, "log");
  const auto log = name ? parse_log(*name) : std::nullopt;
  if (!log) return fail(Code::bad_request, "The message names no log.");
  return *log;
}

Result<Json> log_keys(KeyRing& keys, const Json& request) {
  const auto log = log_in(request);
  if (!log) return std::unexpected(log.error());
  Json list = Json::array();
  for (const auto& key : keys.log_keys(*log)) list.push_back(tlog::print_vkey(key));
  return Json{{"keys", std::move(list)}};
}

Result<Json> signed_head(KeyRing& keys, const Json& request) {
  const auto log = log_in(request);
  if (!log) return std::unexpected(log.error());
  const auto head = keys.signed_head(*log);
  return head ? to_json(*head) : Json::object();
}

Result<Json> sign_checkpoint(KeyRing& keys, const Json& request) {
  const auto log = log_in(request);
  if (!log) return std::unexpected(log.error());
  const auto head = head_in(request);
  if (!head) return std::unexpected(head.error());
  const auto proof = proof_in(request, "proof");
  if (!proof) return std::unexpected(proof.error());
  const auto note = keys.sign_checkpoint(*log, *head, *proof);
  if (!note) return std::unexpected(note.error());
  return Json{{"note", to_base64(*note)}};
}

Json list_of(const std::vector<RetiredLogKey>& keys) {
  Json list = Json::array();
  for (const auto& key : keys) list.push_back(to_json(key));
  return {{"keys", std::move(list)}};
}

Result<Json> retired_log_keys(KeyRing& keys, const Json& request) {
  const auto log = log_in(request);
  if (!log) return std::unexpected(log.error());
  return list_of(keys.retired_log_keys(*log));
}

Result<Json> rotate_log_key(KeyRing& keys, const Json& request) {
  const auto log = log_in(request);
  if (!log) return std::unexpected(log.error());
  const auto key = keys.rotate_log_key(*log);
  if (!key) return std::unexpected(key.error());
  return Json{{"key", tlog::print_vkey(*key)}};
}

Result<Json> retire_log_keys(KeyRing& keys, const Json& request) {
  const auto log = log_in(request);
  if (!log) return std::unexpected(log.error());
  const auto ended = keys.retire_log_keys(*log, host::SystemClock().now());
  if (!ended) return std::unexpected(ended.error());
  return list_of(*ended);
}

Result<Json> release_keys(KeyRing& keys, const Json&) {
  Json list = Json::array();
  for (const auto& key : keys.releases().keys()) list.push_back(to_json(key));
  return Json{{"keys", std::move(list)}};
}

Result<Json> sign_release(KeyRing& keys, const Json& request) {
  auto name = text_in(request, "name"), version = text_in(request, "version");
  if (!name) return std::unexpected(name.error());
  if (!version) return std::unexpected(version.error());
  const auto archive = digest_in<Sha512>(request, "archive");
  if (!archive) return std::unexpected(archive.error());
  const auto made = keys.releases().sign({std::move(*name), std::move(*version), *archive});
  if (!made) return std::unexpected(made.error());
  return Json{{"key_id", made->key_id}, {"signature", to_base64(made->signature)}};
}

Result<Json> rotate_release_key(KeyRing& keys, const Json&) {
  const auto key = keys.releases().rotate(host::SystemClock().now());
  if (!key) return std::unexpected(key.error());
  return to_json(*key);
}

struct Deed {
  std::string_view name;
  Result<Json> (*act)(KeyRing& keys, const Json& request);
};

constexpr std::array kDeeds = {
    Deed{"log_keys", log_keys},
    Deed{"signed_head", signed_head},
    Deed{"sign_checkpoint", sign_checkpoint},
    Deed{"retired_log_keys", retired_log_keys},
    Deed{"rotate_log_key", rotate_log_key},
    Deed{"retire_log_keys", retire_log_keys},
    Deed{"release_keys", release_keys},
    Deed{"sign_release", sign_release},
    Deed{"rotate_release_key", rotate_release_key},
};

Result<Json> act_on(KeyRing& keys, ByteView packet) {
  const auto request = parse(packet);
  if (!request) return std::unexpected(request.error());
  const auto name = text_in(*request, "do");
  if (!name) return std::unexpected(name.error());
  for (const Deed& deed : kDeeds)
    if (deed.name == *name) return deed.act(keys, *request);
  return fail(Code::bad_request, "The signer does nothing of that name.");
}

}  // namespace

Bytes answer(KeyRing& keys, ByteView request) {
  const auto done = act_on(keys, request);
  return print(done ? *done : to_json(done.error()));
}

}  // namespace kontor::signer
