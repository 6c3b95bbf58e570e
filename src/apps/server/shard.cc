// One shard is wired here, part by part; read it as the list of what a server consists of.
#include "apps/server/shard.h"

#include "apps/server/processing/isolated_processor.h"
#include "formats/npm/error_envelope.h"
#include "formats/npm/search_entry.h"
#include "formats/ori/records.h"
#include "formats/progy/records.h"
#include "registry/error_body.h"
#include "registry/local_processor.h"
#include "registry/self_check.h"
#include "registry/write_back.h"

namespace kontor {
namespace {

constexpr const Format* kFormats[] = {&npm::kNpm, &ori::kOri, &progy::kProgy};

std::unique_ptr<PackageProcessor> make_processor(processing::WorkerPool* pool, Loop& home) {
  if (!pool) return std::make_unique<LocalProcessor>();
  return std::make_unique<processing::IsolatedProcessor>(*pool, home);
}

}  // namespace

Result<std::unique_ptr<Shard>> Shard::create(SharedParts parts,
                                             std::shared_ptr<const Settings> settings,
                                             std::size_t loops) {
  Ground ground{std::make_unique<net::AsioLoop>(), nullptr};
  auto session = sqlite::LocalSession::open(parts.database, *ground.loop);
  if (!session) return fail(session);
  ground.session = std::move(*session);
  std::unique_ptr<Shard> shard(
      new Shard(std::move(ground), std::move(parts), std::move(settings), loops));
  shard->system_.log = &shard->log_;
  return shard;
}

Shard::Shard(Ground ground, SharedParts parts, std::shared_ptr<const Settings> settings,
             std::size_t loops)
    : ground_(std::move(ground)),
      loop_(*ground_.loop),
      tally_(parts.metrics.add_loop(parts.log, parts.errors, parts.clock)),
      observer_(loop_, tally_, parts.log),
      blob_commits_(parts.blob_commits),
      packages_(*ground_.session),
      accounts_(*ground_.session),
      advisories_(*ground_.session),
      blobs_(parts.blob_commits, parts.entropy, parts.disk_workers, loop_),
      archives_(parts.blob_commits, parts.entropy, parts.disk_workers, loop_, fs::BlobPlace::ori),
      inventory_(parts.blob_commits, parts.disk_workers, loop_),
      names_(parts.blob_commits.layout(), parts.entropy, parts.disk_workers, loop_),
      audit_(*ground_.session),
      passwords_(parts.password_workers, loop_),
      log_store_(*ground_.session),
      rate_store_(*ground_.session),
      log_files_(parts.log_folder),
      signer_(parts.signing.signer_on(loop_)),
      log_progress_(parts.published, loop_),
      receipts_{log_store_, log_files_, log_progress_},
      credentials_(parts.entropy),
      documents_(settings->read.cache_bytes / loops, &loop_),
      answers_(settings->read.answer_bytes / loops, parts.entropy),
      processor_(make_processor(parts.processors, loop_)),
      registry_{packages_,     accounts_,          blobs_, parts.clock,  parts.entropy, passwords_,
                parts.secrets, parts.failures,     tally_, credentials_, documents_,    answers_,
                downloads_,    {advisories_, kFormats}, *processor_, parts.rates,
                std::move(settings)},
      health_(parts.health),
      errors_{parts.errors},
      system_{registry_, parts.metrics, parts.health, std::move(parts.version)},
      upkeep_{registry_, {packages_, inventory_, audit_, log_store_, parts.clock, kFormats}},
      log_{registry_, log_store_, log_files_, *signer_,
           [&published = parts.published](LogId log) { return published.checkpoints(log); }},
      keys_{registry_, *signer_, *signer_, *signer_, log_store_},
      caller_(parts.call_workers, loop_),
      users_(registry_, *ground_.session, caller_, parts.outside),
      npm_{registry_, &receipts_, signer_.get(), parts.attestations},
      ori_{registry_, log_store_, archives_, &eraser_},
      progy_{registry_, &receipts_, &users_.purchases(), parts.legacy_courses, &names_},
      system_routes_("system", system_routes(), system_, error_body),
      error_routes_("errors", error_routes(), errors_, error_body),
      user_routes_("users", user_routes(), registry_, error_body),
      advisory_routes_("advisories", advisory_routes(), registry_, error_body),
      upkeep_routes_("upkeep", upkeep_routes(), upkeep_, error_body),
      log_routes_("log", log_routes(), log_, error_body),
      key_routes_("keys", key_routes(), keys_, error_body),
      ori_routes_("ori", ori::routes(), ori_, ori::error_response),
      progy_routes_("progy", progy::routes(), progy_, progy::error_response),
      account_routes_("npm-accounts", npm::account_routes(), npm_, npm::error_response),
      package_routes_("npm", npm::package_routes(), npm_, npm::error_response),
      gateway_(registry_, mounts()),
      flush_({loop_, parts.log, "counts_not_written", [this] { return write_back(registry_); }}) {}

std::vector<Gateway::Mount> Shard::mounts() {
  std::vector<Gateway::Mount> all = {{&system_routes_, false}};
  for (const auto& mount : users_.mounts()) all.push_back(mount);
  const std::initializer_list<Gateway::Mount> others = {{&error_routes_, false},
                                                        {&user_routes_, false},
                                                        {&advisory_routes_, false, ori::kRates},
                                                        {&upkeep_routes_, false},
                                                        {&log_routes_, false},
                                                        {&key_routes_, false},
                                                        {&ori_routes_, false, ori::kRates},
                                                        {&progy_routes_, false},
                                                        {&account_routes_, true, npm::kRates},
                                                        {&package_routes_, true, npm::kRates}};
  all.insert(all.end(), others);
  return all;
}

Shard::~Shard() {
  loop_.stop();
}

Task<http::Response> Shard::handle(const http::Request& request, net::RequestLog& log) {
  RouteLabel label;
  auto response = co_await gateway_.handle(request, &label);
  log = {label.family, label.pattern, std::move(label.principal)};
  co_return response;
}

std::optional<http::Ready> Shard::ready(const http::Request& request, net::RequestLog& log) {
  RouteLabel label;
  auto answer = gateway_.ready(request, &label);
  if (answer) log = {label.family, label.pattern, std::move(label.principal)};
  return answer;
}

Task<> Shard::check_self(std::vector<std::string> targets) {
  return check_own_endpoints(registry_, gateway_, health_, std::move(targets));
}

Result<net::SharedFd> Shard::open(const Sha256& digest) {
  auto file = fs::open_blob(blob_commits_.layout(), digest);
  if (!file) return fail(file);
  return std::make_shared<const net::OwnedFd>(file->release());
}

}  // namespace kontor
