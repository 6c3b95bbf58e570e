// Three forms of bodies: dsse 0.0.1 and intoto 0.0.2 of the first Rekor, dsse 0.0.2 of the second.
#include "adapters/sigstore/log_entry.h"

#include "adapters/sigstore/fields.h"
#include "base/encoding.h"
#include "base/sha256.h"
#include "tlog/decimal.h"
#include "tlog/lines.h"

#include <algorithm>

namespace kontor::sigstore {
namespace {

constexpr ByteView kLineStart = "\xE2\x80\x94 ";  // an em dash
constexpr ByteView kPemStart = "-----BEGIN CERTIFICATE-----";
constexpr ByteView kPemEnd = "-----END CERTIFICATE-----";
constexpr std::size_t kHintBytes = 4, kMaxSignatures = 32;

std::unexpected<Error> not_logged(const char* why) {
  return refuse(std::string("its log entry cannot be verified: ") + why + ".");
}

// --- promise: the log's signature over the entry, its place and its time
// -----------------------------

Bytes promised_text(const LogEntry& entry) {
  Bytes id;
  for (const unsigned char byte : entry.log_id) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    id += kDigits[byte >> 4];
    id += kDigits[byte & 15];
  }
  return R"({"body":")" + to_base64(entry.body) + R"(","integratedTime":)" +
         std::to_string(entry.integrated) + R"(,"logID":")" + id + R"(","logIndex":)" +
         std::to_string(entry.index) + "}";
}

bool is_promised(const LogEntry& entry, const std::vector<Log>& logs) {
  const Timestamp at{static_cast<std::int64_t>(entry.integrated) * 1000};
  return std::ranges::any_of(logs, [&](const Log& log) {
    return log.id == entry.log_id && log.validity.holds(at) &&
           verify(log.key, promised_text(entry), entry.promise);
  });
}

// --- proof: the path to a signed checkpoint
// -----------------------------------------------------------

bool signs(ByteView line, ByteView note, const std::vector<Log>& logs) {
  const auto rest = tlog::after(line, kLineStart);
  const auto space = rest ? rest->find(' ') : ByteView::npos;
  const auto signature =
      space == ByteView::npos ? std::nullopt : from_base64(rest->substr(space + 1));
  if (!signature || signature->size() <= kHintBytes) return false;
  const ByteView hint = ByteView(*signature).substr(0, kHintBytes);
  return std::ranges::any_of(logs, [&](const Log& log) {
    return ByteView(log.id).starts_with(hint) &&
           verify(log.key, note, ByteView(*signature).substr(kHintBytes));
  });
}

std::optional<tlog::Head> signed_head(ByteView checkpoint, const std::vector<Log>& logs) {
  const auto end = checkpoint.find("\n\n");
  if (end == checkpoint.npos) return std::nullopt;
  ByteView note = checkpoint.substr(0, end + 1), lines = checkpoint.substr(end + 2);
  bool is_signed = false;
  for (std::size_t i = 0; i < kMaxSignatures; ++i) {
    const auto line = tlog::take_line(lines);
    if (!line) break;
    is_signed = is_signed || signs(*line, note, logs);
  }
  if (!is_signed) return std::nullopt;
  const auto origin = tlog::take_line(note), size = tlog::take_line(note);
  const auto root = tlog::take_line(note);
  const auto count = size ? tlog::parse_decimal(*size, tlog::kMaxSize) : std::nullopt;
  const auto hash = root ? tlog::parse_hash(*root) : std::nullopt;
  if (!origin || !count || !hash) return std::nullopt;
  return tlog::Head{*count, *hash};
}

Result<void> check_proof(const LogEntry& entry, const std::vector<Log>& logs) {
  std::vector<Log> own;
  std::ranges::copy_if(logs, std::back_inserter(own),
                       [&](const Log& log) { return log.id == entry.log_id; });
  const auto head = signed_head(entry.proof->checkpoint, own);
  if (!head) return not_logged("no trusted log has signed its checkpoint");
  if (!tlog::verify_inclusion(entry.proof->hashes, entry.proof->index, tlog::leaf_hash(entry.body),
                              *head))
    return not_logged("its proof does not lead to the checkpoint");
  return {};
}

// --- body
// ---------------------------------------------------------------------------------------------

// The DER in PEM (RFC 7468), base64 once or, in old entries, twice.
Bytes certificate_in(const Json& object, std::string_view path) {
  auto pem = bytes(object, path);
  if (pem && !pem->starts_with(kPemStart)) pem = from_base64(*pem);
  const auto start = pem ? tlog::after(*pem, kPemStart) : std::nullopt;
  const auto end = start ? start->find(kPemEnd) : ByteView::npos;
  if (end == ByteView::npos) return {};
  std::string base64(start->substr(0, end));
  std::erase_if(base64, [](char c) { return c == '\n' || c == '\r'; });
  return from_base64(base64).value_or(Bytes());
}

// What a body says about an envelope; empty where it does not say it.
struct Told {
  std::string payload_sha256;  // hex
  Bytes signature;
  Bytes certificate;  // DER
};

const Json& only(const Json& list) {
  static const Json kNull;
  return list.size() == 1 ? list.front() : kNull;
}

Told told_by_dsse(const Json& spec) {
  const Json& signature = only(items(spec, "signatures"));
  return {text(spec, "payloadHash.value").value_or(""),
          bytes(signature, "signature").value_or(Bytes()), certificate_in(signature, "verifier")};
}

Told told_by_intoto(const Json& spec) {
  const Json& signature = only(items(spec, "content.envelope.signatures"));
  const auto twice = bytes(signature, "sig");
  return {text(spec, "content.payloadHash.value").value_or(""),
          (twice ? from_base64(*twice) : std::nullopt).value_or(Bytes()),
          certificate_in(signature, "publicKey")};
}

Told told_by_dsse_v2(const Json& spec) {
  const Json& body = member(spec, "dsseV002");
  const Json& signature = only(items(body, "signatures"));
  const auto digest = Sha256::from_bytes(bytes(body, "payloadHash.digest").value_or(Bytes()));
  return {digest ? digest->hex() : "", bytes(signature, "content").value_or(Bytes()),
          bytes(signature, "verifier.x509Certificate.rawBytes").value_or(Bytes())};
}

}  // namespace

Result<std::optional<Timestamp>> check_inclusion(const LogEntry& entry, const TrustedRoot& root) {
  if (entry.promise.empty() && !entry.proof)
    return not_logged("it bears neither a promise nor a proof");
  if (entry.proof)
    if (auto proved = check_proof(entry, root.logs); !proved) return fail(proved);
  if (entry.promise.empty()) return std::nullopt;
  if (!is_promised(entry, root.logs)) return not_logged("no trusted log has signed its promise");
  if (entry.integrated == 0) return std::nullopt;
  return Timestamp{static_cast<std::int64_t>(entry.integrated) * 1000};
}

Result<void> check_body(const LogEntry& entry, const Bundle& bundle) {
  const auto body = parse_json(entry.body, {.max_bytes = 1 << 20, .max_depth = 16});
  if (!body || text(*body, "kind") != entry.kind || text(*body, "apiVersion") != entry.version)
    return refuse("its log entry is not of the kind that it states.");
  const Json& spec = member(*body, "spec");
  Told told;
  if (entry.kind == "dsse" && entry.version == "0.0.1")
    told = told_by_dsse(spec);
  else if (entry.kind == "intoto" && entry.version == "0.0.2")
    told = told_by_intoto(spec);
  else if (entry.kind == "dsse" && entry.version == "0.0.2")
    told = told_by_dsse_v2(spec);
  else
    return refuse("its log entry is of a kind that is not known here.");
  if (told.payload_sha256 != sha256(bundle.payload).hex())
    return refuse("its log entry is of another payload.");
  if (told.signature.empty() || told.signature != bundle.signature)
    return refuse("its log entry is of another signature.");
  if (told.certificate.empty() || told.certificate != der_of(bundle.certificate))
    return refuse("its log entry is of another certificate.");
  return {};
}

}  // namespace kontor::sigstore
