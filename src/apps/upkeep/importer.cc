// Files are staged many at a time, then published package by package, so that blobs and rows of
// many versions share their syncs.
#include "apps/upkeep/importer.h"

#include "apps/server/run_blocking.h"
#include "apps/server/settings.h"
#include "apps/upkeep/file_reader.h"
#include "formats/npm/search_entry.h"
#include "formats/progy/records.h"

#include <algorithm>
#include <future>
#include <map>

namespace kontor::upkeep {
namespace {

constexpr const Format* kFormats[] = {&npm::kNpm, &progy::kProgy};

constexpr std::size_t kThreads = 16;  // files that are synced at once
constexpr std::size_t kQueue = 4096;

Task<npm::StagedTarball> stage_file(Registry* registry, std::string path) {
  auto file = co_await fs::open_for_reading(path);
  co_return co_await npm::stage_tarball(*registry, std::make_unique<FileReader>(std::move(file)));
}

// A tarball and its place among those of a call.
struct Placed {
  std::size_t place = 0;
  npm::StagedTarball tarball;
};
using Outcomes = std::vector<Result<Published>>;

// Of one package, in this order; each outcome goes to its place.
Task<> publish_all(Registry* registry, Actor actor, std::vector<Placed> versions,
                   std::optional<Visibility> access, Outcomes* outcomes) {
  for (auto& [place, tarball] : versions)
    (*outcomes)[place] =
        co_await whole(npm::publish_staged(*registry, actor, std::move(tarball), access));
  co_return {};
}

}  // namespace

Result<std::unique_ptr<Importer>> Importer::open(const Config& config, const std::string& owner) {
  auto data = DataDir::open_existing(config.data_dir);
  if (!data) return fail(data);
  std::unique_ptr<Importer> importer(new Importer(std::move(*data), config));
  importer->loop_.start();
  if (auto connected = importer->connect(owner); !connected) return fail(connected);
  return importer;
}

Importer::Importer(DataDir data, const Config& config)
    : data_(std::move(data)),
      workers_(kThreads, kQueue),
      blob_commits_(fs::BlobLayout{data_.blobs()}),
      blobs_(blob_commits_, entropy_, workers_, loop_),
      passwords_(workers_, loop_),
      secrets_(entropy_.bytes(host::SodiumSecretBox::kKeyBytes)),
      failures_(failure_limits(config)),
      credentials_(entropy_),
      answers_(0, entropy_),
      settings_(std::make_shared<const Settings>(core_settings(config, {}))) {}

Importer::~Importer() {
  loop_.stop();
  if (database_) database_->stop();
  workers_.stop();
}

Result<void> Importer::connect(const std::string& owner) {
  if (auto prepared = blob_commits_.prepare(); !prepared) return prepared;
  auto database =
      sqlite::Database::open_existing(data_.database(), sqlite::Database::Access::read_write);
  if (!database) return fail(database);
  database_ = std::move(*database);
  auto session = sqlite::LocalSession::open(*database_, loop_);
  if (!session) return fail(session);
  session_ = std::move(*session);
  packages_.emplace(*session_);
  accounts_.emplace(*session_);
  advisories_.emplace(*session_);
  registry_.emplace(Registry{*packages_, *accounts_, blobs_, clock_, entropy_, passwords_, secrets_,
                             failures_, observer_, credentials_, documents_, answers_, downloads_,
                             {*advisories_, kFormats}, processor_, rates_, settings_});
  auto user = run_blocking<std::optional<User>>(loop_, [&] { return accounts_->find_user(owner); });
  if (!user) return fail(user);
  if (!*user)
    return fail(Code::not_found, "There is no account " + owner +
                                     " in this data directory; name another by --owner, or start "
                                     "the server once, which makes the first one.");
  actor_.principal.credential = Credential::password;
  actor_.principal.user = (*user)->id;
  actor_.principal.name = (*user)->name;
  actor_.principal.is_admin = (*user)->is_admin;
  return {};
}

std::vector<Result<npm::StagedTarball>> Importer::stage(std::span<const std::string> paths) {
  std::vector<std::future<Result<npm::StagedTarball>>> under_way;
  for (const auto& path : paths)
    under_way.push_back(start_on<npm::StagedTarball>(
        loop_, [this, &path] { return stage_file(&*registry_, path); }));
  std::vector<Result<npm::StagedTarball>> out;
  for (auto& tarball : under_way) out.push_back(tarball.get());
  return out;
}

std::vector<Result<Published>> Importer::take(std::span<const std::string> paths,
                                              std::optional<Visibility> access) {
  Outcomes outcomes(paths.size(), fail(Code::internal));
  auto staged = stage(paths);
  std::map<std::string, std::vector<Placed>> packages;
  for (std::size_t i = 0; i < staged.size(); ++i) {
    if (!staged[i]) {
      outcomes[i] = std::unexpected(staged[i].error());
      continue;
    }
    auto& tarball = *staged[i];
    packages[tarball.target.key.name].push_back({i, std::move(tarball)});
  }
  std::vector<std::future<Result<void>>> under_way;
  for (auto& [name, versions] : packages) {
    std::ranges::sort(versions, [](const Placed& a, const Placed& b) {
      return npm::kNpm.comes_before(a.tarball.version, b.tarball.version);
    });
    under_way.push_back(start_on<void>(loop_, [this, &versions, access, &outcomes] {
      return publish_all(&*registry_, actor_, std::move(versions), access, &outcomes);
    }));
  }
  for (auto& package : under_way) package.wait();
  return outcomes;
}

}  // namespace kontor::upkeep
