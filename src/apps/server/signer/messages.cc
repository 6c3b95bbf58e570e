// Values of 64 bits fit JSON's numbers as nlohmann reads them; bytes are base64.
#include "apps/server/signer/messages.h"

#include "apps/server/signer/packets.h"
#include "base/encoding.h"

#include <algorithm>

namespace kontor::signer {
namespace {

constexpr std::size_t kMaxProof = 64;

const Json* member(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it == object.end() ? nullptr : &*it;
}

std::unexpected<Error> no_such(const char* name) {
  return fail(Code::bad_request, std::string("The message has no fitting field ") + name + ".");
}

}  // namespace

Bytes print(const Json& message) {
  return message.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Json> parse(ByteView packet) {
  auto message = parse_json(packet, {.max_bytes = kMaxPacket, .max_depth = 4, .max_values = 1024});
  if (!message || !message->is_object())
    return fail(Code::bad_request, "The packet is no message.");
  return message;
}

Result<std::string> text_in(const Json& message, const char* name) {
  const Json* value = member(message, name);
  if (!value || !value->is_string()) return no_such(name);
  return value->get<std::string>();
}

Result<std::uint64_t> number_in(const Json& message, const char* name) {
  const Json* value = member(message, name);
  if (!value || !value->is_number_unsigned()) return no_such(name);
  return value->get<std::uint64_t>();
}

Result<Bytes> bytes_in(const Json& message, const char* name) {
  const auto text = text_in(message, name);
  auto bytes = text ? from_base64(*text) : std::nullopt;
  if (!bytes) return no_such(name);
  return std::move(*bytes);
}

Json to_json(const tlog::Head& head) {
  return {{"size", head.size}, {"root", head.root.base64()}};
}

Result<tlog::Head> head_in(const Json& message) {
  const auto size = number_in(message, "size");
  const auto root = digest_in<tlog::Hash>(message, "root");
  if (!size) return std::unexpected(size.error());
  if (!root) return std::unexpected(root.error());
  return tlog::Head{*size, *root};
}

Json to_json(const tlog::Proof& proof) {
  Json list = Json::array();
  for (const auto& hash : proof) list.push_back(hash.base64());
  return list;
}

Result<tlog::Proof> proof_in(const Json& message, const char* name) {
  const Json* list = member(message, name);
  if (!list || !list->is_array() || list->size() > kMaxProof) return no_such(name);
  tlog::Proof proof;
  for (const auto& item : *list) {
    const auto bytes = item.is_string() ? from_base64(item.get<std::string>()) : std::nullopt;
    const auto hash = bytes ? tlog::Hash::from_bytes(*bytes) : std::nullopt;
    if (!hash) return no_such(name);
    proof.push_back(*hash);
  }
  return proof;
}

Json to_json(const RetiredLogKey& key) {
  return {{"key", tlog::print_vkey(key.key)}, {"since", key.since.ms}};
}

Result<RetiredLogKey> retired_log_key_in(const Json& message) {
  const auto text = text_in(message, "key");
  const auto since = number_in(message, "since");
  if (!text) return std::unexpected(text.error());
  if (!since) return std::unexpected(since.error());
  auto key = tlog::parse_vkey(*text);
  if (!key) return fail(key);
  return RetiredLogKey{std::move(*key), Timestamp{static_cast<std::int64_t>(*since)}};
}

Json to_json(const ReleaseKey& key) {
  return {{"id", key.id},
          {"public_key", to_base64(key.public_key)},
          {"expires", key.expires ? Json(key.expires->ms) : Json()}};
}

Result<ReleaseKey> release_key_in(const Json& message) {
  auto id = text_in(message, "id");
  auto key = bytes_in(message, "public_key");
  if (!id) return std::unexpected(id.error());
  if (!key) return std::unexpected(key.error());
  ReleaseKey out{std::move(*id), std::move(*key), std::nullopt};
  if (const Json* expires = member(message, "expires"); expires && expires->is_number_integer())
    out.expires = Timestamp{expires->get<std::int64_t>()};
  return out;
}

Json to_json(const Error& error) {
  return {{"error", std::string(info(error.code).name)}, {"detail", error.detail}};
}

Result<void> outcome_of(const Json& answer) {
  const auto name = text_in(answer, "error");
  if (!name) return {};
  const auto codes = catalogue();
  const auto it = std::ranges::find(codes, std::string_view(*name), &CodeInfo::name);
  const auto detail = text_in(answer, "detail");
  return fail(it == codes.end() ? Code::internal : it->code, detail ? *detail : std::string());
}

}  // namespace kontor::signer
