#pragma once
// Conditional requests and ranges (RFC 9110 sections 13 and 14), decided on values.
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

namespace kontor::http {

// Whether a GET or HEAD with these headers is answered 304. If-None-Match (weak comparison) wins
// over If-Modified-Since.
bool not_modified(std::string_view if_none_match, std::string_view if_modified_since,
                  std::string_view etag, Timestamp last_modified);

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// The single range of a Range header over `size` bytes. Nothing: send the whole (no header, another
// unit, several ranges, malformed, or If-Range names another representation by ETag or date).
// invalid_range: 416. Only a GET has ranges; `last_modified` must identify the bytes.
Result<std::optional<ByteRange>> choose_range(std::string_view range, std::string_view if_range,
                                              std::string_view etag, Timestamp last_modified,
                                              std::uint64_t size);

// Whether `coding` ("gzip") is acceptable under an Accept-Encoding header (q=0 refuses).
bool accepts_encoding(std::string_view accept_encoding, std::string_view coding);

// Quality of `type` ("text/html") under an Accept header, 0 to 1000; an empty header accepts all.
int accept_quality(std::string_view accept, std::string_view type);

}  // namespace kontor::http
