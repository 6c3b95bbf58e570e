// Files are sent as they lie there; the helpers put together what a client could do by itself.
#include "registry/log/log_routes.h"

#include "registry/document_cache.h"
#include "registry/log/log_access.h"
#include "registry/log/log_reader.h"
#include "registry/ready_answers.h"
#include "tlog/decimal.h"
#include "tlog/entry_proof.h"

#include <array>

namespace kontor {
namespace {

using http::Access;
using http::Call;
using http::Method;
using http::Response;
using Entry = RouteEntry<LogService>;

constexpr std::string_view kForever = "max-age=31536000, immutable";
constexpr std::string_view kShortly = "max-age=1";  // a checkpoint is out of date within seconds

Result<LogId> log_of(const Call& call) {
  const auto log = parse_log(call.params["log"]);
  if (!log) return fail(Code::not_found, "The logs are public, private and audit.");
  return *log;
}

// Shared caches may keep what everybody may read.
void set_caching(Response& response, const Registry& registry, LogId log, std::string_view age) {
  const bool open = log == LogId::open && registry.settings->policy.anonymous_read;
  response.set("cache-control", (open ? "public, " : "private, ") + std::string(age));
}

Response text(const LogService& service, LogId log, Bytes body, std::string_view age) {
  auto response = http::text_response(200, std::move(body));
  response.set("content-type", "text/plain; charset=utf-8");
  set_caching(response, service.registry, log, age);
  return response;
}

std::string document_name(LogId log, const std::string& what) {
  return "log " + std::string(to_string(log)) + " " + what;
}

// Kept until the next one is about to be published: a reader who has seen that one never gets this
// one again.
void keep_checkpoint(LogService& service, const Call& call, LogId log, std::uint64_t number,
                     Response& response) {
  const std::string name = document_name(log, "checkpoint " + std::to_string(number));
  auto note = std::make_shared<const Bytes>(std::get<Bytes>(std::move(response.body)));
  service.registry.documents.put(name, note);
  response.body = note;
  const AnswerStamp stamp = [&service, log] { return service.checkpoints(log); };
  keep_open_answer(service.registry, call, stamp, number, name, response);
}

Task<Response> get_checkpoint(LogService& service, const Call& call) {
  const LogId log = co_await log_of(call);
  co_await may_read_hashes(service.registry, call.principal, log);
  const std::uint64_t number = service.checkpoints ? service.checkpoints(log) : 1;
  auto note = co_await service.files.read(log, "checkpoint");
  if (!note) co_return fail(Code::unavailable, "The first checkpoint is not signed yet.");
  auto response = text(service, log, std::move(*note), kShortly);
  if (log == LogId::open && number % 2 == 0) keep_checkpoint(service, call, log, number, response);
  co_return response;
}

Task<Response> get_vkey(LogService& service, const Call& call) {
  const LogId log = co_await log_of(call);
  co_await may_read_hashes(service.registry, call.principal, log);
  const auto keys = co_await service.signer.log_keys(log);
  co_return text(service, log, tlog::print_vkey(keys.at(0)) + "\n", kShortly);
}

// A file that never changes; those in demand stay in the loop's memory.
Task<SharedBytes> read_immutable(LogService& service, LogId log, std::string path) {
  const std::string name = document_name(log, path);
  if (auto kept = service.registry.documents.find(name)) co_return kept;
  auto file = co_await service.files.read(log, std::move(path));
  if (!file) co_return fail(Code::not_found, "The log has no such tile.");
  auto bytes = std::make_shared<const Bytes>(std::move(*file));
  service.registry.documents.put(name, bytes);
  co_return bytes;
}

Response bytes(const LogService& service, LogId log, SharedBytes body) {
  Response response;
  response.set("content-type", "application/octet-stream");
  set_caching(response, service.registry, log, kForever);
  response.body = std::move(body);
  return response;
}

Task<Response> get_tile(LogService& service, const Call& call) {
  const LogId log = co_await log_of(call);
  const std::string path = "tile/" + call.params["path"];
  const auto tile = tlog::parse_tile_path(path);
  const auto bundle = tlog::parse_bundle_path(path);
  if (!tile && !bundle) co_return fail(Code::not_found, "That is no tile's path.");
  co_await may_read_hashes(service.registry, call.principal, log);
  auto file = co_await read_immutable(service, log, path);
  if (bundle) co_await may_read_leaves(service.registry, call.principal, log, *file, bundle->width);
  auto response = bytes(service, log, std::move(file));
  if (log == LogId::open)
    keep_open_answer(
        service.registry, call, [] { return std::uint64_t{0}; }, 0, document_name(log, path),
        response);
  co_return response;
}

// --- helpers ------------------------------------------------------------------------------------

struct Subject {
  PackageKey key;
  std::string version;
};

// "npm/@scope/name@1.0.0".
Result<Subject> subject_of(const std::string& entry) {
  const auto slash = entry.find('/'), at = entry.rfind('@');
  const auto format = parse_format(entry.substr(0, slash));
  if (!format || slash == entry.npos || at == entry.npos || at <= slash + 1)
    return fail(Code::bad_request, "Name the version as <format>/<name>@<version>.");
  return Subject{{*format, entry.substr(slash + 1, at - slash - 1)}, entry.substr(at + 1)};
}

Task<std::uint64_t> find_index(LogService& service, Principal who, LogId log, Subject subject) {
  co_await may_read_package(service.registry, std::move(who), log, subject.key);
  const auto place = co_await service.store.find_publish(subject.key, subject.version);
  if (!place || place->log != log)
    co_return fail(Code::not_found,
                   "This log does not tell of " + subject.key.name + "@" + subject.version + ".");
  co_return place->index;
}

Task<Bytes> leaf_at(LogService& service, LogId log, std::uint64_t index) {
  auto entries = co_await service.store.entries(log, index, 1);
  if (entries.empty()) co_return fail(Code::storage_failed, {}, "a leaf is missing");
  co_return std::move(entries[0]);
}

Task<Response> get_proof(LogService& service, const Call& call) {
  const LogId log = co_await log_of(call);
  auto subject = co_await subject_of(call.params["entry"]);
  const auto index = co_await find_index(service, call.principal, log, std::move(subject));
  auto proof = co_await offline_proof(service.files, log, index);
  if (!proof) {
    Error wait{Code::unavailable, "It is entry " + std::to_string(index) +
                                      " of the log, which the next checkpoint covers; ask again."};
    wait.retry_after_s = 1;
    co_return std::unexpected(std::move(wait));
  }
  Bytes leaf = co_await leaf_at(service, log, index);
  co_return text(service, log, tlog::print_entry_proof({std::move(leaf), std::move(*proof)}),
                 kShortly);
}

// Index, leaf, blank line, checkpoint: as checksum databases of Go modules answer.
Task<Response> get_lookup(LogService& service, const Call& call) {
  const LogId log = co_await log_of(call);
  auto subject = co_await subject_of(call.params["entry"]);
  const auto index = co_await find_index(service, call.principal, log, std::move(subject));
  const Bytes leaf = co_await leaf_at(service, log, index);
  const auto note = co_await service.files.read(log, "checkpoint");
  co_return text(service, log, std::to_string(index) + "\n" + leaf + "\n" + note.value_or(Bytes()),
                 kShortly);
}

Result<std::uint64_t> number_in(const Call& call, std::string_view name) {
  const auto text = call.request.query_value(name);
  const auto number = text ? tlog::parse_decimal(*text, tlog::kMaxSize) : std::nullopt;
  if (!number) return fail(Code::bad_request, "Give " + std::string(name) + " as a number.");
  return *number;
}

Bytes print_hashes(const tlog::Proof& proof) {
  Bytes out;
  for (const auto& hash : proof) out += hash.base64() + "\n";
  return out;
}

Task<std::uint64_t> published_size(LogService& service, Principal who, LogId log) {
  co_await may_read_hashes(service.registry, who, log);
  const auto checkpoint = co_await read_checkpoint(service.files, log);
  co_return checkpoint ? checkpoint->head.size : 0;
}

Task<Response> get_inclusion(LogService& service, const Call& call) {
  const LogId log = co_await log_of(call);
  const auto stored = co_await published_size(service, call.principal, log);
  const auto index = co_await number_in(call, "index"), size = co_await number_in(call, "size");
  const auto proof = co_await inclusion_proof(service.files, log, index, {size, stored});
  co_return text(service, log, print_hashes(proof), kForever);
}

Task<Response> get_consistency(LogService& service, const Call& call) {
  const LogId log = co_await log_of(call);
  const auto stored = co_await published_size(service, call.principal, log);
  const auto from = co_await number_in(call, "from"), to = co_await number_in(call, "to");
  const auto proof = co_await consistency_proof(service.files, log, from, {to, stored});
  co_return text(service, log, print_hashes(proof), kForever);
}

constexpr Method get = Method::get;
constexpr Access read = Access::read;

constexpr std::array kRoutes = {
    Entry{{get, "/log/:log/checkpoint", read, "The signed head of a transparency log."},
          get_checkpoint},
    Entry{{get, "/log/:log/vkey", read, "The key that signs it, as verifiers take it."}, get_vkey},
    Entry{{get, "/log/:log/tile/*path", read, "A tile of hashes, or a bundle of entries."},
          get_tile},
    Entry{{get, "/log/:log/proof/inclusion", read, "Proves the entry `index` in the first `size`."},
          get_inclusion},
    Entry{{get, "/log/:log/proof/consistency", read,
           "Proves that the first `from` entries are a beginning of the first `to`."},
          get_consistency},
    Entry{{get, "/log/:log/proof/*entry", read,
           "The leaf of <format>/<name>@<version> with its proof, to be checked offline."},
          get_proof},
    Entry{{get, "/log/:log/lookup/*entry", read,
           "Index and leaf of <format>/<name>@<version>, and the signed head."},
          get_lookup},
};

}  // namespace

std::span<const RouteEntry<LogService>> log_routes() {
  return kRoutes;
}

}  // namespace kontor
