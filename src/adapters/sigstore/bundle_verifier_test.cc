// Bundles that hold, one for each kind of log entry, and what breaks them: one change a test, and
// the step that must notice it. Changes that take the signers' keys are made in tests/clients.
#include "adapters/sigstore/bundle_verifier.h"

#include "base/encoding.h"
#include "base/json.h"
#include "tests/support/data_file.h"

#include <gtest/gtest.h>

namespace kontor::sigstore {
namespace {

Json data(const std::string& name) {
  return Json::parse(kontor::testing::read_data("sigstore/" + name + ".json"));
}

Json& entry(Json& bundle) {
  return bundle["verificationMaterial"]["tlogEntries"][0];
}

// The same base64 with one bit of the bytes in it changed.
std::string flipped(const Json& encoded, std::size_t at = 40) {
  Bytes bytes = *from_base64(encoded.get<std::string>());
  bytes[std::min(at, bytes.size() - 1)] ^= 1;
  return to_base64(bytes);
}

class BundleVerifierTest : public ::testing::TestWithParam<const char*> {
 protected:
  Result<VerifiedBundle> verify() const {
    const auto trusted = parse_trusted_root(root.dump());
    if (!trusted) return std::unexpected(trusted.error());
    return BundleVerifier(*trusted).verify(bundle.dump());
  }
  // Which sentence refuses the bundle.
  void expect_refused(const std::string& part) const {
    const auto verified = verify();
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code, Code::invalid_proof);
    EXPECT_NE(verified.error().detail.find(part), std::string::npos) << verified.error().detail;
  }
  bool has_promise() { return entry(bundle).contains("inclusionPromise"); }

  Json root = data("trusted_root");
  Json bundle = data(GetParam());
};

TEST_P(BundleVerifierTest, a_bundle_that_holds_yields_what_was_signed_and_by_whom) {
  const auto verified = verify();
  ASSERT_TRUE(verified) << verified.error().detail;
  EXPECT_EQ(verified->payload_type, "application/vnd.in-toto+json");
  EXPECT_EQ(verified->payload, *from_base64(bundle["dsseEnvelope"]["payload"].get<std::string>()));
  EXPECT_EQ(verified->identity,
            "https://github.com/acme/tool/.github/workflows/release.yml@refs/heads/main");
  EXPECT_EQ(verified->claims.at(8), "https://token.actions.githubusercontent.com");
  EXPECT_EQ(verified->claims.at(12), "https://github.com/acme/tool");
  EXPECT_GT(verified->signed_at.ms, 1'700'000'000'000);
}

// --- form
// -----------------------------------------------------------------------------------------

TEST_P(BundleVerifierTest, refuses_other_media_types) {
  bundle["mediaType"] = "application/vnd.dev.sigstore.bundle.v9+json";
  expect_refused("mediaType");
}

TEST_P(BundleVerifierTest, refuses_envelopes_with_no_signature_or_two) {
  Json& signatures = bundle["dsseEnvelope"]["signatures"];
  signatures.push_back(signatures[0]);
  expect_refused("exactly one signature");
  signatures.clear();
  expect_refused("exactly one signature");
}

TEST_P(BundleVerifierTest, refuses_what_is_no_bundle) {
  for (const char* text : {"", "[]", "{}", "null", R"({"mediaType":1})"}) {
    bundle = Json::parse(text, nullptr, false);
    EXPECT_FALSE(BundleVerifier(*parse_trusted_root(root.dump())).verify(text)) << text;
  }
}

TEST_P(BundleVerifierTest, a_certificate_is_needed_and_may_stand_in_a_chain) {
  Json& material = bundle["verificationMaterial"];
  const Json certificate = material["certificate"];
  material.erase("certificate");
  expect_refused("no certificate");
  material["x509CertificateChain"] = {{"certificates", Json::array({certificate})}};
  EXPECT_TRUE(verify());
}

// --- signature
// ------------------------------------------------------------------------------------

TEST_P(BundleVerifierTest, refuses_another_payload) {
  Json& payload = bundle["dsseEnvelope"]["payload"];
  payload = flipped(payload);
  expect_refused("another payload");
}

TEST_P(BundleVerifierTest, refuses_another_signature) {
  Json& signature = bundle["dsseEnvelope"]["signatures"][0]["sig"];
  signature = flipped(signature);
  expect_refused(std::string(GetParam()) == "dsse2" ? "timestamp" : "another signature");
}

TEST_P(BundleVerifierTest, refuses_another_type_of_payload_under_the_same_signature) {
  bundle["dsseEnvelope"]["payloadType"] = "application/vnd.in-toto+json2";
  expect_refused("signature does not fit");
}

// --- certificate
// ----------------------------------------------------------------------------------

TEST_P(BundleVerifierTest, refuses_the_certificate_of_another_bundle) {
  const std::string other = std::string(GetParam()) == "dsse" ? "intoto" : "dsse";
  bundle["verificationMaterial"]["certificate"] =
      data(other)["verificationMaterial"]["certificate"];
  expect_refused("another certificate");
}

TEST_P(BundleVerifierTest, refuses_a_certificate_that_was_changed) {
  Json& raw = bundle["verificationMaterial"]["certificate"]["rawBytes"];
  raw = flipped(raw, 9999);  // in the authority's signature, which comes last
  expect_refused("not issued by a trusted authority");
}

TEST_P(BundleVerifierTest, refuses_a_certificate_of_an_authority_that_is_not_trusted) {
  root["certificateAuthorities"] = root["timestampAuthorities"];
  expect_refused("not issued by a trusted authority");
}

TEST_P(BundleVerifierTest, refuses_what_was_signed_when_the_authority_was_not_trusted) {
  root["certificateAuthorities"][0]["validFor"]["end"] =
      root["certificateAuthorities"][0]["validFor"]["start"];
  expect_refused("not issued by a trusted authority");
}

TEST_P(BundleVerifierTest, refuses_a_certificate_that_no_trusted_log_has_promised_to_show) {
  root["ctlogs"] = root["tlogs"];
  expect_refused("no trusted certificate log");
}

// --- time
// -----------------------------------------------------------------------------------------

TEST_P(BundleVerifierTest, refuses_what_nobody_says_the_time_of) {
  entry(bundle).erase("inclusionPromise");
  bundle["verificationMaterial"]["timestampVerificationData"] = Json::object();
  expect_refused("nobody trusted says when");
}

TEST_P(BundleVerifierTest, a_broken_timestamp_is_never_read_over) {
  bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"] =
      Json::array({{{"signedTimestamp", "AAAA"}}});
  expect_refused("its timestamp is not one of a trusted authority");
}

TEST_P(BundleVerifierTest, refuses_timestamps_of_authorities_that_are_not_trusted) {
  root["timestampAuthorities"] = Json::array();
  if (has_promise())
    EXPECT_TRUE(verify());
  else
    expect_refused("its timestamp is not one of a trusted authority");
}

// --- log
// ------------------------------------------------------------------------------------------

TEST_P(BundleVerifierTest, refuses_what_was_not_logged) {
  bundle["verificationMaterial"]["tlogEntries"] = Json::array();
  expect_refused("no entry of a transparency log");
}

TEST_P(BundleVerifierTest, refuses_entries_of_logs_that_are_not_trusted) {
  root["tlogs"] = root["ctlogs"];
  expect_refused("no trusted log has signed its checkpoint");
}

TEST_P(BundleVerifierTest, refuses_a_broken_promise) {
  if (!has_promise()) GTEST_SKIP();
  Json& promise = entry(bundle)["inclusionPromise"]["signedEntryTimestamp"];
  promise = flipped(promise);
  expect_refused("no trusted log has signed its promise");
}

TEST_P(BundleVerifierTest, refuses_a_promise_of_another_time_or_place) {
  if (!has_promise()) GTEST_SKIP();
  const Json whole = bundle;
  entry(bundle)["integratedTime"] = "1700000000";
  expect_refused("no trusted log has signed its promise");
  bundle = whole;
  entry(bundle)["logIndex"] = "1";
  expect_refused("no trusted log has signed its promise");
}

TEST_P(BundleVerifierTest, refuses_a_broken_proof) {
  Json& hash = entry(bundle)["inclusionProof"]["hashes"][0];
  hash = flipped(hash, 1);
  expect_refused("does not lead to the checkpoint");
}

TEST_P(BundleVerifierTest, refuses_a_checkpoint_that_was_changed) {
  Json& note = entry(bundle)["inclusionProof"]["checkpoint"]["envelope"];
  auto text = note.get<std::string>();
  note = text.replace(text.find("\n3\n"), 3, "\n4\n");
  expect_refused("no trusted log has signed its checkpoint");
}

TEST_P(BundleVerifierTest, refuses_an_entry_with_neither_promise_nor_proof) {
  entry(bundle).erase("inclusionPromise");
  entry(bundle).erase("inclusionProof");
  expect_refused("neither a promise nor a proof");
}

TEST_P(BundleVerifierTest, refuses_an_entry_that_was_changed) {
  Json& body = entry(bundle)["canonicalizedBody"];
  body = flipped(body);
  expect_refused("cannot be verified");
}

TEST_P(BundleVerifierTest, refuses_an_entry_of_another_kind) {
  entry(bundle)["kindVersion"]["kind"] = "hashedrekord";
  expect_refused("not of the kind that it states");
}

INSTANTIATE_TEST_SUITE_P(Kinds, BundleVerifierTest, ::testing::Values("dsse", "intoto", "dsse2"),
                         [](const auto& info) { return std::string(info.param); });

// --- the file of trust
// ----------------------------------------------------------------------------

TEST(TrustedRootTest, says_what_it_cannot_use) {
  const Json good = data("trusted_root");
  const auto problem = [&](const char* path, Json value) {
    Json bad = good;
    bad[Json::json_pointer(path)] = std::move(value);
    const auto read = parse_trusted_root(bad.dump());
    return read ? std::string() : read.error().detail;
  };
  ASSERT_TRUE(parse_trusted_root(good.dump()));
  EXPECT_NE(problem("/tlogs", Json::array()).find("names no tlogs"), std::string::npos);
  EXPECT_NE(problem("/tlogs/0/publicKey/rawBytes", "AAAA").find("without a key"),
            std::string::npos);
  EXPECT_NE(problem("/ctlogs/0/logId", nullptr).find("without a key"), std::string::npos);
  EXPECT_NE(problem("/certificateAuthorities/0/certChain/certificates/0/rawBytes", "AAAA")
                .find("no certificate"),
            std::string::npos);
  EXPECT_NE(problem("/tlogs/0/publicKey/validFor/start", "soon").find("no time"),
            std::string::npos);
  EXPECT_FALSE(parse_trusted_root("x"));
}

}  // namespace
}  // namespace kontor::sigstore
