// Each archive of a lockfile is looked for in the log once, whatever number of entries install it.
#include "apps/cli/log/report.h"
#include "apps/cli/log/session.h"
#include "apps/cli/log/verify_command.h"

#include "lockfile/lockfile.h"
#include <CLI/CLI.hpp>

#include <array>
#include <map>
#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;
using lockfile::Locked;
using lockfile::Lockfile;
using logclient::Release;

constexpr std::array kLockfiles = {"package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock",
                                   "oripk.lock"};

struct LockfileArguments {
  RegistryOptions registry;
  std::string path;
  bool allow_foreign = false;
  bool json = false;
};

// How one archive was proved, or why not.
struct Outcome {
  bool fetched = false;  // the lockfile has no checksum that proves it: its bytes were hashed
  std::uint64_t index = 0;
  std::optional<Error> error;
};

struct Report {
  std::vector<std::pair<const Locked*, Outcome>> archives;
  std::vector<std::string> foreign;
  std::size_t fetched = 0;
  std::size_t failed = 0;
};

// The one named, or the first that lies in the working directory.
Result<std::string> find_lockfile(const LockfileArguments& arguments,
                                  const CommandContext& context) {
  const std::string folder = context.directory.empty() ? "" : context.directory + "/";
  if (!arguments.path.empty())
    return arguments.path.starts_with('/') ? arguments.path : folder + arguments.path;
  for (const char* name : kLockfiles)
    if (fs::open_for_reading(folder + name)) return folder + name;
  return fail(Code::bad_request, "There is no lockfile here; name one.");
}

class Proving {
 public:
  Proving(RegistryClient& client, LogSessions& sessions, const Lockfile& lockfile)
      : client_(client), sessions_(sessions), lockfile_(lockfile) {}

  // Fails where the registry does not answer; what is refuted is part of the report.
  Result<Report> run() {
    Report report;
    for (const Locked& locked : lockfile_.archives) {
      auto& outcome = known_[{locked.name, locked.version, locked.integrity}];
      if (!outcome) {
        auto proved = prove(locked);
        if (!proved) return fail(proved);
        outcome = *std::move(proved);
      }
      report.fetched += outcome->fetched ? 1 : 0;
      report.failed += outcome->error ? 1 : 0;
      report.archives.emplace_back(&locked, *outcome);
    }
    for (const auto& other : lockfile_.others)
      if (other.why == lockfile::Other::Why::foreign) report.foreign.push_back(other.place);
    return report;
  }

 private:
  Result<Outcome> prove(const Locked& locked) {
    const Release release{{std::string(lockfile::format_of(lockfile_.kind)), locked.name},
                          locked.version};
    Outcome outcome;
    if (auto held = check(locked, release, outcome); !held) {
      if (status_of(held.error()) == kNotChecked) return fail(held);
      outcome.error = std::move(held.error());
    }
    return outcome;
  }

  Result<void> check(const Locked& locked, const Release& release, Outcome& outcome) {
    const auto proved = sessions_.prove(release);
    if (!proved) return std::unexpected(proved.error());
    outcome.index = proved->entry.proof.index;
    const auto strength =
        logclient::check_integrity(proved->archive, locked.integrity, "the lockfile");
    if (!strength) return std::unexpected(strength.error());
    if (*strength == logclient::Strength::proved) return {};
    const auto digests = fetch_archive(client_, release);
    if (!digests) return std::unexpected(digests.error());
    outcome.fetched = true;
    const std::string what = "The served tarball of " + release.text();
    if (auto same = logclient::check_bytes(proved->archive, *digests, what); !same) return same;
    return logclient::check_bytes(locked.integrity, *digests, what);
  }

  RegistryClient& client_;
  LogSessions& sessions_;
  const Lockfile& lockfile_;
  std::map<std::array<std::string, 3>, std::optional<Outcome>> known_;
};

Json json_of(const Locked& locked, const Outcome& outcome) {
  Json json = {{"place", locked.place}, {"name", locked.name}, {"version", locked.version}};
  json["status"] = outcome.error ? "refuted" : outcome.fetched ? "proved by its bytes" : "proved";
  if (!outcome.error) json["index"] = outcome.index;
  if (outcome.error) json["error"] = cli::json_of(*outcome.error);
  if (outcome.error && !locked.url.empty()) json["url"] = locked.url;
  return json;
}

Json json_of(const Report& report, const std::string& path, const tlog::Checkpoint& checkpoint) {
  Json json = {{"lockfile", path},
               {"log", checkpoint.origin},
               {"size", checkpoint.head.size},
               {"root", checkpoint.head.root.base64()},
               {"archives", Json::array()},
               {"foreign", report.foreign}};
  for (const auto& [locked, outcome] : report.archives)
    json["archives"].push_back(json_of(*locked, outcome));
  return json;
}

void print_words(const Report& report, const Lockfile& lockfile, const tlog::Checkpoint& checkpoint,
                 CommandContext& context) {
  for (const auto& [locked, outcome] : report.archives)
    if (outcome.error)
      context.err << "error: " << locked->name << "@" << locked->version << " (" << locked->place
                  << (locked->url.empty() ? "" : ", from " + locked->url)
                  << "): " << outcome.error->message() << "\n";
  for (const auto& place : report.foreign)
    context.err << "error: " << place << " comes from no registry, so no log tells of it.\n";
  context.out << report.archives.size() - report.failed << " of " << report.archives.size()
              << " archives are proved to be what was published, by " << checkpoint.origin
              << " at size " << checkpoint.head.size << ".\n";
  if (report.fetched == 0) return;
  context.out << report.fetched << " of them by fetching and hashing: "
              << (has_integrity(lockfile.kind)
                      ? "the lockfile has no strong checksum of them.\n"
                      : "yarn's checksums are those of archives it packs itself, so that this "
                        "lockfile proves nothing about the bytes that another machine fetches.\n");
}

Result<void> run(const LockfileArguments& arguments, CommandContext& context) {
  const auto path = find_lockfile(arguments, context);
  if (!path) return std::unexpected(path.error());
  const auto text = read_file(*path, lockfile::kMaxLockfileBytes);
  if (!text) return fail(Code::bad_request, *path + " cannot be read.");
  const auto kind = lockfile::kind_of(*path, *text);
  if (!kind) return std::unexpected(kind.error());
  const auto lockfile = lockfile::read_lockfile(*kind, *text);
  if (!lockfile) return fail(lockfile.error().code, *path + ": " + lockfile.error().detail);
  auto client = RegistryClient::create(arguments.registry, context);
  if (!client) return fail(client);
  auto sessions = LogSessions::open(context, *client);
  if (!sessions) return fail(sessions);
  const auto report = Proving(*client, *sessions, *lockfile).run();
  if (!report) return std::unexpected(report.error());
  const bool good = report->failed == 0 && (report->foreign.empty() || arguments.allow_foreign);
  if (good)
    if (auto kept = sessions->remember(); !kept) return kept;
  const auto& checkpoint = sessions->open_log().view().checkpoint().checkpoint;
  if (arguments.json) {
    Json json = {{"ok", good}};
    json.update(json_of(*report, *path, checkpoint));
    context.out << json.dump(2) << "\n";
  } else {
    print_words(*report, *lockfile, checkpoint, context);
  }
  context.status = good ? kHolds : kRefuted;
  return {};
}

}  // namespace

void add_verify_lockfile(CLI::App& verify, CommandContext& context) {
  auto* command = verify.add_subcommand(
      "lockfile", "Prove that all a lockfile installs was published under its name and version");
  const auto arguments = std::make_shared<LockfileArguments>();
  command->add_option("path", arguments->path,
                      "package-lock.json, pnpm-lock.yaml, yarn.lock, bun.lock or oripk.lock");
  command->add_flag("--allow-foreign", arguments->allow_foreign,
                    "Accept what comes from version control or plain addresses");
  command->add_flag("--json", arguments->json, "Print JSON");
  add_registry_options(*command, arguments->registry);
  command->callback([arguments, &context] {
    if (auto done = run(*arguments, context); !done)
      end_with(context, done.error(), arguments->json);
  });
}

}  // namespace kontor::cli
