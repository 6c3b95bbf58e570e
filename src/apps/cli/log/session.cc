// Requests for proofs, packuments and archives; all that they answer is verified by logclient.
#include "apps/cli/log/session.h"

#include "adapters/filesystem/triple_hash.h"
#include "apps/cli/log/succession.h"
#include "base/encoding.h"
#include "base/json.h"
#include "tlog/decimal.h"

#include <array>
#include <chrono>
#include <thread>
#include <unistd.h>

namespace kontor::cli {
namespace {

using logclient::ArchiveDigests;
using logclient::Release;

constexpr JsonLimits kPackumentLimits = {
    .max_bytes = 64u << 20, .max_depth = 128, .max_values = 8'000'000, .max_key_bytes = 4096};

// "@scope/name" as one segment, as npm writes it.
std::string in_path(const std::string& name) {
  const auto slash = name.find('/');
  if (!name.starts_with('@') || slash == name.npos) return percent_encode(name);
  return "@" + percent_encode(name.substr(1, slash - 1)) + "%2f" +
         percent_encode(name.substr(slash + 1));
}

ArchiveDigests digests_of(const BlobDigests& digests) {
  return {digests.size, digests.sha1, digests.sha256, digests.sha512};
}

constexpr int kTries = 10;
constexpr std::uint64_t kLongestPause = 5;  // seconds

// A release that the next checkpoint will cover is answered by 503 with Retry-After.
Result<curl::HttpAnswer> get_when_ready(RegistryClient& client, const std::string& path) {
  for (int attempt = 1;; ++attempt) {
    auto answer = client.get(path);
    if (!answer || answer->status != 503 || attempt == kTries) return answer;
    const auto pause = tlog::parse_decimal(answer->header("retry-after"), kLongestPause);
    if (!pause) return answer;
    std::this_thread::sleep_for(std::chrono::seconds(*pause));
  }
}

std::unexpected<Error> unexpected_answer(const RegistryClient& client, const std::string& path,
                                         int status) {
  return fail(Code::unavailable, client.url() + path + " answered " + std::to_string(status) + ".");
}

}  // namespace

Result<std::unique_ptr<LogSession>> LogSession::open(const CommandContext& context,
                                                     RegistryClient& client,
                                                     const std::string& log) {
  auto pin = Pin::open(context, client.url(), log);
  if (!pin) return fail(pin);
  std::unique_ptr<LogSession> session(new LogSession(client, log, *std::move(pin)));
  auto view = logclient::LogView::open(session->source_, session->pin_.policy(), session->ed25519_,
                                       session->pin_.checkpoint());
  if (!view)
    return std::unexpected(with_advice(std::move(view.error()), session->source_,
                                       session->pin_.policy(), client.url()));
  session->view_ = *std::move(view);
  return session;
}

Result<tlog::EntryProof> LogSession::prove(const Release& release) {
  const std::string path = "/log/" + log_ + "/proof/" + release.package.format + "/" +
                           in_path(release.package.name) + "@" + percent_encode(release.version);
  const auto answer = get_when_ready(client_, path);
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == 404)
    return fail(Code::not_found, "The " + log_ + " log does not tell of " + release.text() + ".");
  if (answer->status != 200) return unexpected_answer(client_, path, answer->status);
  auto entry = tlog::parse_entry_proof(answer->body);
  if (!entry) return entry;
  if (auto holds = view_->check_entry(entry->proof, entry->leaf); !holds) return fail(holds);
  return entry;
}

Result<LogSessions> LogSessions::open(const CommandContext& context, RegistryClient& client,
                                      bool with_private) {
  LogSessions all;
  for (const char* log : {"public", "private"}) {
    const bool first = all.sessions_.empty();
    if (!first && !(with_private && Pin::exists(context, client.url(), log))) continue;
    auto session = LogSession::open(context, client, log);
    if (!session) return fail(session);
    tell_of_new_key(context, client.url(), **session);
    all.sessions_.push_back(*std::move(session));
  }
  return all;
}

Result<LogSessions::Proved> LogSessions::prove(const Release& release) {
  for (const auto& session : sessions_) {
    auto entry = session->prove(release);
    if (!entry && entry.error().code == Code::not_found) continue;
    if (!entry) return fail(entry);
    auto archive = logclient::logged_archive(entry->leaf, release);
    if (!archive) return fail(archive);
    return Proved{*std::move(entry), *std::move(archive), session.get()};
  }
  return fail(Code::not_found,
              "No log of the registry tells that " + release.text() + " was published" +
                  (sessions_.size() == 1 ? " (the private log is not pinned)." : "."));
}

Result<void> LogSessions::remember() {
  for (const auto& session : sessions_)
    if (auto kept = session->remember(); !kept) return kept;
  return {};
}

Result<ArchiveDigests> fetch_archive(RegistryClient& client, const Release& release) {
  const auto& name = release.package.name;
  const std::string path = "/" + in_path(name) + "/-/" +
                           percent_encode(name.substr(name.find('/') + 1)) + "-" +
                           percent_encode(release.version) + ".tgz";
  fs::TripleHash hash;
  const auto answer = client.get(path, {}, [&hash](std::string_view piece) {
    hash.update(piece);
    return true;
  });
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == 404) return fail(Code::not_found, client.url() + path + " is missing.");
  if (answer->status != 200) return unexpected_answer(client, path, answer->status);
  return digests_of(hash.finish());
}

Result<ArchiveDigests> hash_file(const std::string& path) {
  const auto file = fs::open_for_reading(path);
  if (!file) return fail(file.error().code, path + " cannot be read.");
  fs::TripleHash hash;
  std::array<char, 64 * 1024> piece{};
  for (;;) {
    const auto count = ::read(file->get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fs::fail_errno(errno, path);
    if (count == 0) return digests_of(hash.finish());
    hash.update({piece.data(), static_cast<std::size_t>(count)});
  }
}

Result<Integrities> fetch_integrities(RegistryClient& client, const std::string& package) {
  const std::string path = "/" + in_path(package);
  const auto answer = client.get(path, "application/vnd.npm.install-v1+json");
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == 404) return Integrities();
  if (answer->status != 200) return unexpected_answer(client, path, answer->status);
  const auto packument = parse_json(answer->body, kPackumentLimits);
  if (!packument) return std::unexpected(packument.error());
  const auto versions = packument->find("versions");
  if (versions == packument->end() || !versions->is_object())
    return fail(Code::unavailable, client.url() + path + " answered no packument.");
  Integrities all;
  for (const auto& [version, manifest] : versions->items()) {
    const auto dist = manifest.find("dist");
    const bool whole = dist != manifest.end() && dist->is_object();
    const auto integrity = whole ? dist->find("integrity") : manifest.end();
    const bool text = whole && integrity != dist->end() && integrity->is_string();
    all[version] = text ? integrity->get<std::string>() : "";
  }
  return all;
}

Result<void> check_served(RegistryClient& client, const Release& release,
                          const tlog::Archive& logged, const std::string& integrity) {
  const auto same =
      logclient::check_integrity(logged, integrity, "the packument of " + release.text());
  if (!same) return std::unexpected(same.error());
  const auto digests = fetch_archive(client, release);
  if (!digests) return std::unexpected(digests.error());
  return logclient::check_bytes(logged, *digests, "The tarball of " + release.text());
}

}  // namespace kontor::cli
