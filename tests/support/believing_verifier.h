#pragma once
// Believes every bundle, whose text is the statement itself, and makes the documents that carry
// one.
#include "base/digest.h"
#include "base/encoding.h"
#include "ports/attestation_verifier.h"

#include <nlohmann/json.hpp>

#include <string>

namespace kontor::test {

class BelievingVerifier final : public AttestationVerifier {
 public:
  Result<VerifiedBundle> verify(ByteView bundle) const override {
    return VerifiedBundle{"application/vnd.in-toto+json", Bytes(bundle), {1}, "somebody", claims};
  }
  std::map<int, std::string> claims;
};

// A statement about the version that a publish document is of.
inline nlohmann::ordered_json statement_of(const nlohmann::ordered_json& document) {
  const std::string version = document["versions"].begin().key();
  std::string name = document["name"];
  const std::string integrity = document["versions"][version]["dist"]["integrity"];
  if (name.starts_with('@')) name.replace(0, 1, "%40");
  const auto sha512 = Sha512::from_bytes(*from_base64(integrity.substr(7)));
  return {
      {"_type", "https://in-toto.io/Statement/v1"},
      {"subject",
       {{{"name", "pkg:npm/" + name + "@" + version}, {"digest", {{"sha512", sha512->hex()}}}}}},
      {"predicateType", "https://slsa.dev/provenance/v1"},
      {"predicate", nlohmann::ordered_json::object()}};
}

inline nlohmann::ordered_json with_bundle(nlohmann::ordered_json document,
                                          const nlohmann::ordered_json& statement) {
  const std::string version = document["versions"].begin().key();
  document["_attachments"][document["name"].get<std::string>() + "-" + version + ".sigstore"] = {
      {"content_type", "application/vnd.dev.sigstore.bundle.v0.3+json"},
      {"data", statement.dump()}};
  return document;
}

}  // namespace kontor::test
