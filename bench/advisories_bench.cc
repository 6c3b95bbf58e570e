// Measures the advisories on a real folder: how fast generated OSV records are taken in, and how
// long it takes to know what affects a version. Prints a table; nothing here asserts on time.
// Usage: bench_advisories [folder] [number of records]
#include "adapters/sqlite/advisory_store.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/system/system_clock.h"
#include "formats/npm/search_entry.h"
#include "registry/advisories/import.h"
#include "registry/advisories/lookup.h"
#include "tests/support/test_loop.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace kontor {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 200;      // records, as the command sends them
constexpr std::size_t kPackages = 8000;  // that the records are about
constexpr std::size_t kLookups = 20'000;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
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

// Of the size of a reviewed record with its references, some 3 KB.
std::string record_text(std::size_t number) {
  const auto n = std::to_string(number);
  std::string details(1500, 'x');
  std::string text = R"({"schema_version":"1.7.0","id":"GHSA-)" + n +
                     R"(-test-test","modified":"2026-11-20T08:30:00Z","aliases":["CVE-2026-)" + n +
                     R"("],"summary":"Record )" + n + R"(","details":")" + details +
                     R"(","severity":[{"type":"CVSS_V3","score":)" +
                     R"("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],"affected":[)";
  for (int i = 0; i < 2; ++i) {
    const auto major = std::to_string(1 + i);
    text += std::string(i ? "," : "") + R"({"package":{"ecosystem":"npm","name":"package-)" +
            std::to_string((number * 7 + static_cast<std::size_t>(i)) % kPackages) +
            R"("},"ranges":[{"type":"SEMVER","events":[{"introduced":")" + major +
            R"(.0.0"},{"fixed":")" + major + ".5." + std::to_string(number % 90) + R"("}]}]})";
  }
  text += R"(],"references":[)";
  for (int i = 0; i < 8; ++i)
    text += std::string(i ? "," : "") + R"({"type":"WEB","url":"https://example.test/)" + n + "/" +
            std::to_string(i) + "\"}";
  return text + R"(],"database_specific":{"cwe_ids":["CWE-94"],"severity":"HIGH"}})";
}

void import_all(test::TestLoop& loop, const AdvisoryPorts& ports, std::size_t count) {
  std::vector<std::string> texts;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) bytes += texts.emplace_back(record_text(i)).size();
  const auto start = SteadyClock::now();
  std::size_t added = 0;
  for (std::size_t at = 0; at < texts.size(); at += kBatch) {
    std::vector<Json> batch;
    for (std::size_t i = at; i < std::min(at + kBatch, texts.size()); ++i)
      batch.push_back(must(parse_json(texts[i], osv_json_limits())));
    for (const auto& result : must(loop.run(import_advisories(ports, {}, std::move(batch), {}))))
      added += result.outcome == AdvisoryOutcome::added;
  }
  const double seconds = seconds_since(start);
  std::printf("import: %zu records of %.1f KB taken in %.2f s, %.0f/s\n", added,
              static_cast<double>(bytes) / static_cast<double>(count) / 1000, seconds,
              static_cast<double>(count) / seconds);
}

void look_up(test::TestLoop& loop, const AdvisoryPorts& ports) {
  std::vector<double> micros;
  std::size_t matches = 0;
  for (std::size_t i = 0; i < kLookups; ++i) {
    const auto name = "package-" + std::to_string(i * 31 % kPackages);
    const auto start = SteadyClock::now();
    const auto known = must(loop.run(known_about(ports.store, {"npm", name})));
    matches += matches_of(known.advisories, "1.2.3", &npm::kNpm).size();
    micros.push_back(seconds_since(start) * 1e6);
  }
  std::ranges::sort(micros);
  std::printf("lookup: %zu of %zu versions affected; p50 %.0f us, p99 %.0f us, max %.0f us\n",
              matches, micros.size(), micros[micros.size() / 2], micros[micros.size() * 99 / 100],
              micros.back());
}

}  // namespace
}  // namespace kontor

int main(int count, char** arguments) {
  using namespace kontor;
  const std::string folder = count > 1 ? arguments[1] : "bench-advisories";
  const std::size_t records = count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 20'000;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  host::SystemClock clock;
  auto database = must(sqlite::Database::open({folder + "/kontor.db", clock.now(), {}}));
  {
    test::TestLoop loop;
    const auto session = must(sqlite::LocalSession::open(*database, loop));
    sqlite::AdvisoryStore store(*session);
    sqlite::PackageStore packages(*session);
    const Format* const formats[] = {&npm::kNpm};
    const AdvisoryPorts ports{store, packages, clock, formats, {}};
    import_all(loop, ports, records);
    look_up(loop, ports);
    database->stop();
  }
  std::filesystem::remove_all(folder);
  return 0;
}
