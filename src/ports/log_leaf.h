#pragma once
// From events to leaves, and from leaves to what versions say of theirs: the one mapping that all
// stores share. For the commands that append.
#include "domain/policy.h"
#include "domain/principal.h"
#include "ports/log_records.h"
#include "tlog/leaf_values.h"
#include "tlog/merkle.h"

#include <string>

namespace kontor {

// A leaf that a command appends.
struct LoggedLeaf {
  LogPlace place;
  Bytes leaf;
};

// What leaves tell of a store's rows, as they stand before the command.
class LeafRows {
 public:
  virtual ~LeafRows() = default;
  // conflict where there is no such user.
  virtual Result<tlog::Account> account(UserId user) = 0;
  // The version that a tag of the package in question points at.
  virtual Result<std::optional<std::string>> tagged(const std::string& tag) = 0;
};

namespace log_leaf_detail {

struct FillIn {
  LeafRows& rows;
  const LogEvent& source;

  Result<void> operator()(tlog::OwnerEvent& event) { return about(event.account); }
  Result<void> operator()(tlog::TokenEvent& event) { return about(event.account); }
  Result<void> operator()(tlog::TagEvent& event) {
    auto before = rows.tagged(event.tag);
    if (!before) return fail(before);
    event.before = std::move(*before);
    return {};
  }
  template <class Event>
  Result<void> operator()(Event&) {
    return {};
  }

 private:
  Result<void> about(tlog::Account& account) {
    if (!source.about) return {};
    auto found = rows.account(*source.about);
    if (!found) return fail(found);
    account = std::move(*found);
    return {};
  }
};

}  // namespace log_leaf_detail

// The leaf but for its time. conflict where its author, or whom it is about, is gone.
inline Result<tlog::Leaf> resolve_event(LeafRows& rows, const LogEvent& event) {
  tlog::Leaf leaf{event.event, {tlog::Account("system"), event.by.credential}, 0};
  if (event.by.user) {
    auto account = rows.account(*event.by.user);
    if (!account) return fail(account);
    leaf.by.account = std::move(*account);
  }
  log_leaf_detail::FillIn fill{rows, event};
  if (auto done = std::visit(fill, leaf.event); !done) return fail(done);
  return leaf;
}

// --- events that stores make themselves ---------------------------------------------------------

// Whose log a package's changes go into.
inline LogId log_of(Visibility visibility) {
  return visibility == Visibility::open ? LogId::open : LogId::restricted;
}

inline LogEvent owner_event(LogId log, tlog::PackageRef package, tlog::Change change,
                            std::pair<UserId, OwnerRole> owner, LogAuthor by) {
  const char* role = owner.second == OwnerRole::maintainer ? "maintainer" : "reader";
  return {log, tlog::OwnerEvent{std::move(package), change, {}, tlog::Word(role)}, std::move(by),
          owner.first};
}

// Nothing for tokens that may change nothing: who reads is nobody's affair.
inline std::optional<LogEvent> token_event(tlog::Change change, UserId user, const std::string& key,
                                           TokenRights rights, LogAuthor by) {
  if (rights == TokenRights::read_only) return std::nullopt;
  const char* word = rights == TokenRights::publish ? "publish" : "full";
  return LogEvent{LogId::open, tlog::TokenEvent{change, {}, key, tlog::Word(word)}, std::move(by),
                  user};
}

// --- what a version says of its leaf ------------------------------------------------------------

// In the fragments of a version that is put: the place of the text below. JSON text never holds
// this byte raw.
inline constexpr char kPlaceMark = '\x02';

// JSON: the log, the index, the leaf hash in base64, and the path of the proof below the registry's
// address.
inline std::string place_text(const LoggedLeaf& logged, const tlog::PackageRef& package,
                              const std::string& version) {
  const std::string log(to_string(logged.place.log));
  return R"({"log":")" + log + R"(","index":)" + std::to_string(logged.place.index) +
         R"(,"leaf":")" + tlog::leaf_hash(logged.leaf).base64() + R"(","proof":"/log/)" + log +
         "/proof/" + tlog::spell(package).value_or("") + "@" + tlog::spell(version).value_or("") + "\"}";
}

inline std::string with_place(std::string fragment, std::string_view place) {
  if (const auto mark = fragment.find(kPlaceMark); mark != fragment.npos)
    fragment.replace(mark, 1, place);
  return fragment;
}

// The leaf of `leaves`, which are those of `events`, that tells of the version's publishing, or of
// its replacement.
struct PublishLeaf {
  std::optional<LogPlace> place;
  std::string text = "null";  // for with_place()
};

inline PublishLeaf find_publish_leaf(const std::vector<LogEvent>& events,
                                     const std::vector<LoggedLeaf>& leaves,
                                     const std::string& version) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto* published = std::get_if<tlog::PublishEvent>(&events[i].event);
    const auto* replaced = std::get_if<tlog::ReplaceEvent>(&events[i].event);
    if (published && published->version == version)
      return {leaves[i].place, place_text(leaves[i], published->package, version)};
    if (replaced && replaced->version == version)
      return {leaves[i].place, place_text(leaves[i], replaced->package, version)};
  }
  return {};
}

}  // namespace kontor
