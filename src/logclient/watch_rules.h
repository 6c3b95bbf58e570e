#pragma once
// What a monitor finds in a log by reading it: entries that an honest registry does not write, and
// whatever concerns packages that somebody watches.
#include "tlog/leaf.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace kontor::logclient {

struct Alarm {
  std::string rule;         // a word: see docs/log.md
  std::uint64_t index = 0;  // of the entry
  std::string package;      // empty: none is concerned
  std::string text;         // a sentence
  bool operator==(const Alarm&) const = default;
};

// Whose entries are told of, besides those that break a rule.
struct Watched {
  std::vector<std::string> packages;  // names in which * stands for any characters
  std::set<std::string> accounts;     // what these do is expected
};

// A published release of a watched package, whose packument and archive are to be compared.
struct NewRelease {
  std::uint64_t index = 0;
  tlog::PublishEvent event;
};

struct Findings {
  std::vector<Alarm> alarms;
  std::vector<NewRelease> releases;
};

// Whether `name` fits; "scope/*" stands for "@scope/*".
bool matches(std::string_view pattern, std::string_view name);

// Fed with all entries of one log in order. Memory grows with the number of releases: 8 bytes each,
// and some for each package with its owners.
//
// Rules: not_a_leaf, time_went_back, published_twice, replaced, published_by_no_owner, key_changed,
// watched.
class WatchRules {
 public:
  explicit WatchRules(Watched watched) : watched_(std::move(watched)) {}

  // Adds what is found to `findings`.
  void entry(std::uint64_t index, ByteView leaf, Findings& findings);
  std::uint64_t latest_time() const { return time_; }  // of the entries so far; 0: none

 private:
  // Who may publish a package, as far as this log tells.
  struct Owners {
    std::set<std::string> accounts;
    std::set<std::string> publishers;  // "<provider>:<subject>"
    bool elsewhere = false;            // its visibility changed: owners may be in the other log
  };

  void publish(std::uint64_t index, const tlog::Leaf& leaf, const tlog::PublishEvent& event,
               Findings& findings);
  void keep_owners(const tlog::Leaf& leaf);
  void key(std::uint64_t index, const tlog::KeyEvent& event, Findings& findings);
  bool may_publish(const Owners& owners, const tlog::Author& by) const;
  bool is_watched(const std::string& package, const tlog::Author& by) const;

  Watched watched_;
  std::uint64_t time_ = 0;
  std::unordered_set<std::uint64_t> releases_;  // the first 64 bits of SHA-256 of package, version
  std::map<std::string, Owners> owners_;
  std::set<std::string> keyed_;  // what has a key by now
};

}  // namespace kontor::logclient
