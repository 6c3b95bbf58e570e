// The publish document in every order, spelling and cut.
#include "formats/npm/envelope_reader.h"

#include "base/encoding.h"

#include <gtest/gtest.h>

namespace kontor::npm {
namespace {

struct Read {
  std::string tarball;
  Envelope envelope;
};

Result<Read> read(ByteView body, std::size_t piece, const EnvelopeLimits& limits = {}) {
  EnvelopeReader reader(limits);
  Read out;
  Bytes decoded;
  for (; !body.empty(); body.remove_prefix(std::min(piece, body.size()))) {
    decoded.clear();
    const ByteView part = body.substr(0, piece);
    if (auto done = reader.feed(part, decoded); !done) return fail(done);
    EXPECT_LE(decoded.size(), part.size() + 2);
    out.tarball += decoded;
  }
  auto envelope = reader.finish();
  if (!envelope) return fail(envelope);
  out.envelope = std::move(*envelope);
  return out;
}

// The answer, which must not depend on the pieces.
Result<Read> read(ByteView body, const EnvelopeLimits& limits = {}) {
  auto whole = read(body, body.size() + 1, limits);
  for (std::size_t piece : {1, 2, 5, 13}) {
    const auto cut = read(body, piece, limits);
    EXPECT_EQ(cut.has_value(), whole.has_value()) << body;
    if (!cut && !whole) EXPECT_EQ(cut.error(), whole.error()) << body;
    if (!cut || !whole) continue;
    EXPECT_EQ(cut->tarball, whole->tarball);
    EXPECT_EQ(cut->envelope.document, whole->envelope.document);
    EXPECT_EQ(cut->envelope.attachments.size(), whole->envelope.attachments.size());
  }
  return whole;
}

Code refusal(ByteView body, const EnvelopeLimits& limits = {}) {
  const auto answer = read(body, limits);
  EXPECT_FALSE(answer) << body;
  return answer ? Code::internal : answer.error().code;
}

std::string all_bytes() {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 7 + i / 256);
  return bytes;
}

std::string attachment(const std::string& key, const std::string& data) {
  return "\"" + key + R"(":{"content_type":"application/octet-stream","data":")" + data +
         R"(","length":1000})";
}

TEST(EnvelopeReader, hands_the_tarball_on_and_keeps_the_rest) {
  const std::string attachments =
      R"("_attachments":{)" + attachment("@a/b-1.0.0.tgz", to_base64(all_bytes())) + "}";
  const std::string rest = R"("name":"@a/b","versions":{"1.0.0":{"data":"x"}},"access":null)";
  for (const std::string& body :
       {"{" + attachments + "," + rest + "}", "{" + rest + "," + attachments + "}",
        " { " + rest + " ,\n" + attachments + "\t}\r\n"}) {
    const auto got = read(body);
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(got->tarball, all_bytes());
    Json document = got->envelope.document;
    EXPECT_EQ(document["_attachments"].dump(), "{" + attachment("@a/b-1.0.0.tgz", "") + "}");
    document.erase("_attachments");
    EXPECT_EQ(document.dump(), "{" + rest + "}");
    const Attachment* tarball = got->envelope.tarball();
    ASSERT_TRUE(tarball);
    EXPECT_EQ(tarball->key, "@a/b-1.0.0.tgz");
    EXPECT_EQ(tarball->content_type, "application/octet-stream");
    EXPECT_EQ(tarball->declared_length, 1000u);
    EXPECT_EQ(tarball->length, 1000u);
    EXPECT_FALSE(got->envelope.bundle());
  }
}

TEST(EnvelopeReader, gives_the_same_answer_at_every_split) {
  const std::string body =
      R"({"a":"\u00e4\ud83d\ude00","_attachments":{"x.tgz":{"data":"+\/+\/YQ\u003d="},)"
      R"("x.sigstore":{"data":"{\"v\":\"\u00fc\"}"}}})";
  const auto whole = read(body);
  ASSERT_TRUE(whole) << whole.error().detail;
  EXPECT_EQ(whole->tarball,
            "\xfb\xff\xbf"
            "a");
  EXPECT_EQ(whole->envelope.bundle()->text, "{\"v\":\"\xc3\xbc\"}");
  for (std::size_t at = 0; at <= body.size(); ++at) {
    EnvelopeReader reader;
    Bytes tarball;
    ASSERT_TRUE(reader.feed(ByteView(body).substr(0, at), tarball));
    ASSERT_TRUE(reader.feed(ByteView(body).substr(at), tarball));
    const auto envelope = reader.finish();
    ASSERT_TRUE(envelope);
    ASSERT_EQ(envelope->document, whole->envelope.document);
    ASSERT_EQ(tarball, whole->tarball);
  }
}

TEST(EnvelopeReader, reads_documents_without_attachments) {
  for (const char* body :
       {R"({"_id":"a","_rev":"1","users":{"me":true}})", R"({"_attachments":{}})",
        R"({"_attachments":null})", R"({"_attachments":[{"data":"x"},["x"]]})", "{}",
        R"({"_attachments":{"a.tgz":{"stub":true,"length":5}}})",
        R"({"_attachments":{"a.tgz":"data","b.tgz":["data"],"c.tgz":{"data":["x"]}}})",
        R"({"_attachments":{"a.tgz":{"x":{"data":"y"}}}})",
        R"({"_attachments":{"a.zip":{"data":"not base64"}}})",
        R"({"x":{"a.tgz":{"data":"not base64"}}})", R"({"x":{"_attachments":{"data":"*"}}})",
        R"({"versions":{"_attachments":{"a.tgz":{"data":"*"}}}})"}) {
    const auto got = read(body);
    ASSERT_TRUE(got) << body << got.error().detail;
    EXPECT_TRUE(got->envelope.attachments.empty()) << body;
    EXPECT_EQ(got->tarball, "");
    EXPECT_EQ(got->envelope.document.dump(), body);
  }
}

TEST(EnvelopeReader, sees_through_escaped_keys) {
  const auto got = read(R"({"_attach\u006dents":{"a\u002etgz":{"d\u0061ta":"YQ=="}}})");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->tarball, "a");
  EXPECT_EQ(got->envelope.tarball()->key, "a.tgz");
}

TEST(EnvelopeReader, keeps_a_claim_only_where_it_has_the_right_type) {
  const auto got = read(R"({"_attachments":{"a.tgz":{"content_type":5,"length":-1,"data":"YQ=="},)"
                        R"("a.sigstore":{"length":7,"content_type":"x/y","data":"bundle"}}})");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->envelope.tarball()->content_type, "");
  EXPECT_EQ(got->envelope.tarball()->declared_length, std::nullopt);
  EXPECT_EQ(got->envelope.tarball()->text, "");
  EXPECT_EQ(got->envelope.bundle()->content_type, "x/y");
  EXPECT_EQ(got->envelope.bundle()->declared_length, 7u);
  EXPECT_EQ(got->envelope.bundle()->length, 6u);
}

TEST(EnvelopeReader, refuses_several_tarballs_or_bundles) {
  EXPECT_EQ(refusal(R"({"_attachments":{"a.tgz":{"data":""},"b.tgz":{"data":"*"}}})"),
            Code::missing_attachment);
  EXPECT_EQ(refusal(R"({"_attachments":{"a.tgz":{"data":"YQ==","data":"YQ=="}}})"),
            Code::missing_attachment);
  EXPECT_EQ(refusal(R"({"_attachments":{"a.sigstore":{"data":""},"b.sigstore":{"data":""}}})"),
            Code::missing_attachment);
}

TEST(EnvelopeReader, refuses_bad_base64_and_bad_json) {
  for (const char* data : {"YQ", "Y", "YQ=", "Y*==", "YQ==YQ==", "YR==", "Y\\u00e4==", "Y\\n=="})
    EXPECT_EQ(refusal("{\"_attachments\":{" + attachment("a.tgz", data) + "}}"), Code::bad_request)
        << data;
  EXPECT_EQ(refusal("{\"_attachments\":{" + attachment("a.tgz", "YQ==\n") + "}}"),
            Code::bad_request);
  for (const char* body :
       {"", "[]", "\"x\"", "5", "{", R"({"a":1,"a":2})", R"({"versions":{"1":{},"1":{}}})",
        R"({"_attachments":{},"_attachments":{}})", R"({"_attachments":{"a":{},"\u0061":{}}})",
        R"({"_attachments":{"a.tgz":{"data":"YQ==)", R"({"_attachments":{"a.tgz":{"data":"\x"}}})",
        R"({"a":"\ud800"})", "\xef\xbb\xbf{}", "{} {}",
        R"({"_attachments":{"a.sigstore":{"data":")"
        "\x01\"}}}"})
    EXPECT_EQ(refusal(body), Code::invalid_json) << body;
}

TEST(EnvelopeReader, stops_at_each_limit_and_not_before) {
  const std::string data = to_base64(std::string(3000, 'x'));
  const std::string body = "{\"_attachments\":{" + attachment("a.tgz", data) + "}}";
  const std::uint64_t document = body.size() - data.size();
  EXPECT_TRUE(read(body, {.document = {.max_bytes = document}, .tarball_bytes = 3000}));
  EXPECT_EQ(refusal(body, {.document = {.max_bytes = document - 1}}), Code::too_large);
  EXPECT_EQ(refusal(body, {.tarball_bytes = 2999}), Code::too_large);
  const std::string bundle = R"({"_attachments":{"a.sigstore":{"data":"0123456789"}}})";
  EXPECT_TRUE(read(bundle, {.bundle_bytes = 10}));
  EXPECT_EQ(refusal(bundle, {.bundle_bytes = 9}), Code::too_large);
}

}  // namespace
}  // namespace kontor::npm
