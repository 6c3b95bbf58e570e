#pragma once
// A registry over in-memory stores for tests of accounts: a clock that is set, passwords stored as
// digests (so that a test can search the store for secrets), counters of what was asked.
#include "adapters/memory/account_store.h"
#include "adapters/memory/advisory_store.h"
#include "adapters/memory/blob_store.h"
#include "adapters/memory/failure_counter.h"
#include "adapters/memory/fakes.h"
#include "adapters/memory/package_store.h"
#include "adapters/memory/rate_limiter.h"
#include "registry/account_tokens.h"
#include "registry/accounts.h"
#include "registry/answer_cache.h"
#include "registry/credential_memory.h"
#include "registry/document_cache.h"
#include "registry/download_tally.h"
#include "registry/local_processor.h"
#include "tests/support/test_loop.h"

#include <string>

namespace kontor::test {

class DigestPasswordHasher final : public PasswordHasher {
 public:
  Task<std::string> hash(std::string password) override;
  Task<bool> verify(std::string phc, std::string password) override;
  bool outdated(const std::string& phc) const override { return phc.starts_with("$old$"); }
  static std::string old_hash(const std::string& password);

  int hashed = 0;
  int verified = 0;
};

class CountingObserver final : public Observer {
 public:
  void auth_failed(std::string_view reason) override { reasons.emplace_back(reason); }
  void failed(std::string_view, const Error& error) override { errors.push_back(error); }

  std::vector<std::string> reasons;
  std::vector<Error> errors;
};

struct AccountWorld {
  AccountWorld();

  template <class T>
  Result<T> run(Task<T> task) {
    return loop.run(std::move(task));
  }
  template <class Change>
  void change_settings(Change change) {
    auto settings = *registry.settings;
    change(settings);
    registry.settings = std::make_shared<const Settings>(std::move(settings));
  }

  // Puts a user into the store, past all rules.
  User add_user(const std::string& name, const std::string& password, bool admin = false);
  User user(const std::string& name);  // must exist
  // Somebody logged in by password, from 192.0.2.1.
  Actor actor(const std::string& name);
  Actor stranger(const std::string& address = "192.0.2.1");
  // Issues a token as the wish says and yields its text. The user's password is `password`.
  std::string add_token(const std::string& name, const std::string& password, TokenWish wish = {});
  // Turns two-factor on with the secret "12345678901234567890".
  void add_two_factor(const std::string& name, TwoFactorMode mode);
  // The secret of the user's authenticator app.
  std::string totp_secret(const std::string& name);
  std::string one_time_password(std::int64_t steps_ahead = 0) const;

  Result<Principal> authenticate(const std::string& header,
                                 const std::string& address = "192.0.2.1");
  std::vector<std::string> audited() const;  // actions, oldest first
  std::string everything_stored() const;     // all text and bytes in the store

  memory::Database database;
  memory::PackageStore packages{database};
  memory::AccountStore accounts{database};
  memory::AdvisoryStore advisories{database};
  memory::BlobStore blobs;
  memory::FakeClock clock;
  memory::FakeEntropy entropy;
  DigestPasswordHasher passwords;
  memory::FakeSecretBox secrets;
  memory::FailureCounter failures;
  CountingObserver observer;
  CredentialMemory credentials{entropy};
  DocumentCache documents{1 << 20};
  AnswerCache answers{1 << 20, entropy};
  DownloadTally downloads;
  LocalProcessor processor;
  memory::RateLimiter rates;
  Registry registry;
  TestLoop loop;
};

std::string basic(const std::string& name, const std::string& password);

}  // namespace kontor::test
