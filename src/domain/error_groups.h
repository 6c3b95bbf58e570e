#pragma once
// Failures of the server sorted by what went wrong, so that a thousand of one kind are one line.
// Row HLT-02.
#include "base/error.h"
#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor {

struct ErrorGroup {
  std::string id;     // twelve hex digits of the signature's digest
  std::string code;   // of the catalogue
  std::string cause;  // of the newest one; never a secret
  std::uint64_t count = 0;
  Timestamp first;
  Timestamp last;
  std::vector<std::string> requests;  // ids of the newest, newest first
  bool operator==(const ErrorGroup&) const = default;
};

// What failures of one kind have in common: code and cause, with numbers and digests left out.
std::string error_signature(const Error& error);

// One thread at a time. Remembers a bounded number of groups; a new one takes the place of the one
// not seen for longest.
class ErrorGroups {
 public:
  static constexpr std::size_t kGroups = 200;
  static constexpr std::size_t kRequests = 200;  // of a group
  static constexpr std::size_t kCauseBytes = 1024;

  void add(std::string_view request_id, const Error& error, Timestamp now);
  std::vector<ErrorGroup> list() const;  // last seen first
  // By the group's id, or by the id of one of the requests it remembers.
  std::optional<ErrorGroup> find(std::string_view id) const;
  void clear() { groups_.clear(); }
  // What an earlier process remembered.
  void restore(std::vector<ErrorGroup> groups);

 private:
  std::vector<ErrorGroup> groups_;
};

}  // namespace kontor
