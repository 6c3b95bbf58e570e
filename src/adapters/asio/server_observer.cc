// Keeps credentials that clients put into paths out of logs.
#include "adapters/asio/server_observer.h"

#include <algorithm>
#include <array>

namespace kontor::net {
namespace {

constexpr std::size_t kMaxTarget = 256;
constexpr std::size_t kMaxPlainSegment = 64;
constexpr std::string_view kTokenStart = "npm_";
constexpr std::ptrdiff_t kShortestToken = 20;

// Route parameters whose values are public names.
constexpr std::array<std::string_view, 12> kPublic = {"pkg",    "name",    "version", "tag",
                                                      "file",   "scope",   "user",    "package",
                                                      "format", "tarball", "period",  "team"};

bool is_public(std::string_view pattern) {
  while (true) {
    const auto at = pattern.find("/:");
    if (at == pattern.npos) return true;
    pattern.remove_prefix(at + 2);
    const auto name = pattern.substr(0, pattern.find('/'));
    if (std::ranges::find(kPublic, name) == kPublic.end()) return false;
  }
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Takes out what looks like one of our tokens, wherever it stands: a client that put it into the
// wrong place has named a package by it.
void mask_tokens(std::string& text) {
  for (auto at = text.find(kTokenStart); at != text.npos; at = text.find(kTokenStart, at + 1)) {
    const auto secret = text.begin() + static_cast<std::ptrdiff_t>(at + kTokenStart.size());
    const auto end = std::find_if_not(secret, text.end(), is_alphanumeric);
    if (end - secret >= kShortestToken) text.replace(secret, end, "***");
  }
}

std::string masked(std::string_view path) {
  std::string out;
  while (!path.empty() && out.size() < kMaxTarget) {
    const auto end = std::min(path.find('/', 1), path.size());
    const auto segment = path.substr(0, end);
    const bool secret = segment.starts_with("/npm_") || segment.size() > kMaxPlainSegment;
    out.append(secret ? "/***" : segment);
    path.remove_prefix(end);
  }
  return out;
}

}  // namespace

std::string log_target(const RequestSummary& summary) {
  std::string out = summary.pattern.empty()      ? masked(summary.path)
                    : is_public(summary.pattern) ? std::string(summary.path)
                                                 : std::string(summary.pattern);
  mask_tokens(out);
  if (out.size() > kMaxTarget) out.resize(kMaxTarget);
  return out;
}

}  // namespace kontor::net
