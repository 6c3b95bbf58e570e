#pragma once
// Streaming reader of the JSON document that npm clients PUT to /:pkg (publish, deprecate, star,
// owners). The tarball inside is handed on as it is decoded and never held; the rest is parsed.
//
//   EnvelopeReader reader(limits);
//   for each piece of the body:
//     tarball.clear();
//     reader.feed(piece, tarball);    // then hash, inspect and stage `tarball`
//   reader.finish();                  // document and attachments
#include "base/bytes.h"
#include "base/error.h"
#include "base/json.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kontor::npm {

struct EnvelopeLimits {
  // Everything but attachment data. A deprecate sends a whole packument back, hence the size.
  JsonLimits document = {.max_bytes = 16u << 20, .max_values = 1'000'000};
  std::uint64_t tarball_bytes = 200ull << 20;  // decoded
  std::uint64_t bundle_bytes = 1u << 20;       // text of a .sigstore attachment
};

// An attachment that carried data. The sender's content_type and length are claims: the caller
// compares `declared_length` (bytes; UTF-16 units for a bundle, as npm counts) if it matters.
struct Attachment {
  enum class Kind : std::uint8_t { tarball, bundle };

  std::string key;
  Kind kind = Kind::tarball;
  std::string content_type;  // empty where absent or not a string
  std::optional<std::uint64_t> declared_length;
  std::uint64_t length = 0;  // decoded bytes of a tarball, UTF-8 bytes of a bundle
  std::string text;          // the bundle itself; empty for a tarball
};

struct Envelope {
  Json document;  // always an object; the data of `attachments` is replaced by ""
  std::vector<Attachment> attachments;  // in order of the text; empty unless this is a publish

  // The tarball, or null where the document carries none.
  const Attachment* tarball() const;
  const Attachment* bundle() const;
};

// Data is diverted at _attachments.<key>.data where that is a string and the key ends in ".tgz"
// (base64, strict) or ".sigstore" (plain text); at most one of each. Any other attachment stays in
// the document as it is. After an error the reader may only be destroyed.
class EnvelopeReader {
 public:
  explicit EnvelopeReader(const EnvelopeLimits& limits = {});
  EnvelopeReader(EnvelopeReader&&) noexcept;
  EnvelopeReader& operator=(EnvelopeReader&&) noexcept;
  ~EnvelopeReader();

  // The next bytes of the body, in pieces of any size. Appends to `tarball` what they decode to, at
  // most piece.size() + 2 bytes. Fails with invalid_json, bad_request (data is not base64),
  // too_large, or missing_attachment for a second tarball or bundle.
  Result<void> feed(ByteView piece, Bytes& tarball);

  // Once, after the last piece.
  Result<Envelope> finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kontor::npm
