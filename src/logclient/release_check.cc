// Comparisons that name both sides.
#include "logclient/release_check.h"

#include <algorithm>

namespace kontor::logclient {
namespace {

template <class D>
void add_digest(std::string_view base64, std::vector<D>& digests) {
  const auto bytes = from_base64(base64);
  const auto digest = bytes ? D::from_bytes(*bytes) : std::nullopt;
  if (digest) digests.push_back(*digest);
}

std::unexpected<Error> differs(std::string_view where, std::string_view algorithm,
                               std::string_view found, std::string_view expected,
                               std::string_view by) {
  std::string text(where);
  text.append(" has ").append(algorithm).append("-").append(found);
  text.append(", but ").append(by).append(" says ").append(algorithm).append("-").append(expected);
  return fail(Code::checksum_mismatch, text + ".");
}

template <class D>
Result<void> one_of(const std::vector<D>& stated, const D& digest, std::string_view algorithm,
                    std::string_view where, std::string_view by) {
  if (std::ranges::find(stated, digest) != stated.end()) return {};
  return differs(where, algorithm, digest.base64(), stated.front().base64(), by);
}

// Of an event that says what a version is made of.
template <class Event>
Result<tlog::Archive> archive_for(const Event& event, const Release& release) {
  if (event.package == release.package && event.version == release.version) return event.archive;
  return fail(Code::invalid_proof, "The leaf tells of " + event.package.format + "/" +
                                       event.package.name + "@" + event.version + " and not of " +
                                       release.package.format + "/" + release.text() + ".");
}

}  // namespace

Integrity parse_integrity(std::string_view text) {
  Integrity all;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" \t\r\n"), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    word = word.substr(0, word.find('?'));  // options
    if (word.starts_with("sha512-")) add_digest(word.substr(7), all.sha512);
    if (word.starts_with("sha256-")) add_digest(word.substr(7), all.sha256);
    if (word.starts_with("sha1-")) add_digest(word.substr(5), all.sha1);
  }
  if (!all.sha512.empty()) all.sha256.clear();
  if (!all.sha512.empty() || !all.sha256.empty()) all.sha1.clear();
  return all;
}

Result<tlog::Archive> logged_archive(ByteView leaf, const Release& release) {
  const auto parsed = tlog::parse_leaf(leaf);
  if (!parsed) return std::unexpected(parsed.error());
  if (const auto* replaced = std::get_if<tlog::ReplaceEvent>(&parsed->event))
    return archive_for(*replaced, release);
  const auto* event = std::get_if<tlog::PublishEvent>(&parsed->event);
  if (!event)
    return fail(Code::invalid_proof, "The leaf tells of '" +
                                         std::string(tlog::kind_of(parsed->event)) +
                                         "' and not of a publish of " + release.text() + ".");
  return archive_for(*event, release);
}

Result<Strength> check_integrity(const tlog::Archive& logged, std::string_view text,
                                 std::string_view where) {
  const Integrity stated = parse_integrity(text);
  Result<void> same;
  if (!stated.sha512.empty())
    same = one_of(stated.sha512, logged.sha512, "sha512", "The log", where);
  else if (!stated.sha256.empty())
    same = one_of(stated.sha256, logged.sha256, "sha256", "The log", where);
  else
    return Strength::unproved;
  if (!same) return fail(same);
  return Strength::proved;
}

Result<void> check_bytes(const tlog::Archive& logged, const ArchiveDigests& bytes,
                         std::string_view where) {
  if (bytes.sha512 != logged.sha512)
    return differs(where, "sha512", bytes.sha512.base64(), logged.sha512.base64(), "the log");
  if (bytes.sha256 != logged.sha256)
    return differs(where, "sha256", bytes.sha256.base64(), logged.sha256.base64(), "the log");
  if (bytes.size != logged.size)
    return fail(Code::checksum_mismatch, std::string(where) + " has " + std::to_string(bytes.size) +
                                             " bytes, but the log says " +
                                             std::to_string(logged.size) + ".");
  return {};
}

Result<void> check_bytes(std::string_view text, const ArchiveDigests& bytes,
                         std::string_view where) {
  const Integrity stated = parse_integrity(text);
  constexpr std::string_view kBy = "its integrity";
  if (!stated.sha512.empty()) return one_of(stated.sha512, bytes.sha512, "sha512", where, kBy);
  if (!stated.sha256.empty()) return one_of(stated.sha256, bytes.sha256, "sha256", where, kBy);
  if (!stated.sha1.empty()) return one_of(stated.sha1, bytes.sha1, "sha1", where, kBy);
  return {};
}

}  // namespace kontor::logclient
