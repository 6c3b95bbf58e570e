// `progy cache list|clean|verify`. Row PGC-07.
#include "apps/cli/progy/artifact.h"
#include "apps/cli/progy/cache.h"
#include "apps/cli/progy/commands.h"
#include "base/time.h"

#include <CLI/CLI.hpp>

namespace kontor::cli::progy {
namespace {

Outcome<Done> list_cache(Desk& desk) {
  auto cache = Cache::open(desk);
  if (!cache) return std::unexpected(cache.error());
  Done done{{{"artifacts", Json::array()}}, "", kDone};
  std::uint64_t total = 0;
  for (const auto& artifact : cache->list()) {
    const auto& [name, version, checksum, size] = artifact.release;
    const auto used = rfc3339({artifact.used * 1000});
    total += size;
    done.facts["artifacts"].push_back({{"name", name.full()},
                                       {"version", version},
                                       {"sizeBytes", size},
                                       {"checksum", checksum.hex()},
                                       {"lastUsed", used},
                                       {"registry", artifact.registry},
                                       {"path", artifact.path}});
    done.words += name.full() + " " + version + "  " + human_bytes(size) + "  used " +
                  used.substr(0, 10) + "\n";
  }
  done.facts["totalBytes"] = total;
  done.words += human_bytes(total) + " of " + human_bytes(desk.settings().cache_limit) + "\n";
  return done;
}

Outcome<Done> clean_cache(Desk& desk) {
  auto cache = Cache::open(desk);
  if (!cache) return std::unexpected(cache.error());
  const auto bytes = cache->clean();
  if (!bytes) return std::unexpected(bytes.error());
  return Done{{{"freedBytes", *bytes}}, "Freed " + human_bytes(*bytes) + ".\n"};
}

Outcome<Done> verify_cache(Desk& desk) {
  auto cache = Cache::open(desk);
  if (!cache) return std::unexpected(cache.error());
  Done done{{{"verified", 0}, {"removed", Json::array()}}, "", kDone};
  std::size_t good = 0;
  for (const auto& artifact : cache->list()) {
    const auto& [name, version, checksum, size] = artifact.release;
    const auto hash = hash_file(artifact.path);
    if (hash && *hash == checksum) {
      ++good;
      continue;
    }
    const auto found = hash ? hash->hex() : std::string("unreadable");
    done.status = kNotGenuine;
    done.facts["removed"].push_back({{"name", name.full()},
                                     {"version", version},
                                     {"expected", checksum.hex()},
                                     {"found", found}});
    done.words += "Removed " + name.full() + " " + version + ": sha256 " + found + ", and not " +
                  checksum.hex() + ".\n";
    cache->remove(artifact);
  }
  done.facts["verified"] = good;
  done.words +=
      std::to_string(good) + (good == 1 ? " artifact is" : " artifacts are") + " as downloaded.\n";
  return done;
}

}  // namespace

void add_cache_commands(CLI::App& program, CommandContext& context) {
  auto* cache = program.add_subcommand("cache", "Artifacts that are kept on this machine");
  cache->require_subcommand(1);
  add_command(*cache, context, "list", "List them", list_cache);
  add_command(*cache, context, "clean", "Remove all of them", clean_cache);
  add_command(*cache, context, "verify", "Hash them all anew and remove damaged ones",
              verify_cache);
}

}  // namespace kontor::cli::progy
