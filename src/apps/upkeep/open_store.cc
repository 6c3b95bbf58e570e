// The same parts that a server stands on, without accounts and HTTP.
#include "apps/upkeep/open_store.h"

#include "formats/npm/search_entry.h"
#include "formats/ori/records.h"
#include "formats/progy/records.h"

namespace kontor::upkeep {
namespace {

constexpr std::size_t kThreads = 2;
constexpr std::size_t kQueue = 64;
constexpr const Format* kFormats[] = {&npm::kNpm, &ori::kOri, &progy::kProgy};

}  // namespace

Result<std::unique_ptr<OpenStore>> OpenStore::open(const std::string& path) {
  auto held = DataDir::open_existing(path);
  if (!held && held.error().code != Code::unavailable) return fail(held);
  return connected(path, held ? std::optional(std::move(*held)) : std::nullopt);
}

Result<std::unique_ptr<OpenStore>> OpenStore::open_read_only(const std::string& path) {
  return connected(path, std::nullopt);
}

Result<std::unique_ptr<OpenStore>> OpenStore::connected(const std::string& path,
                                                        std::optional<DataDir> held) {
  std::unique_ptr<OpenStore> store(new OpenStore(path, std::move(held)));
  if (auto connected = store->connect(path); !connected) return fail(connected);
  store->loop_.start();
  return store;
}

OpenStore::OpenStore(const std::string& path, std::optional<DataDir> held)
    : held_(std::move(held)),
      blob_commits_(fs::BlobLayout{path + "/blobs"}),
      workers_(kThreads, kQueue),
      blobs_(blob_commits_, workers_, loop_) {}

OpenStore::~OpenStore() {
  loop_.stop();
  if (database_) database_->stop();
  workers_.stop();
}

Result<void> OpenStore::connect(const std::string& path) {
  using Access = sqlite::Database::Access;
  auto database = sqlite::Database::open_existing(path + "/kontor.db",
                                                  held_ ? Access::read_write : Access::read_only);
  if (!database) return fail(database);
  database_ = std::move(*database);
  auto session = sqlite::LocalSession::open(*database_, loop_);
  if (!session) return fail(session);
  session_ = std::move(*session);
  packages_.emplace(*session_);
  audit_.emplace(*session_);
  log_.emplace(*session_);
  advisories_.emplace(*session_);
  return {};
}

AdvisoryPorts OpenStore::advisory_ports(AdvisorySettings settings) {
  return {*advisories_, *packages_, clock_, kFormats, std::move(settings)};
}

UpkeepPorts OpenStore::ports() {
  return {*packages_, blobs_, *audit_, *log_, clock_, kFormats};
}

}  // namespace kontor::upkeep
