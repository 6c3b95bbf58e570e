// Members that no check looks at are not read.
#include "adapters/sigstore/bundle.h"

#include "adapters/sigstore/fields.h"

#include <algorithm>
#include <array>

namespace kontor::sigstore {
namespace {

constexpr std::array<std::string_view, 4> kMediaTypes = {
    "application/vnd.dev.sigstore.bundle.v0.3+json",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.1"};
constexpr JsonLimits kLimits = {.max_bytes = 1 << 20, .max_depth = 24, .max_values = 20'000};
constexpr std::size_t kMaxEntries = 8, kMaxTimestamps = 8, kMaxHashes = 64;

Result<std::optional<InclusionProof>> proof_of(const Json& entry) {
  const Json& object = member(entry, "inclusionProof");
  if (object.is_null()) return std::nullopt;
  InclusionProof proof;
  const auto index = number(object, "logIndex");
  const auto checkpoint = text(object, "checkpoint.envelope");
  const Json& hashes = items(object, "hashes");
  if (!index || !checkpoint || hashes.size() > kMaxHashes)
    return refuse("its log entry has a damaged inclusion proof.");
  proof.index = *index;
  proof.checkpoint = *checkpoint;
  for (const Json& item : hashes) {
    const auto decoded = bytes(Json{{"hash", item}}, "hash");
    const auto hash = decoded ? tlog::Hash::from_bytes(*decoded) : std::nullopt;
    if (!hash) return refuse("its log entry has a damaged inclusion proof.");
    proof.hashes.push_back(*hash);
  }
  return proof;
}

Result<LogEntry> entry_of(const Json& object) {
  LogEntry entry;
  auto id = bytes(object, "logId.keyId"), body = bytes(object, "canonicalizedBody");
  const auto index = number(object, "logIndex");
  auto kind = text(object, "kindVersion.kind"), version = text(object, "kindVersion.version");
  if (!id || !body || !kind || !version) return refuse("a log entry is damaged.");
  auto proof = proof_of(object);
  if (!proof) return fail(proof);
  entry.log_id = std::move(*id);
  entry.index = index.value_or(0);  // protobuf leaves a zero out
  entry.kind = std::move(*kind);
  entry.version = std::move(*version);
  entry.integrated = number(object, "integratedTime").value_or(0);
  entry.body = std::move(*body);
  entry.promise = bytes(object, "inclusionPromise.signedEntryTimestamp").value_or(Bytes());
  entry.proof = std::move(*proof);
  return entry;
}

Certificate certificate_of(const Json& material) {
  auto der = bytes(material, "certificate.rawBytes");
  if (!der) {
    const Json& chain = items(material, "x509CertificateChain.certificates");
    if (!chain.empty()) der = bytes(chain.front(), "rawBytes");
  }
  return der ? read_certificate(*der) : nullptr;
}

Result<void> read_envelope(const Json& object, Bundle& out) {
  auto type = text(object, "payloadType");
  auto payload = bytes(object, "payload");
  const Json& signatures = items(object, "signatures");
  auto signature = signatures.size() == 1 ? bytes(signatures.front(), "sig") : std::nullopt;
  if (!type || !payload || !signature)
    return refuse("it holds no envelope with exactly one signature.");
  out.payload_type = std::move(*type);
  out.payload = std::move(*payload);
  out.signature = std::move(*signature);
  return {};
}

Result<void> read_material(const Json& material, Bundle& out) {
  out.certificate = certificate_of(material);
  if (!out.certificate) return refuse("it holds no certificate.");
  const Json& entries = items(material, "tlogEntries");
  const Json& stamps = items(material, "timestampVerificationData.rfc3161Timestamps");
  if (entries.size() > kMaxEntries || stamps.size() > kMaxTimestamps)
    return refuse("it holds too many log entries or timestamps.");
  for (const Json& object : entries) {
    auto entry = entry_of(object);
    if (!entry) return fail(entry);
    out.entries.push_back(std::move(*entry));
  }
  for (const Json& object : stamps) {
    auto stamp = bytes(object, "signedTimestamp");
    if (!stamp) return refuse("a timestamp is damaged.");
    out.timestamps.push_back(std::move(*stamp));
  }
  return {};
}

}  // namespace

Result<Bundle> parse_bundle(ByteView json) {
  const auto tree = parse_json(json, kLimits);
  if (!tree || !tree->is_object()) return refuse("it is not JSON.");
  const auto type = text(*tree, "mediaType");
  if (!type || std::ranges::find(kMediaTypes, *type) == kMediaTypes.end())
    return refuse("its mediaType is not one of Sigstore bundles up to version 0.3.");
  Bundle bundle;
  if (auto read = read_envelope(member(*tree, "dsseEnvelope"), bundle); !read) return fail(read);
  if (auto read = read_material(member(*tree, "verificationMaterial"), bundle); !read)
    return fail(read);
  return bundle;
}

Bytes signed_text(const Bundle& bundle) {
  return "DSSEv1 " + std::to_string(bundle.payload_type.size()) + " " + bundle.payload_type + " " +
         std::to_string(bundle.payload.size()) + " " + bundle.payload;
}

}  // namespace kontor::sigstore
