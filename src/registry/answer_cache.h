#pragma once
// Finished answers about packages and logs, by what was asked. It only stores; what may be kept and
// who may be given it is decided in ready_answers.h.
//
// The budget is shared fairly: one path has at most kForms forms, and what is asked for once leaves
// before what is asked for again (the SIEVE order of eviction).
#include "domain/policy.h"
#include "http/ready.h"
#include "http/route.h"
#include "ports/entropy.h"
#include "registry/settings.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kontor {

// All of a request that an answer about a package depends on, besides the caller and the time.
struct AnswerKey {
  std::string_view path;  // raw
  std::string_view base_url;
  std::string_view accept;
  std::string_view accept_encoding;
};

// What an answer tells about, as it was when the answer was made.
struct AnswerSubject {
  PackageKey key;
  Visibility visibility = Visibility::open;
  std::vector<Owner> owners;
  std::uint32_t place = 0;  // of the package's stamp
  std::uint64_t stamp = 0;  // taken before the package was loaded
  Timestamp modified;       // of what is sent, for If-Modified-Since
  std::string version;      // of the archive that is sent; empty: a document
};

// A number that is another one once an answer may have to be another one.
using AnswerStamp = std::function<std::uint64_t()>;

struct KeptAnswer {
  AnswerSubject subject;
  AnswerStamp stamp;         // what subject.stamp was taken from; empty: from the package
  Resource resource;         // of the subject, for decide()
  std::string_view family;   // of the route
  std::string_view pattern;  // of the route
  const http::RateGroups* rates = nullptr;
  std::string etag;
  std::shared_ptr<const http::ReadyHead> full;          // null: not known yet
  std::shared_ptr<const http::ReadyHead> not_modified;  // 304; null: there is none
  http::Body body;  // of `full` where it is a blob; documents are in the DocumentCache
};

// One a loop.
class AnswerCache {
 public:
  static constexpr std::size_t kForms = 16;         // of one path
  static constexpr std::size_t kLongestKey = 2048;  // bytes

  AnswerCache(std::uint64_t max_bytes, Entropy& entropy);
  ~AnswerCache();
  AnswerCache(const AnswerCache&) = delete;

  // Null where nothing is kept; valid until the next call of another member.
  const KeptAnswer* find(const AnswerKey& key);
  // Replaces what was kept under the key. Not kept where the key is too long.
  void put(const AnswerKey& key, KeptAnswer answer);
  // Answers depend on the settings: forgets all where these are others than before.
  void use(const std::shared_ptr<const Settings>& settings);
  void clear();

  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Form;
  struct Hash {
    using is_transparent = void;
    std::uint64_t key0, key1;
    std::size_t operator()(std::string_view path) const;
  };
  using Paths =
      std::unordered_map<std::string, std::vector<std::unique_ptr<Form>>, Hash, std::equal_to<>>;

  void make_room(std::uint64_t bytes);
  void link(Form& form);
  void unlink(Form& form);
  void remove(Form& form);

  const std::uint64_t max_bytes_;
  std::uint64_t bytes_ = 0;
  Paths paths_;
  Form* newest_ = nullptr;  // all forms, in the order in which they came
  Form* oldest_ = nullptr;
  Form* hand_ = nullptr;  // where the search for what may go continues
  std::shared_ptr<const Settings> settings_;
};

}  // namespace kontor
