// kontor_fill DATA_DIR PACKAGES VERSIONS: makes a data directory that holds so many packages, each
// with so many versions, past HTTP and the upload: for what is measured on a large store. Rows,
// search entries and leaves of the logs are those of real publishes; all versions share one
// tarball, so the blobs of a real store come on top. `kontor serve` opens the directory. The
// packages belong to "admin" where that account is there already, else to a new one, "ann".
#include "adapters/filesystem/blob_store.h"
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/system/system_clock.h"
#include "adapters/system/system_entropy.h"
#include "adapters/system/thread_workers.h"
#include "apps/server/data_dir.h"
#include "formats/npm/manifest.h"
#include "formats/npm/search_entry.h"
#include "registry/actor.h"
#include "registry/log/log_notes.h"
#include "tests/support/test_loop.h"

#include "bench/load/sample_package.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace kontor::fill {
namespace {

constexpr int kAtOnce = 512;

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "kontor_fill: %s (%s)\n", std::string(result.error().message()).c_str(),
                 result.error().cause.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// Names and texts of made-up words, common ones more often, as in real packages.
class Words {
 public:
  Words() {
    static constexpr std::string_view kConsonants = "bcdfghjklmnprstvz", kVowels = "aeiou";
    for (auto& word : list_)
      for (auto n = 1 + random_() % 4; n > 0; --n) {
        word += kConsonants[random_() % kConsonants.size()];
        word += kVowels[random_() % kVowels.size()];
      }
  }
  const std::string& pick() {
    const double skew = std::uniform_real_distribution<>(0, 1)(random_);
    return list_[static_cast<std::size_t>(skew * skew * skew *
                                          static_cast<double>(list_.size() - 1))];
  }

 private:
  std::mt19937 random_{7};
  std::array<std::string, 20'000> list_;
};

struct Store {
  explicit Store(const std::string& path)
      : data(must(DataDir::open(path))), commits(fs::BlobLayout{data.blobs()}), workers(2, 64) {
    must(commits.prepare());
    database = must(sqlite::Database::open({.path = data.database(), .now = clock.now()}));
    session = must(sqlite::LocalSession::open(*database, loop));
  }
  ~Store() {
    database->stop();
    workers.stop();
  }

  DataDir data;
  host::SystemClock clock;
  host::SystemEntropy entropy;
  fs::CommitQueue commits;
  host::ThreadWorkers workers;
  test::TestLoop loop;
  std::unique_ptr<sqlite::Database> database;
  std::unique_ptr<sqlite::LocalSession> session;
};

Task<BlobDigests> keep(BlobStore* blobs, std::string bytes) {
  auto writer = co_await blobs->stage();
  co_await writer->append(bytes);
  const auto digests = co_await writer->seal();
  co_await writer->commit();
  co_return digests;
}

// The owner of it all.
Actor publisher(Store& store) {
  sqlite::AccountStore accounts(*store.session);
  Actor actor;
  if (const auto admin = must(store.loop.run(accounts.find_user("admin")))) {
    actor.principal.user = admin->id;
    actor.principal.name = admin->name;
    return actor;
  }
  User user{.name = "ann", .email = "ann@example.org"};
  user.created = user.updated = store.clock.now();
  actor.principal.user = must(store.loop.run(accounts.create_user(user)));
  actor.principal.name = "ann";
  return actor;
}

class Filler {
 public:
  Filler(Store& store, int versions)
      : store_(store), packages_(*store.session), versions_(versions), actor_(publisher(store)) {
    fs::BlobStore blobs(store.commits, store.entropy, store.workers, store.loop);
    archive_ = must(store.loop.run(keep(&blobs, load::tarball_of({"sample", "1.0.0"}))));
  }

  void run(int packages) {
    for (int i = 0; i < packages; i += kAtOnce) {
      std::vector<Task<AppliedChange>> tasks;
      for (int j = i; j < std::min(packages, i + kAtOnce); ++j)
        tasks.push_back(packages_.apply(change_of(j)));
      for (auto& result : store_.loop.run_all(std::move(tasks))) must(std::move(result));
    }
  }

 private:
  Publication publication(const std::string& name, const std::string& description, int number);
  PackageChange change_of(int number);

  Store& store_;
  sqlite::PackageStore packages_;
  const int versions_;
  const Actor actor_;
  BlobDigests archive_;
  Words words_;
};

Publication Filler::publication(const std::string& name, const std::string& description,
                                int number) {
  Publication out{.key = {FormatId::npm, name}};
  VersionRecord& record = out.version;
  record.version = "1.0." + std::to_string(number);
  const Json manifest = {{"name", name},
                         {"version", record.version},
                         {"description", description},
                         {"main", "index.js"},
                         {"keywords", {words_.pick(), words_.pick()}},
                         {"license", "MIT"},
                         {"scripts", {{"test", "node test.js"}}},
                         {"dependencies", {{words_.pick(), "^1.3.0"}, {words_.pick(), "^4.18.2"}}},
                         {"engines", {{"node", ">=18"}}}};
  auto fragments =
      must(npm::make_fragments(manifest, {.name = name,
                                          .version = record.version,
                                          .archive = archive_,
                                          .publisher = {"ann", "ann@example.org"},
                                          .maintainers = {{"ann", "ann@example.org"}}}));
  record.manifest = std::move(fragments.full);
  record.abbreviated = std::move(fragments.abbreviated);
  record.readme = "# " + name + "\n\n" + description + "\n";
  record.published = store_.clock.now();
  record.publisher = *actor_.principal.user;
  record.file_name = npm::tarball_file_name(name, record.version);
  record.archive = archive_;
  out.search = npm::make_search_entry(record);
  out.manifest = fragments.digest;
  return out;
}

PackageChange Filler::change_of(int number) {
  const std::string name = words_.pick() + "-" + words_.pick() + "-" + std::to_string(number);
  std::string description = "A package";
  for (int i = 0; i < 8; ++i) description += ' ' + words_.pick();
  PackageChange change{.key = {FormatId::npm, name}, .at = store_.clock.now()};
  change.create = CreatePackage{.owner = *actor_.principal.user};
  LogNotes notes(actor_, change.key, Visibility::open);
  for (int i = 0; i < versions_; ++i) {
    auto publication = this->publication(name, description, i);
    notes.published(publication);
    change.ops.push_back(PutVersion{publication.version});
    if (i + 1 < versions_) continue;
    notes.tagged("latest", publication.version.version);
    change.ops.push_back(SetTag{"latest", publication.version.version});
    change.ops.push_back(PutSearchEntry{std::move(publication.search)});
  }
  notes.owner_added(*actor_.principal.user);
  change.log = std::move(notes).take();
  return change;
}

}  // namespace
}  // namespace kontor::fill

int main(int count, char** arguments) {
  if (count != 4) {
    std::fputs("usage: kontor_fill DATA_DIR PACKAGES VERSIONS\n", stderr);
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  kontor::fill::Store store(arguments[1]);
  const int packages = std::atoi(arguments[2]);
  kontor::fill::Filler(store, std::atoi(arguments[3])).run(packages);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("{\"packages\":%d,\"seconds\":%.1f,\"rate\":%.0f}\n", packages, seconds.count(),
              packages / seconds.count());
}
