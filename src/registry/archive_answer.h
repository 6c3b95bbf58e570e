#pragma once
// Handing out a stored archive: whole, by range or not at all because the caller has it. What all
// formats do alike; the bytes never pass through here, the answer names a blob and a range of it.
#include "http/message.h"
#include "ports/package_records.h"
#include "registry/settings.h"

#include <string>
#include <string_view>

namespace kontor {

// How a format shows its archives.
struct ArchiveFace {
  std::string etag;  // with its quotes
  std::string_view type;
  std::string repr_digest;                           // RFC 9530
  http::Response (*refuse)(const Error&) = nullptr;  // the format's error envelope
};

// 200, 206, 304 or 416.
http::Response archive_answer(const http::Request& request, const ArchiveRecord& record,
                              const ArchiveFace& face);

// Whether the answer hands out the first bytes of an archive: a download, however many requests it
// takes.
bool begins_download(const http::Request& request, const http::Response& response);

// Archives never change; those of restricted packages are for nobody's cache.
void cache_archive(http::Response& response, Visibility visibility, const Settings& settings);

}  // namespace kontor
