// Lock, registry and log must agree on an archive's digest before its bytes are asked for.
#include "apps/cli/ori/supply.h"

#include "apps/cli/log/pinning.h"
#include "apps/cli/progress_bar.h"
#include "base/encoding.h"
#include "base/sha256.h"
#include "formats/ori/names.h"

namespace kontor::cli::ori {
namespace {

constexpr const char* kFormat = "ori";  // of packages, in leaves

std::string spelt(const Sha256& digest) {
  return "sha256:" + digest.hex();
}

std::unexpected<Error> differ(const std::string& what, const std::string& one, const Sha256& a,
                              const std::string& other, const Sha256& b) {
  return fail(Code::checksum_mismatch, what + ": " + one + " says " + spelt(a) + ", but " + other +
                                           " says " + spelt(b) +
                                           ". Do not install it; find out why they differ.");
}

}  // namespace

std::optional<Sha256> checksum_of(const Json& metadata) {
  const auto text = text_of(metadata, "checksum");
  constexpr std::string_view kPrefix = "sha256:";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  return Sha256::from_hex(std::string_view(text).substr(kPrefix.size()));
}

// --- Source -------------------------------------------------------------------------------------

Source::Source(Desk& desk, Place place)
    : desk_(desk), registry_(std::move(place), desk.options().ca_file) {}

Result<Json> Source::get(const std::string& path) {
  if (away_) return std::unexpected(*away_);
  auto answer = registry_.call("GET", path);
  if (!answer && answer.error().code == Code::unavailable) away_ = answer.error();
  return answer;
}

Result<void> Source::pin(const std::string& log) {
  if (Pin::exists(desk_.context(), url(), log)) return {};
  PinWish wish;
  wish.log = log;
  const auto pinned = pin_log(registry_.log_client(), desk_.context(), wish);
  if (!pinned) return std::unexpected(pinned.error());
  desk_.say("The " + log + " log of " + url() + " is believed by this key from now on:\n  " +
            pinned->vkey);
  return {};
}

// The private log is there for those alone who may read restricted packages.
Result<void> Source::open_logs() {
  if (logs_) return {};
  if (auto pinned = pin("public"); !pinned) return pinned;
  const bool known = !registry_.place().token.empty();
  if (known) (void)pin("private");
  auto logs = LogSessions::open(desk_.context(), registry_.log_client(), known);
  if (!logs) return fail(logs);
  logs_ = *std::move(logs);
  return {};
}

Result<Proof> Source::prove(Proof release, const Sha256& digest) {
  if (away_) return std::unexpected(*away_);
  if (!registry_.place().logged) return release;
  if (auto opened = open_logs(); !opened) return fail(opened);
  const auto proved = logs_->prove({{kFormat, release.name}, release.version});
  if (!proved) return std::unexpected(proved.error());
  if (proved->archive.sha256 != digest)
    return differ(release.name + "@" + release.version, "the transparency log",
                  proved->archive.sha256, "the registry", digest);
  release.log = proved->session->view().checkpoint().checkpoint.origin;
  release.index = proved->entry.proof.index;
  release.size = proved->archive.size;
  return release;
}

Result<void> Source::remember() {
  return logs_ ? logs_->remember() : Result<void>();
}

// --- Supply -------------------------------------------------------------------------------------

Result<Supply> Supply::open(Desk& desk, const Project* project) {
  auto cache = Cache::open(desk);
  if (!cache) return fail(cache);
  return Supply(desk, project, *std::move(cache));
}

Result<Source*> Supply::source_of(const std::string& name) {
  const auto parsed = kontor::ori::parse_full_name(name);
  if (!parsed) return std::unexpected(parsed.error());
  auto place = find_place(desk_, project_, parsed->scope);
  if (!place) return fail(place);
  auto& source = sources_[place->url];
  if (!source) source = std::make_unique<Source>(desk_, *std::move(place));
  return source.get();
}

// The registry's answer, or where there is none what it answered last.
Result<Json> Supply::document(const std::string& name, const std::string& path,
                              const std::string& place) {
  const auto source = source_of(name);
  if (!source) return std::unexpected(source.error());
  const std::string url = (*source)->url();
  auto answer = (*source)->get(path);
  if (answer) {
    if (auto kept = cache_.keep_document(url, place, *answer); !kept)
      desk_.warn("The cache cannot be written: " + std::string(kept.error().message()));
    return answer;
  }
  if (answer.error().code != Code::unavailable) return answer;
  auto known = cache_.document(url, place);
  if (!known) return answer;
  desk_.warn(std::string(answer.error().message()) +
             ". What was known of it before is used instead.");
  return known;
}

Result<Json> Supply::versions(const std::string& name, bool yanked) {
  return document(
      name, package_path(name) + "/versions?prerelease=1" + (yanked ? "&include_yanked=1" : ""),
      name + (yanked ? "/all-versions" : "/versions"));
}

Result<Json> Supply::metadata(const std::string& name, const std::string& version) {
  auto answer = document(name, package_path(name) + "/" + percent_encode(version) + "/metadata",
                         name + "/" + version);
  if (answer && (text_of(*answer, "name") != name || text_of(*answer, "version") != version))
    return fail(Code::unavailable,
                "The registry answered something else than " + name + "@" + version + ".");
  return answer;
}

Result<Supply::Obtained> Supply::obtain(const std::string& name, const Package& package,
                                        const Lock& lock) {
  const std::string text = name + "@" + package.version;
  const auto source = source_of(name);
  if (!source) return std::unexpected(source.error());
  const auto stated = checksum_of(package.metadata);
  if (!stated) return fail(Code::unavailable, "The registry tells no checksum of " + text + ".");
  const auto locked = lock.find(lock_key(name, package.version));
  if (locked != lock.end() && locked->second != *stated)
    return differ(text, "oripk.lock", locked->second, "the registry", *stated);
  const Proof release{name, package.version, (*source)->url(), {}, 0, 0};
  if (cache_.proved(*stated, release)) return Obtained{*stated, false};
  const bool in_lock = locked != lock.end();
  if (auto held = prove(**source, release, *stated, in_lock); !held) return fail(held);
  if (cache_.has(*stated)) return Obtained{*stated, false};
  if (auto fetched = fetch(**source, name, package, *stated); !fetched) return fail(fetched);
  return Obtained{*stated, true};
}

// Offline, a locked package whose bytes are here is as good as it was when it was locked.
Result<void> Supply::prove(Source& source, const Proof& release, const Sha256& digest,
                           bool locked) {
  const auto proof = source.prove(release, digest);
  if (!proof && proof.error().code == Code::unavailable && locked && cache_.has(digest)) {
    desk_.warn(std::string(proof.error().message()) + ". " + release.name + "@" + release.version +
               " is what oripk.lock says, and was not looked for in the log.");
    return {};
  }
  if (!proof) return std::unexpected(proof.error());
  return cache_.remember(digest, *proof);
}

Result<void> Supply::fetch(Source& source, const std::string& name, const Package& package,
                           const Sha256& digest) {
  const std::string text = name + "@" + package.version;
  ProgressBar bar(desk_.context().err, text, desk_.draws_progress());
  const auto bytes = source.registry().download(
      name, package.version,
      [&bar](const curl::Transfer& at) { bar.update(at.received, at.to_receive); });
  bar.finish();
  if (!bytes) return std::unexpected(bytes.error());
  const auto found = sha256(*bytes);
  if (found != digest)
    return differ(text, "the transparency log", digest, "what the registry sent", found);
  return cache_.add(digest, *bytes);
}

Result<void> Supply::remember() {
  for (const auto& [url, source] : sources_)
    if (auto kept = source->remember(); !kept) return kept;
  return {};
}

}  // namespace kontor::cli::ori
