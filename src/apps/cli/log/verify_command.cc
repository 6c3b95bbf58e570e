// One release: leaf and proof, then the packument's integrity, then the bytes.
#include "apps/cli/log/verify_command.h"

#include "apps/cli/log/report.h"
#include "apps/cli/log/session.h"
#include "domain/semver.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;
using logclient::Release;

struct VerifyArguments {
  RegistryOptions registry;
  std::string release;
  std::string file;
  std::string proof;
  std::string save_proof;
  std::string key;
  bool json = false;
};

// What was found to hold.
struct Verified {
  Release release;
  tlog::EntryProof entry;
  tlog::Archive archive;
  tlog::Checkpoint checkpoint;  // the proof is under this one or an older one
  std::string bytes;            // what was hashed: "the file x.tgz", "the served tarball"
  std::string note;             // what was not done, in words; empty: all was
};

Result<Release> parse_release(const std::string& text) {
  const auto at = text.rfind('@');
  if (at == text.npos || at == 0 || !parse_exact_version(text.substr(at + 1)))
    return fail(Code::bad_request, "'" + text + "' is not <name>@<version> with a whole version.");
  return Release{{"npm", text.substr(0, at)}, text.substr(at + 1)};
}

Result<void> check_archive(RegistryClient& client, const VerifyArguments& arguments,
                           Verified& verified) {
  verified.bytes = arguments.file.empty() ? "The served tarball" : "The file " + arguments.file;
  const auto digests =
      arguments.file.empty() ? fetch_archive(client, verified.release) : hash_file(arguments.file);
  if (!digests) return std::unexpected(digests.error());
  return logclient::check_bytes(verified.archive, *digests, verified.bytes);
}

Result<Verified> verify_online(const Release& release, const VerifyArguments& arguments,
                               CommandContext& context) {
  auto client = RegistryClient::create(arguments.registry, context);
  if (!client) return fail(client);
  auto sessions = LogSessions::open(context, *client);
  if (!sessions) return fail(sessions);
  auto proved = sessions->prove(release);
  if (!proved) return fail(proved);
  Verified verified{release,
                    std::move(proved->entry),
                    proved->archive,
                    proved->session->view().checkpoint().checkpoint,
                    {},
                    {}};
  const auto served = fetch_integrities(*client, release.package.name);
  if (!served) return std::unexpected(served.error());
  const auto integrity = served->find(release.version);
  if (integrity == served->end() && arguments.file.empty())
    return fail(Code::not_found, client->url() + " does not serve " + release.text() +
                                     ", though its log tells of it.");
  if (integrity != served->end()) {
    const auto same =
        logclient::check_integrity(verified.archive, integrity->second, "the packument");
    if (!same) return std::unexpected(same.error());
  }
  if (auto right = check_archive(*client, arguments, verified); !right) return fail(right);
  if (auto kept = sessions->remember(); !kept) return fail(kept);
  return verified;
}

// The policy to believe a kept proof by: a key on the command line, or the pinned one.
struct OfflineTrust {
  tlog::Policy policy;
  std::string remembered;
};

Result<OfflineTrust> offline_trust(const VerifyArguments& arguments, CommandContext& context) {
  if (!arguments.key.empty()) {
    auto policy = tlog::parse_policy("log " + arguments.key + "\nquorum none\n");
    if (!policy) return fail(policy);
    return OfflineTrust{*std::move(policy), {}};
  }
  const auto client = RegistryClient::create(arguments.registry, context);
  if (!client) return std::unexpected(client.error());
  auto pin = Pin::open(context, client->url(), "public");
  if (!pin) return fail(pin);
  return OfflineTrust{pin->policy(), pin->checkpoint()};
}

// A remembered checkpoint of the same size must have the same root; others are compared by tiles,
// which only the registry has.
Result<std::string> compare_remembered(const OfflineTrust& trust, const tlog::Head& head) {
  if (trust.remembered.empty()) return "There is no remembered checkpoint to compare with.";
  const auto note = tlog::parse_note(trust.remembered);
  const auto known = note ? tlog::parse_checkpoint(note->text) : std::unexpected(note.error());
  if (!known) return std::unexpected(known.error());
  if (known->head.size != head.size)
    return "Its checkpoint was not compared with the remembered one: that needs the registry.";
  if (known->head.root != head.root)
    return fail(Code::invalid_proof, "The log has two histories: at size " +
                                         std::to_string(head.size) + " the proof states the root " +
                                         head.root.base64() + ", and the remembered checkpoint " +
                                         known->head.root.base64() + ".");
  return "";
}

// Without any request.
Result<Verified> verify_offline(const Release& release, const VerifyArguments& arguments,
                                CommandContext& context) {
  if (arguments.file.empty())
    return fail(Code::bad_request, "Name the tarball by --file: --proof asks nobody for it.");
  const auto trust = offline_trust(arguments, context);
  if (!trust) return std::unexpected(trust.error());
  const auto text = read_file(arguments.proof, tlog::kMaxLeafBytes + tlog::kMaxTlogProofBytes);
  if (!text) return fail(text.error().code, arguments.proof + " cannot be read.");
  auto entry = tlog::parse_entry_proof(*text);
  if (!entry) return fail(entry);
  const host::SodiumEd25519 ed25519;
  const auto opened = tlog::open_checkpoint(entry->proof.checkpoint, trust->policy, ed25519);
  if (!opened) return std::unexpected(opened.error());
  const auto included =
      tlog::verify_inclusion(entry->proof.hashes, entry->proof.index, tlog::leaf_hash(entry->leaf),
                             opened->checkpoint.head);
  if (!included) return std::unexpected(included.error());
  auto archive = logclient::logged_archive(entry->leaf, release);
  if (!archive) return fail(archive);
  auto compared = compare_remembered(*trust, opened->checkpoint.head);
  if (!compared) return fail(compared);
  Verified verified{release,
                    *std::move(entry),
                    *std::move(archive),
                    opened->checkpoint,
                    "The file " + arguments.file,
                    *std::move(compared)};
  const auto digests = hash_file(arguments.file);
  if (!digests) return std::unexpected(digests.error());
  const auto same = logclient::check_bytes(verified.archive, *digests, verified.bytes);
  if (!same) return std::unexpected(same.error());
  return verified;
}

void print_verified(const Verified& verified, CommandContext& context, bool json) {
  const auto& head = verified.checkpoint.head;
  const auto index = verified.entry.proof.index;
  const std::string words =
      verified.release.text() + " is what was published.\n" + "  " + verified.bytes + " has " +
      integrity(verified.archive.sha512) + "\n  Entry " + std::to_string(index) + " of " +
      verified.checkpoint.origin + ", which has " + std::to_string(head.size) +
      " entries and the root " + head.root.base64() + "\n" +
      (verified.note.empty() ? "" : "  " + verified.note + "\n");
  end_well(context,
           {{"package", verified.release.package.name},
            {"version", verified.release.version},
            {"integrity", integrity(verified.archive.sha512)},
            {"index", index},
            {"leaf", verified.entry.leaf},
            {"log", verified.checkpoint.origin},
            {"size", head.size},
            {"root", head.root.base64()},
            {"note", verified.note}},
           words, json);
}

Result<Verified> verify(const VerifyArguments& arguments, CommandContext& context) {
  const auto release = parse_release(arguments.release);
  if (!release) return std::unexpected(release.error());
  auto verified = arguments.proof.empty() ? verify_online(*release, arguments, context)
                                          : verify_offline(*release, arguments, context);
  if (!verified || arguments.save_proof.empty()) return verified;
  const auto slash = arguments.save_proof.rfind('/');
  const auto saved =
      replace_file(slash == std::string::npos ? "." : arguments.save_proof.substr(0, slash),
                   arguments.save_proof.substr(slash == std::string::npos ? 0 : slash + 1),
                   tlog::print_entry_proof(verified->entry));
  if (!saved) return std::unexpected(saved.error());
  return verified;
}

}  // namespace

void add_verify_commands(CLI::App& program, CommandContext& context) {
  auto* command = program.add_subcommand(
      "verify", "Prove by the transparency log that a release is what was published");
  const auto arguments = std::make_shared<VerifyArguments>();
  command->add_option("release", arguments->release, "<name>@<version>");
  command->add_option("--file", arguments->file, "Hash this tarball instead of the served one");
  command->add_option("--proof", arguments->proof,
                      "Ask nobody: the leaf and proof are in this file");
  command->add_option("--save-proof", arguments->save_proof, "Keep leaf and proof in this file");
  command->add_option("--key", arguments->key,
                      "With --proof: the log's key instead of the pinned one");
  command->add_flag("--json", arguments->json, "Print JSON");
  add_registry_options(*command, arguments->registry);
  command->callback([command, arguments, &context] {
    if (!command->get_subcommands().empty()) return;
    if (arguments->release.empty()) throw CLI::RequiredError("<name>@<version>");
    const auto verified = verify(*arguments, context);
    if (verified)
      print_verified(*verified, context, arguments->json);
    else
      end_with(context, verified.error(), arguments->json);
  });
  add_verify_lockfile(*command, context);
}

}  // namespace kontor::cli
