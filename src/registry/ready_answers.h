#pragma once
// Answers without a query: what was answered before, to whoever may have it now, as long as nothing
// it tells has changed. Each request is still judged by itself: credential, access, conditions; and
// downloads are counted as ever.
#include "http/ready.h"
#include "http/route.h"
#include "ports/package_records.h"
#include "registry/answer_cache.h"
#include "registry/gateway.h"
#include "registry/registry.h"

#include <optional>

namespace kontor {

// The answer to `request`, the same as handle() would give; fills `label`. Nothing where it is not
// at hand: because it was not given before, something may have changed, or this caller gets
// another.
std::optional<http::Ready> ready_answer(Registry& registry, const http::Request& request,
                                        RouteLabel& label);

// The stamp of a package before it is loaded, for keep_answer().
struct StampedPlace {
  std::uint32_t place = 0;
  std::optional<std::uint64_t> stamp;
};
StampedPlace stamp_of(const Registry& registry, const PackageKey& key);

// What an answer shows, besides the package.
struct Shown {
  Timestamp modified;   // judged by If-Modified-Since
  std::string version;  // of an archive; empty: a document of the DocumentCache
};

// Keeps a handler's answer to `call` for ready_answer(): a 200 or 304 with ETag and Last-Modified
// that depends on nothing but `package`, Accept, Accept-Encoding, the base URL and the settings.
// Any other answer is not kept. `at` was taken before `package` was loaded.
void keep_answer(Registry& registry, const http::Call& call, StampedPlace at,
                 const PackageRecord& package, Shown shown, const http::Response& response);

// The same for a 200 that everybody may have who may read, whose body is in the DocumentCache by
// the name `document`. `before` was what `stamp` gave before the answer was made.
void keep_open_answer(Registry& registry, const http::Call& call, AnswerStamp stamp,
                      std::uint64_t before, std::string document, const http::Response& response);

}  // namespace kontor
