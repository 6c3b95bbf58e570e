// Measures the stores on a real folder: durable publishes, blobs, lookups and search. Prints a
// table; nothing here asserts on time.
// Usage: bench_store [folder] [number of packages for the search part | syncs]
#include "adapters/filesystem/blob_store.h"
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/system/system_entropy.h"
#include "adapters/system/thread_workers.h"
#include "base/sha256.h"
#include "tests/support/package_builders.h"
#include "tests/support/test_loop.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

namespace kontor {
namespace {

using SteadyClock = std::chrono::steady_clock;
using test::TestLoop;

double micros_since(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::micro>(SteadyClock::now() - start).count();
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "failed: %s %s\n", result.error().detail.c_str(),
                 result.error().cause.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

void print_row(const char* what, std::vector<double>& micros, double seconds) {
  std::ranges::sort(micros);
  const auto at = [&](double part) {
    return micros[static_cast<std::size_t>(part * static_cast<double>(micros.size() - 1))];
  };
  std::printf("%-46s %9.0f/s   p50 %9.1f us   p99 %9.1f us   max %9.1f us\n", what,
              static_cast<double>(micros.size()) / seconds, at(0.5), at(0.99), at(1));
  std::fflush(stdout);
}

// The stores of one loop, on one thread.
struct Shard {
  Shard(sqlite::Database& database, fs::CommitQueue& commits, Entropy& entropy, Workers& workers)
      : session(must(sqlite::LocalSession::open(database, loop))),
        packages(*session),
        accounts(*session),
        blobs(commits, entropy, workers, loop) {}

  TestLoop loop;
  std::unique_ptr<sqlite::LocalSession> session;
  sqlite::PackageStore packages;
  sqlite::AccountStore accounts;
  fs::BlobStore blobs;
};

struct Stand {
  explicit Stand(const std::string& folder)
      : commits(fs::BlobLayout{folder + "/blobs"}), workers(4, 1000) {
    must(commits.prepare());
    database = must(sqlite::Database::open({folder + "/kontor.db", test::kNoon, {}}));
    for (int i = 0; i < 2; ++i)
      shards.push_back(std::make_unique<Shard>(*database, commits, entropy, workers));
    Shard& first = *shards[0];
    ann = must(first.loop.run(first.accounts.create_user(test::user_named("ann"))));
  }
  fs::CommitQueue commits;
  host::SystemEntropy entropy;
  std::unique_ptr<sqlite::Database> database;
  std::vector<std::unique_ptr<Shard>> shards;
  host::ThreadWorkers workers;
  UserId ann;
};

// 5 KB of manifest and 1 KB of abbreviated manifest, as real packages have.
PackageChange publish_of(const std::string& name, UserId owner, const std::string& number,
                         bool create) {
  auto change =
      test::first_publish(name, owner, number, "A library for " + name, {"library", "node", name});
  auto& record = std::get<PutVersion>(change.ops[0]).record;
  record.manifest.append(5000, 'm');
  record.abbreviated.append(1000, 'a');
  record.readme.assign(3000, 'r');
  change.audit.push_back({"ann", "0123456789abcdef", "192.0.2.1", "publish", name, "", "r"});
  if (!create) change.create.reset();
  return change;
}

enum class Part { rows, blobs, both };

struct Plan {
  Part part;
  bool one_package;
  int first;
  int count;
};

Task<> publish_blob(BlobStore* store, std::string bytes) {
  auto writer = co_await store->stage();
  co_await writer->append(bytes);
  co_await writer->seal();
  co_await writer->commit();
  co_return {};
}

Task<> client(Stand* stand, Shard* shard, Plan plan, int index, int step,
              std::vector<double>* micros) {
  for (int i = plan.first + index; i < plan.first + plan.count; i += step) {
    const auto start = SteadyClock::now();
    if (plan.part != Part::rows) {
      std::string bytes(10'000, 'b');
      bytes += std::to_string(i) + (plan.one_package ? "one" : "many");
      co_await publish_blob(&shard->blobs, std::move(bytes));
    }
    if (plan.part != Part::blobs) {
      const std::string number = std::to_string(i) + ".0.0";
      co_await shard->packages.apply(
          plan.one_package ? publish_of("single", stand->ann, number, false)
                           : publish_of("package-" + std::to_string(i), stand->ann, "1.0.0", true));
    }
    micros->push_back(micros_since(start));
  }
  co_return {};
}

void run_publishes(Stand& stand, const char* what, Plan plan, int clients) {
  std::vector<std::vector<double>> micros(stand.shards.size());
  const auto start = SteadyClock::now();
  std::vector<std::thread> threads;
  const int shards = static_cast<int>(stand.shards.size());
  for (int s = 0; s < shards; ++s)
    threads.emplace_back([&, s] {
      std::vector<Task<>> tasks;
      for (int c = s; c < clients; c += shards)
        tasks.push_back(client(&stand, stand.shards[s].get(), plan, c, clients, &micros[s]));
      for (auto& result : stand.shards[s]->loop.run_all(std::move(tasks))) must(std::move(result));
    });
  for (auto& thread : threads) thread.join();
  std::vector<double> all;
  for (auto& part : micros) all.insert(all.end(), part.begin(), part.end());
  print_row(what, all, micros_since(start) / 1e6);
}

template <class MakeTask>
void run_lookups(Shard& shard, const char* what, int count, MakeTask make) {
  std::vector<double> micros;
  const auto start = SteadyClock::now();
  for (int i = 0; i < count; ++i) {
    const auto begin = SteadyClock::now();
    must(shard.loop.run(make(i)));
    micros.push_back(micros_since(begin));
  }
  print_row(what, micros, micros_since(start) / 1e6);
}

// --- search -----------------------------------------------------------------------------------

class Words {
 public:
  Words() {
    const std::string consonants = "bcdfghjklmnprstvz", vowels = "aeiou";
    for (int i = 0; i < 20'000; ++i) {
      std::string word;
      for (int n = 1 + static_cast<int>(random_() % 4); n > 0; --n) {
        word += consonants[random_() % consonants.size()];
        word += vowels[random_() % vowels.size()];
      }
      list_.push_back(word);
    }
  }
  // Common words come often, as in real texts.
  const std::string& pick() {
    const double skew = std::uniform_real_distribution<>(0, 1)(random_);
    return list_[static_cast<std::size_t>(skew * skew * skew * 19'999)];
  }
  std::mt19937& random() { return random_; }

 private:
  std::mt19937 random_{7};
  std::vector<std::string> list_;
};

PackageChange searchable(Words& words, UserId owner, int i) {
  const std::string name = words.pick() + "-" + words.pick() + std::to_string(i);
  std::string text = "js";
  for (int n = 0; n < 12; ++n) text += ' ' + words.pick();
  auto change = test::first_publish(name, owner, "1.0.0", text, {words.pick(), words.pick(), "js"});
  if (i % 20 == 0) change.create->visibility = Visibility::restricted;
  return change;
}

void load_packages(Stand& stand, Words& words, int count) {
  Shard& shard = *stand.shards[0];
  std::vector<double> micros;
  const auto start = SteadyClock::now();
  for (int i = 0; i < count; i += 500) {
    std::vector<Task<AppliedChange>> tasks;
    for (int j = i; j < std::min(count, i + 500); ++j)
      tasks.push_back(shard.packages.apply(searchable(words, stand.ann, j)));
    const auto begin = SteadyClock::now();
    const auto size = tasks.size();
    for (auto& result : shard.loop.run_all(std::move(tasks))) must(std::move(result));
    micros.insert(micros.end(), size, micros_since(begin) / static_cast<double>(size));
  }
  print_row("load packages, 500 callers", micros, micros_since(start) / 1e6);
}

SearchQuery query_of(std::vector<std::string> list) {
  SearchQuery query;
  query.words = std::move(list);
  query.viewer.user = UserId(2);
  return query;
}

void run_searches(Stand& stand, Words& words, const char* note) {
  Shard& shard = *stand.shards[0];
  const auto search = [&](const char* what, int count, auto make) {
    run_lookups(shard, (std::string(what) + note).c_str(), count,
                [&](int) { return shard.packages.search(query_of(make())); });
  };
  using List = std::vector<std::string>;
  search("search: a word", 2000, [&] { return List{words.pick()}; });
  search("search: a beginning of 1 letter", 500, [&] { return List{words.pick().substr(0, 1)}; });
  search("search: a beginning of 2 letters", 500, [&] { return List{words.pick().substr(0, 2)}; });
  search("search: a beginning of 5 letters", 500, [&] { return List{words.pick().substr(0, 5)}; });
  search("search: two words", 1000, [&] { return List{words.pick(), words.pick()}; });
  search("search: js, in every package", 500, [&] { return List{"js"}; });
  search("search: js and a word", 1000, [&] { return List{"js", words.pick()}; });
  search("search: nothing asked for", 200, [&] { return List{}; });
}

// Only 4,000 publishes, for counting system calls:
//   strace -f -c -e trace=fsync,fdatasync,rename,link bench_store folder syncs
void run_publishes_only(const std::string& folder) {
  Stand stand(folder);
  run_publishes(stand, "blob and rows, new packages, 32 callers", {Part::both, false, 0, 4000}, 32);
}

void run_all(const std::string& folder, int search_packages) {
  Stand stand(folder);
  Shard& shard = *stand.shards[0];
  run_publishes(stand, "rows of new packages, 1 caller", {Part::rows, false, 0, 500}, 1);
  run_publishes(stand, "rows of new packages, 32 callers", {Part::rows, false, 1000, 5000}, 32);
  run_publishes(stand, "blobs of 10 KB, 32 callers", {Part::blobs, false, 0, 2000}, 32);
  run_publishes(stand, "blob and rows, new packages, 32 callers", {Part::both, false, 20'000, 4000},
                32);
  must(shard.loop.run(shard.packages.apply(publish_of("single", stand.ann, "0.0.0", true))));
  run_publishes(stand, "one package, versions 1-100, 1 caller", {Part::rows, true, 1, 100}, 1);
  run_publishes(stand, "one package, blob and rows, 32 callers", {Part::both, true, 101, 4900}, 32);
  run_publishes(stand, "one package, versions 5001-5100, 1 caller", {Part::rows, true, 5001, 100},
                1);

  const PackageId id = must(shard.loop.run(shard.packages.find(test::key_of("single"))))->id;
  run_lookups(shard, "find a package", 20'000, [&](int i) {
    return shard.packages.find(test::key_of("package-" + std::to_string(1000 + i % 5000)));
  });
  run_lookups(shard, "find an archive", 20'000, [&](int i) {
    return shard.packages.find_archive(id, "single-" + std::to_string(1 + i % 5000) + ".0.0.tgz");
  });
  run_lookups(shard, "5,100 abbreviated fragments", 20,
              [&](int) { return shard.packages.fragments(id, FragmentKind::abbreviated); });
  run_lookups(shard, "5,100 manifests (26 MB)", 10,
              [&](int) { return shard.packages.fragments(id, FragmentKind::manifest); });
  must(shard.loop.run(
      shard.accounts.put_token({.key = "k", .secret = sha256("t"), .user = stand.ann})));
  run_lookups(shard, "find a token with its user", 20'000,
              [&](int) { return shard.accounts.find_token(sha256("t")); });

  Words words;
  load_packages(stand, words, search_packages);
  run_searches(stand, words, "");
}

}  // namespace
}  // namespace kontor

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "bench_store.tmp";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  if (argc > 2 && std::string(argv[2]) == "syncs")
    kontor::run_publishes_only(folder);
  else
    kontor::run_all(folder, argc > 2 ? std::atoi(argv[2]) : 100'000);
  std::filesystem::remove_all(folder);
}
