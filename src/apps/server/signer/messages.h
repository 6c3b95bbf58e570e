#pragma once
// What a server and its signer say to each other: one JSON object a packet, a request and its
// answer. `do` names what is asked, by the names of the functions of ports/signer.h,
// ports/log_key_keeper.h and ports/release_signer.h; an answer holds what they yield, or `error`
// and `detail`.
#include "base/json.h"
#include "ports/log_key_keeper.h"
#include "ports/release_signer.h"
#include "ports/signer.h"

#include <string>
#include <string_view>

namespace kontor::signer {

Bytes print(const Json& message);
// bad_request for what is no message.
Result<Json> parse(ByteView packet);

// The member as text, a number or a digest; bad_request where it is no such thing.
Result<std::string> text_in(const Json& message, const char* name);
Result<std::uint64_t> number_in(const Json& message, const char* name);
Result<Bytes> bytes_in(const Json& message, const char* name);  // base64
template <class Digest>
Result<Digest> digest_in(const Json& message, const char* name) {
  const auto bytes = bytes_in(message, name);
  const auto digest = bytes ? Digest::from_bytes(*bytes) : std::nullopt;
  if (!digest) return fail(Code::bad_request, std::string("The field ") + name + " is no digest.");
  return *digest;
}

Json to_json(const tlog::Head& head);
Result<tlog::Head> head_in(const Json& message);
Json to_json(const tlog::Proof& proof);
Result<tlog::Proof> proof_in(const Json& message, const char* name);
Json to_json(const RetiredLogKey& key);
Result<RetiredLogKey> retired_log_key_in(const Json& message);
Json to_json(const ReleaseKey& key);
Result<ReleaseKey> release_key_in(const Json& message);
Json to_json(const Error& error);
// The error an answer tells of; nothing where it does not.
Result<void> outcome_of(const Json& answer);

}  // namespace kontor::signer
