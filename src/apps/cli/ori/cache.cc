// Everything is made under another name and then renamed, so that what has its name is whole.
#include "apps/cli/ori/cache.h"

#include "adapters/filesystem/whole_file.h"
#include "apps/cli/ori/package_archive.h"
#include "apps/cli/ori/project_files.h"
#include "apps/cli/ori/registries.h"
#include "apps/cli/ori/registry.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/sha256.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <tuple>
#include <unistd.h>

namespace kontor::cli::ori {
namespace {

constexpr std::string_view kPrefix = "sha256-", kFacts = ".json";
constexpr std::size_t kMaxDocument = 16u << 20, kMaxFile = 100u << 20;

Json read_json(const std::string& path) {
  const auto text = read_project_file(path, kMaxDocument);
  if (!text) return Json::object();
  auto json = parse_json(*text);
  return json && json->is_object() ? *std::move(json) : Json::object();
}

Json json_of(const Proof& proof) {
  return {{"name", proof.name},
          {"version", proof.version},
          {"registry", proof.registry},
          {"log", proof.log},
          {"index", proof.index}};
}

bool is_of(const Json& json, const Proof& release) {
  return json.is_object() && text_of(json, "name") == release.name &&
         text_of(json, "version") == release.version &&
         text_of(json, "registry") == release.registry;
}

// Files below a folder by their path in it, as CHECKSUM names them.
Result<std::vector<std::string>> files_below(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (at->is_directory() && !at->is_symlink()) continue;
    out.push_back(at->path().string().substr(folder.size() + 1));
  }
  if (error) return fs::fail_errno(error.value(), folder);
  std::ranges::sort(out);
  return out;
}

Result<std::string> checksum_line(const std::string& folder, const std::string& file) {
  const std::string path = folder + "/" + file;
  if (std::filesystem::is_symlink(path))
    return fail(Code::checksum_mismatch, path + " is a link, which no archive has.");
  const auto bytes = fs::read_file(path, kMaxFile);
  if (!bytes) return std::unexpected(bytes.error());
  return "sha256:" + sha256(*bytes).hex() + "  " + file;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

Result<Cache> Cache::open(const Desk& desk) {
  const auto home = home_of(desk);
  if (!home) return std::unexpected(home.error());
  return Cache(*home + "/cache");
}

std::string Cache::folder_of(const Sha256& digest) const {
  return folder_ + "/packages/" + std::string(kPrefix) + digest.hex();
}

bool Cache::has(const Sha256& digest) const {
  return ::access((folder_of(digest) + "/CHECKSUM").c_str(), R_OK) == 0;
}

Result<void> Cache::add(const Sha256& digest, ByteView archive) {
  const auto folder = folder_of(digest);
  const std::string temporary = folder + ".new" + std::to_string(::getpid());
  if (auto made = make_folders(temporary); !made) return made;
  if (auto unpacked = unpack(archive, temporary); !unpacked) {
    (void)remove_tree(temporary);
    return unpacked;
  }
  if (std::rename(temporary.c_str(), folder.c_str()) == 0) return {};
  const int error = errno;
  (void)remove_tree(temporary);
  // Another process may have been faster; its folder has the same bytes.
  return has(digest) ? Result<void>() : Result<void>(fs::fail_errno(error, folder));
}

bool Cache::proved(const Sha256& digest, const Proof& release) const {
  if (!has(digest)) return false;
  const auto facts = read_json(folder_of(digest) + std::string(kFacts));
  return std::ranges::any_of(list_of(facts, "proofs"),
                             [&](const Json& proof) { return is_of(proof, release); });
}

Result<void> Cache::remember(const Sha256& digest, const Proof& proof) {
  const std::string path = folder_of(digest) + std::string(kFacts);
  if (auto made = make_folders(folder_ + "/packages"); !made) return made;
  auto facts = read_json(path);
  Json proofs = Json::array();
  for (const auto& known : list_of(facts, "proofs"))
    if (!is_of(known, proof)) proofs.push_back(known);
  proofs.push_back(json_of(proof));
  facts = {
      {"name", proof.name}, {"version", proof.version}, {"size", proof.size}, {"proofs", proofs}};
  return write_project_file(path, facts.dump(2) + "\n");
}

std::vector<CachedPackage> Cache::list() const {
  std::vector<CachedPackage> out;
  for (const auto& name : fs::names_in(folder_ + "/packages")) {
    if (!name.starts_with(kPrefix)) continue;
    const auto digest = Sha256::from_hex(std::string_view(name).substr(kPrefix.size()));
    if (!digest || !has(*digest)) continue;
    const auto facts = read_json(folder_of(*digest) + std::string(kFacts));
    const auto size = facts.find("size");
    out.push_back(
        {*digest, text_of(facts, "name"), text_of(facts, "version"),
         size != facts.end() && size->is_number_unsigned() ? size->get<std::uint64_t>() : 0});
  }
  std::ranges::sort(out, {}, [](const CachedPackage& package) {
    return std::tie(package.name, package.version, package.digest);
  });
  return out;
}

Result<void> Cache::verify(const Sha256& digest) const {
  const auto folder = folder_of(digest);
  const auto stated = fs::read_file(folder + "/CHECKSUM", 4u << 20);
  if (!stated) return std::unexpected(stated.error());
  auto left = lines_of(*stated);
  const auto files = files_below(folder);
  if (!files) return std::unexpected(files.error());
  for (const auto& file : *files) {
    if (file == "CHECKSUM") continue;
    const auto line = checksum_line(folder, file);
    if (!line) return std::unexpected(line.error());
    const auto found = std::ranges::find(left, *line);
    if (found == left.end())
      return fail(Code::checksum_mismatch,
                  folder + "/" + file + " is not what the archive's CHECKSUM says.");
    left.erase(found);
  }
  if (left.empty()) return {};
  return fail(Code::checksum_mismatch, folder + " lacks a file of its CHECKSUM: " + left.front());
}

Result<std::pair<std::size_t, std::uint64_t>> Cache::clean() {
  std::pair<std::size_t, std::uint64_t> gone;
  for (const auto& package : list()) {
    ++gone.first;
    gone.second += package.size;
  }
  for (const char* part : {"/packages", "/registry"})
    if (auto removed = remove_tree(folder_ + part); !removed) return fail(removed);
  return gone;
}

std::string Cache::document_path(const std::string& registry, const std::string& place) const {
  const auto scheme = registry.find("//");
  const auto host = scheme == registry.npos ? registry : registry.substr(scheme + 2);
  return folder_ + "/registry/" + percent_encode(host) + "/" + place + ".json";
}

Result<Json> Cache::document(const std::string& registry, const std::string& place) const {
  const auto text = read_project_file(document_path(registry, place), kMaxDocument);
  if (!text) return std::unexpected(text.error());
  return parse_json(*text);
}

Result<void> Cache::keep_document(const std::string& registry, const std::string& place,
                                  const Json& document) {
  const auto path = document_path(registry, place);
  if (auto made = make_folders(path.substr(0, path.rfind('/'))); !made) return made;
  return write_project_file(path,
                            document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace kontor::cli::ori
