// `ori cache list|verify|clean`: what this machine keeps of registries.
#include "apps/cli/ori/cache.h"
#include "apps/cli/ori/commands.h"
#include "apps/cli/progress_bar.h"

#include <CLI/CLI.hpp>

namespace kontor::cli::ori {
namespace {

std::string title_of(const CachedPackage& package) {
  if (package.name.empty()) return "sha256-" + package.digest.hex();
  return package.name + "@" + package.version;
}

Json json_of(const CachedPackage& package) {
  return {{"name", package.name},
          {"version", package.version},
          {"checksum", "sha256:" + package.digest.hex()},
          {"size", package.size}};
}

Result<Done> list(Desk& desk) {
  const auto cache = Cache::open(desk);
  if (!cache) return std::unexpected(cache.error());
  Done done;
  Json all = Json::array();
  std::uint64_t total = 0;
  for (const auto& package : cache->list()) {
    all.push_back(json_of(package));
    total += package.size;
    done.words += title_of(package) + "  " + human_bytes(package.size) + "\n";
  }
  done.words += std::to_string(all.size()) + (all.size() == 1 ? " package, " : " packages, ") +
                human_bytes(total) + "\n";
  done.facts = {{"packages", all}, {"size", total}};
  return done;
}

Result<Done> verify(Desk& desk) {
  const auto cache = Cache::open(desk);
  if (!cache) return std::unexpected(cache.error());
  Done done;
  Json damaged = Json::array();
  std::size_t good = 0;
  for (const auto& package : cache->list()) {
    const auto held = cache->verify(package.digest);
    if (held) {
      ++good;
      continue;
    }
    Json one = json_of(package);
    one["message"] = held.error().message();
    damaged.push_back(one);
    done.words += title_of(package) + ": " + std::string(held.error().message()) + "\n";
  }
  done.words += std::to_string(good) + " of " + std::to_string(good + damaged.size()) +
                (good + damaged.size() == 1 ? " package is" : " packages are") + " as published.\n";
  if (!damaged.empty()) {
    done.words += "Have them fetched anew: ori cache clean, then ori sync\n";
    done.status = kNotGenuine;
  }
  done.facts = {{"verified", good}, {"damaged", damaged}};
  return done;
}

Result<Done> clean(Desk& desk) {
  auto cache = Cache::open(desk);
  if (!cache) return fail(cache);
  const auto gone = cache->clean();
  if (!gone) return std::unexpected(gone.error());
  return Done{.facts = {{"removed", gone->first}, {"size", gone->second}},
              .words = "Removed " + std::to_string(gone->first) +
                       (gone->first == 1 ? " package, " : " packages, ") +
                       human_bytes(gone->second) + ".\n"};
}

}  // namespace

void add_cache_command(CLI::App& program, CommandContext& context) {
  auto* cache = program.add_subcommand("cache", "What this machine keeps of registries");
  cache->require_subcommand(1);
  add_command(*cache, context, "list", "List the packages in it", list);
  add_command(*cache, context, "verify", "Hash every file and compare it with its CHECKSUM",
              verify);
  add_command(*cache, context, "clean", "Remove everything; the next sync fetches it anew", clean);
}

}  // namespace kontor::cli::ori
