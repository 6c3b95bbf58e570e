#pragma once
// What every use case stands on: the ports of one loop and the settings in force. `main` builds one
// Registry a loop; use cases are free functions that take it first.
#include "domain/policy.h"
#include "ports/account_store.h"
#include "ports/blob_store.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/failure_counter.h"
#include "ports/observer.h"
#include "ports/package_processor.h"
#include "ports/package_store.h"
#include "ports/password_hasher.h"
#include "ports/rate_limiter.h"
#include "ports/secret_box.h"
#include "registry/settings.h"

#include <memory>
#include <span>

namespace kontor {

class AdvisoryStore;
class AnswerCache;
class CredentialMemory;
class DocumentCache;
class DocumentShelf;
class DownloadTally;
class Rehearsals;
struct Format;

// What is known about vulnerable and malicious packages, and the formats it can be judged for.
struct Advisories {
  AdvisoryStore& store;
  std::span<const Format* const> formats;
};

struct Registry {
  PackageStore& packages;
  AccountStore& accounts;
  BlobStore& blobs;
  Clock& clock;
  Entropy& entropy;
  PasswordHasher& passwords;
  SecretBox& secrets;
  FailureCounter& failures;
  Observer& observer;
  CredentialMemory& credentials;
  DocumentCache& documents;
  AnswerCache& answers;
  DownloadTally& downloads;
  Advisories advisories;
  PackageProcessor& processor;
  RateLimiter& rates;
  // Replaced as a whole on reload, on the loop's own thread; take a copy of the pointer where it
  // must stay the same across a co_await.
  std::shared_ptr<const Settings> settings;
  Rehearsals* rehearsals = nullptr;  // null: the stores are here, asking ahead gains nothing
  DocumentShelf* shelf = nullptr;    // null: documents are kept by this loop alone
};

}  // namespace kontor
