// The transparency log on a real folder: what a publish pays for its leaves, how fast committed
// leaves become signed tiles, what a proof costs in a long log, and how memory grows with it.
// Prints a table; nothing here asserts on time.
// Usage: kontor_log_bench [folder] [leaves of the long log] [publishes of each kind]
#include "adapters/filesystem/log_files.h"
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/log_store.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/system/system_entropy.h"
#include "apps/server/signing/key_ring.h"
#include "base/sha256.h"
#include "ports/log_leaf.h"
#include "registry/log/integrator.h"
#include "registry/log/log_reader.h"
#include "tests/support/package_builders.h"
#include "tests/support/test_loop.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace kontor {
namespace {

using Clock = std::chrono::steady_clock;
using test::TestLoop;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "failed: %s %s\n", std::string(result.error().message()).c_str(),
                 result.error().cause.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

void print_row(const char* what, std::vector<double> micros, double seconds) {
  std::ranges::sort(micros);
  const auto at = [&](double part) {
    return micros[static_cast<std::size_t>(part * static_cast<double>(micros.size() - 1))];
  };
  std::printf("%-44s %9.0f/s   p50 %9.1f us   p99 %9.1f us   max %9.1f us\n", what,
              static_cast<double>(micros.size()) / seconds, at(0.5), at(0.99), at(1));
  std::fflush(stdout);
}

double resident_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
  return 0;
}

struct Stand {
  explicit Stand(const std::string& folder)
      : files(folder + "/log"),
        database(must(sqlite::Database::open({folder + "/kontor.db", test::kNoon, {}}))),
        session(must(sqlite::LocalSession::open(*database, loop))),
        packages(*session),
        accounts(*session),
        store(*session),
        keys(must(signing::KeyRing::open(folder + "/keys", "registry.example", entropy))),
        signer(*keys) {
    must(files.prepare());
    if (const auto found = must(loop.run(accounts.find_user("ann"))))
      ann = found->id;
    else
      ann = must(loop.run(accounts.create_user(test::user_named("ann"))));
  }
  ~Stand() { database->stop(); }

  TestLoop loop;
  host::SystemEntropy entropy;
  fs::LogFolder files;
  std::unique_ptr<sqlite::Database> database;
  std::unique_ptr<sqlite::LocalSession> session;
  sqlite::PackageStore packages;
  sqlite::AccountStore accounts;
  sqlite::LogStore store;
  std::unique_ptr<signing::KeyRing> keys;
  signing::LocalSigner signer;
  UserId ann;
};

// --- what a publish pays ------------------------------------------------------------------------

enum class Logged { no, yes };

PackageChange publish_of(UserId owner, const std::string& name, Logged logged) {
  auto change = test::first_publish(name, owner, "1.0.0", "A library", {"library"});
  auto& record = std::get<PutVersion>(change.ops[0]).record;
  record.manifest.append(5000, 'm');
  record.abbreviated.append(1000, 'a');
  if (logged == Logged::no) return change;
  const tlog::PackageRef package{"npm", name};
  const LogAuthor by{owner, {tlog::Credential::Kind::token, "0123456789abcdef", {}}};
  change.log.push_back({LogId::open,
                        tlog::PublishEvent{package,
                                           "1.0.0",
                                           {record.archive.size, record.archive.sha256,
                                            record.archive.sha512, sha256(name)}},
                        by,
                        {}});
  change.log.push_back({LogId::open, tlog::TagEvent{package, "latest", {}, "1.0.0"}, by, {}});
  change.log.push_back(
      owner_event(LogId::open, package, tlog::Change::add, {owner, OwnerRole::maintainer}, by));
  return change;
}

struct Plan {
  Logged logged;
  int count;
  int clients;
};

Task<> client(Stand* stand, Plan plan, int index, std::vector<double>* micros) {
  const char* const kind = plan.logged == Logged::yes ? "logged-" : "plain-";
  for (int i = index; i < plan.count; i += plan.clients) {
    const auto start = Clock::now();
    const std::string name = kind + std::to_string(plan.clients) + "-" + std::to_string(i);
    co_await stand->packages.apply(publish_of(stand->ann, name, plan.logged));
    micros->push_back(1e6 * seconds_since(start));
  }
  co_return {};
}

void run_publishes(Stand& stand, const char* what, Plan plan) {
  std::vector<double> micros;
  std::vector<Task<>> tasks;
  const auto start = Clock::now();
  for (int i = 0; i < plan.clients; ++i) tasks.push_back(client(&stand, plan, i, &micros));
  for (auto& done : stand.loop.run_all(std::move(tasks))) must(std::move(done));
  print_row(what, std::move(micros), seconds_since(start));
}

// --- the long log -------------------------------------------------------------------------------

// Leaves as long as those of publishes, put into the table at once.
void fill(Stand& stand, std::uint64_t from, std::uint64_t to) {
  constexpr const char* kSql =
      "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)"
      " INSERT INTO log_leaves SELECT (1 << 48) + i, 1760000000,"
      " CAST('npm/@demo/pkg-' || i || hex(zeroblob(190)) AS BLOB) FROM n";
  must(stand.loop.run(stand.session->write<void>([from, to](sqlite::Connection& db) {
    return db.run(kSql, static_cast<std::int64_t>(from), static_cast<std::int64_t>(to));
  })));
}

void integrate(Stand& stand, const char* what) {
  auto integrator =
      must(stand.loop.run(Integrator::open({stand.store, stand.files, stand.signer}, LogId::open)));
  const auto before = integrator->integrated();
  const auto start = Clock::now();
  must(stand.loop.run(integrator->publish()));
  const auto leaves = static_cast<double>(integrator->integrated() - before);
  std::printf("%-44s %9.0f/s   of %.0f leaves; resident %.0f MB\n", what,
              leaves / seconds_since(start), leaves, resident_mb());
  std::fflush(stdout);
}

void prove(Stand& stand, std::uint64_t size, int count) {
  std::mt19937_64 random(7);
  std::vector<double> micros;
  const auto start = Clock::now();
  for (int i = 0; i < count; ++i) {
    const auto begun = Clock::now();
    const auto proof =
        must(stand.loop.run(offline_proof(stand.files, LogId::open, random() % size)));
    if (!proof) std::exit(1);
    micros.push_back(1e6 * seconds_since(begun));
  }
  const std::string what = "proof in a log of " + std::to_string(size);
  print_row(what.c_str(), std::move(micros), seconds_since(start));
}

int run(const std::string& folder, std::uint64_t leaves, int publishes) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::uint64_t size = 0;
  {
    Stand stand(folder);
    for (const int clients : {1, 32}) {
      const std::string with = std::to_string(clients) + " at once";
      run_publishes(stand, ("publish without leaves, " + with).c_str(),
                    {Logged::no, publishes, clients});
      run_publishes(stand, ("publish with 3 leaves, " + with).c_str(),
                    {Logged::yes, publishes, clients});
    }
    integrate(stand, "integrate and sign what was committed");
    size = must(stand.loop.run(stand.store.size(LogId::open)));
  }
  for (const std::uint64_t goal : {leaves / 10, leaves}) {
    Stand stand(folder);
    fill(stand, size, goal);
    integrate(stand, ("integrate up to " + std::to_string(goal)).c_str());
    prove(stand, goal, 5000);
    size = goal;
  }
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace kontor

int main(int count, char** arguments) {
  const std::string folder = count > 1 ? arguments[1] : "kontor-log-bench";
  const std::uint64_t leaves = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1'000'000;
  const int publishes = count > 3 ? std::atoi(arguments[3]) : 4000;
  return kontor::run(folder, leaves, publishes);
}
