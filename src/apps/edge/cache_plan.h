#pragma once
// What the cache in front of the registry may do with a request, before anything is asked of the
// registry. Whether an answer may be kept, and how long, its Cache-Control says.
#include "http/message.h"
#include "ports/package_records.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor::edge {

// An answer is kept under its tags and key. Tags are forgotten whole: "npm:<package>" and
// "ori:<package>" with every change of that package, "lists" with every change of any, "all" with
// every advisory, which may be about versions of any package.
struct CachePlan {
  enum class Use : std::uint8_t { none, read, change };
  Use use = Use::none;
  std::vector<std::string> tags;   // of a read
  std::string key;                 // of a read: all that the answer depends on
  bool counted = false;            // of a read: a download, which the registry is told of behind it
  std::vector<std::string> stale;  // tags a change makes so, once it was answered with success
};

// Reads without credential, range and condition are looked up and kept.
CachePlan cache_plan(const http::Request& request, const std::vector<std::string>& prefixes);

// The version whose archive a path of Ori's API names; nothing where it names none. Its downloads
// are counted together with what is left of the caller's allowance, so no plan says `counted`.
std::optional<VersionName> ori_download(std::string_view path);

}  // namespace kontor::edge
