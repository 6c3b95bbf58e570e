// One shard is wired here, part by part; read it as the list of what a server consists of.
#include "apps/server/shard.h"

#include "formats/npm/error_envelope.h"
#include "registry/error_body.h"
#include "registry/write_back.h"

namespace kontor {
namespace {

constexpr Duration kFlushInterval = seconds(3);

}  // namespace

// A write_back() that is under way; kept until it has told its outcome.
struct Shard::Flush {
  Task<> task;
  std::move_only_function<void()> done;
};

Result<std::unique_ptr<Shard>> Shard::create(SharedParts parts,
                                             std::shared_ptr<const Settings> settings,
                                             std::uint64_t cache_bytes) {
  Ground ground{std::make_unique<net::AsioLoop>(), nullptr};
  auto session = sqlite::Session::open(parts.database, *ground.loop);
  if (!session) return fail(session);
  ground.session = std::move(*session);
  return std::unique_ptr<Shard>(
      new Shard(std::move(ground), std::move(parts), std::move(settings), cache_bytes));
}

Shard::Shard(Ground ground, SharedParts parts, std::shared_ptr<const Settings> settings,
             std::uint64_t cache_bytes)
    : ground_(std::move(ground)),
      loop_(*ground_.loop),
      tally_(parts.metrics.add_loop(parts.log)),
      blob_commits_(parts.blob_commits),
      log_(parts.log),
      packages_(*ground_.session),
      accounts_(*ground_.session),
      blobs_(parts.blob_commits, parts.entropy, parts.disk_workers, loop_),
      passwords_(parts.password_workers, loop_),
      credentials_(parts.entropy),
      documents_(cache_bytes),
      registry_{packages_,      accounts_,  blobs_,         parts.clock, parts.entropy, passwords_,
                parts.failures, tally_,     credentials_,   documents_,  downloads_,
                std::move(settings)},
      system_{registry_, parts.metrics, std::move(parts.version)},
      npm_{registry_},
      system_routes_("system", system_routes(), system_, error_body),
      user_routes_("users", user_routes(), registry_, error_body),
      account_routes_("npm-accounts", npm::account_routes(), npm_, npm::error_response),
      package_routes_("npm", npm::package_routes(), npm_, npm::error_response),
      gateway_(registry_,
               {{&system_routes_, false},
                {&user_routes_, false},
                {&account_routes_, true},
                {&package_routes_, true}}) {}

Shard::~Shard() { loop_.stop(); }

Task<http::Response> Shard::handle(const http::Request& request, net::RequestLog& log) {
  RouteLabel label;
  auto response = co_await gateway_.handle(request, &label);
  log = {label.family, label.pattern, std::move(label.principal)};
  co_return response;
}

Result<net::SharedFd> Shard::open(const Sha256& digest) {
  auto file = fs::open_blob(blob_commits_.layout(), digest);
  if (!file) return fail(file);
  return std::make_shared<const net::OwnedFd>(file->release());
}

void Shard::start_flushing() {
  loop_.post_after(kFlushInterval, [this] { flush_now([this] { start_flushing(); }); });
}

void Shard::flush_then(std::move_only_function<void()> done) {
  loop_.post([this, done = std::move(done)]() mutable { flush_now(std::move(done)); });
}

void Shard::flush_now(std::move_only_function<void()> done) {
  if (flush_) {  // one is under way: wait for it, then flush what came since
    flush_->done = [this, first = std::move(flush_->done), done = std::move(done)]() mutable {
      if (first) first();
      flush_now(std::move(done));
    };
    return;
  }
  flush_ = std::make_unique<Flush>(Flush{write_back(registry_), std::move(done)});
  flush_->task.start(
      [](void* context) {
        // The task may not be destroyed from inside its last step.
        auto* self = static_cast<Shard*>(context);
        self->loop_.post([self] {
          auto flush = std::move(self->flush_);
          if (auto result = flush->task.take(); !result)
            self->log_.write(LogLevel::warn, "counts_not_written",
                             {{"code", info(result.error().code).name},
                              {"cause", result.error().cause}});
          flush->done();
        });
      },
      this);
}

}  // namespace kontor
