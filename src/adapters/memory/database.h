#pragma once
// The rows behind the in-memory stores. Any number of stores may stand on one Database, all on one
// thread; nothing outlives the process.
#include "ports/account_store.h"
#include "ports/advisory_store.h"
#include "ports/device_login_store.h"
#include "ports/git_connection_store.h"
#include "ports/log_store.h"
#include "domain/rate_limit.h"
#include "ports/package_store.h"
#include "ports/purchase_store.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kontor::memory {

struct StoredEntry {
  SearchEntry entry;
  Timestamp published;  // of the version in it
};

// A package with everything that belongs to it. Changing a copy and putting it back whole is what
// makes apply() all-or-nothing.
struct PackageRow {
  PackageId id;
  PackageKey key;
  std::string collision_key;
  Visibility visibility = Visibility::open;
  std::uint64_t revision = 0;
  std::uint64_t policy_revision = 0;
  std::uint64_t rewritten = 0;
  Timestamp created;
  Timestamp modified;
  std::optional<Timestamp> unpublished;
  std::vector<std::pair<UserId, OwnerRole>> owners;  // in order of joining
  std::map<std::string, std::string> tags;
  std::set<UserId> stars;
  std::vector<std::shared_ptr<const VersionRecord>> versions;  // in order of publishing
  std::map<std::string, std::optional<LogPlace>> tombstones;
  std::map<std::string, std::vector<Attestation>> attestations;  // by version
  std::optional<StoredEntry> entry;
  std::optional<Transfer> transfer;
  std::uint64_t downloads = 0;
  Bytes findings;
  std::vector<Sha256> replaced;  // of artifacts that others took the place of

  const std::shared_ptr<const VersionRecord>* find_version(const std::string& number) const {
    for (const auto& version : versions)
      if (version->version == number) return &version;
    return nullptr;
  }
  const std::pair<UserId, OwnerRole>* find_owner(UserId user) const {
    for (const auto& owner : owners)
      if (owner.first == user) return &owner;
    return nullptr;
  }
};

struct StoredLeaf {
  std::uint64_t time = 0;
  Bytes leaf;
};

struct Database {
  std::map<PackageKey, PackageRow> packages;
  std::unordered_map<PackageId, PackageKey> package_keys;
  std::map<std::pair<PackageKey, Day>, std::map<std::string, std::uint64_t>> downloads;
  std::map<std::pair<FormatId, Day>, std::uint64_t> public_downloads;
  std::vector<DownloadRecord> download_records;  // in order of arrival
  std::vector<PackageStore::AuditRow> audit;  // oldest first

  std::map<std::pair<FormatId, std::string>, UserId> scopes;
  std::map<std::uint64_t, RateState> rates;  // see rate_store.h
  std::map<LogId, std::vector<StoredLeaf>> logs;
  std::map<std::string, std::string> facts;

  std::map<UserId, User> users;
  std::map<std::string, UserId> former_names;
  std::map<std::string, TokenRecord> tokens;               // by key
  std::map<Sha256, WebLogin> web_logins;                   // by id
  std::map<Sha256, DeviceLogin> device_logins;             // by id
  std::map<UserId, GitConnection> git_connections;
  std::map<PackageId, Price> prices;
  std::vector<Purchase> purchases;  // in order of noting
  std::map<std::string, RevokedSession> revoked_sessions;  // by id
  std::map<std::string, AdvisoryRecord> advisories;        // by id
  std::map<AdvisorySubject, std::uint64_t> advisory_marks;
  std::set<PackageKey> waiting_scans;
  std::string advisory_rules;
  std::uint64_t last_advisory = 0;
  std::int64_t last_user = 0;
  std::int64_t last_package = 0;
  std::uint64_t changes = 0;  // of packages, users and tokens; also of some that changed nothing

  const User* find_user(const std::string& name) const {
    for (const auto& [id, user] : users)
      if (user.name == name) return &user;
    return nullptr;
  }
};

}  // namespace kontor::memory
