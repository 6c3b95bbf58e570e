// One function for each kind of leaf.
#include "registry/log/log_notes.h"

#include "base/sha256.h"

namespace kontor {
namespace {

std::string spelt(Visibility visibility) {
  return visibility == Visibility::open ? "public" : "restricted";
}

tlog::Archive archive_of(const Publication& publication) {
  const BlobDigests& bytes = publication.version.archive;
  return {bytes.size, bytes.sha256, bytes.sha512, publication.manifest};
}

}  // namespace

LogAuthor log_author(const Actor& actor) {
  using Kind = tlog::Credential::Kind;
  const Principal& who = actor.principal;
  if (!who.user) return {std::nullopt, {Kind::job, "registry", {}}};
  if (who.token_key.empty()) return {who.user, {Kind::session, {}, {}}};
  return {who.user, {Kind::token, who.token_key, {}}};
}

LogNotes::LogNotes(const Actor& actor, const PackageKey& key, Visibility visibility)
    : by_(log_author(actor)),
      package_{std::string(to_string(key.format)), key.name},
      log_(log_of(visibility)) {}

void LogNotes::published(const Publication& publication) {
  add(tlog::PublishEvent{package_, publication.version.version, archive_of(publication)});
}

void LogNotes::replaced(const Publication& publication, const Sha256& before) {
  add(tlog::ReplaceEvent{package_, publication.version.version, archive_of(publication), before});
}

void LogNotes::withdrawn(std::string version, std::string_view reason) {
  add(tlog::WithdrawEvent{package_, std::move(version), tlog::Word(std::string(reason))});
}

void LogNotes::yanked(std::string version) {
  add(tlog::YankEvent{package_, std::move(version), tlog::Word("owner")});
}

void LogNotes::unyanked(std::string version) {
  add(tlog::UnyankEvent{package_, std::move(version), tlog::Word("owner")});
}

void LogNotes::tagged(std::string tag, std::optional<std::string> version) {
  add(tlog::TagEvent{package_, std::move(tag), {}, std::move(version)});
}

void LogNotes::deprecated(std::string version, const std::string& text) {
  const auto message = text.empty() ? std::nullopt : std::optional(sha256(text));
  add(tlog::DeprecateEvent{package_, std::move(version), message});
}

void LogNotes::owner_added(UserId user, OwnerRole role) {
  owner(tlog::Change::add, user, role);
}

void LogNotes::owner_removed(UserId user, OwnerRole role) {
  owner(tlog::Change::remove, user, role);
}

void LogNotes::became(Visibility before, Visibility after) {
  add(tlog::PolicyEvent{package_, tlog::Word("visibility"), spelt(before), spelt(after)});
}

void LogNotes::quarantined(std::string version, std::string advisory) {
  add(tlog::QuarantineEvent{package_, std::move(version), tlog::Word("advisory"),
                            std::move(advisory)});
}

void LogNotes::released(std::string version) {
  add(tlog::ReleaseEvent{package_, std::move(version), tlog::Word("advisory")});
}

void LogNotes::owner(tlog::Change change, UserId user, OwnerRole role) {
  events_.push_back(owner_event(log_, package_, change, {user, role}, by_));
}

void LogNotes::add(tlog::Event event) {
  events_.push_back({log_, std::move(event), by_, {}});
}

}  // namespace kontor
