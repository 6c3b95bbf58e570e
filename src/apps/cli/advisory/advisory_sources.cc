// Files are read whole, one at a time, under the bound of a record.
#include "apps/cli/advisory/advisory_sources.h"

#include "adapters/zip/zip_file.h"
#include "domain/advisory/cve.h"
#include "domain/advisory/osv.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

namespace kontor::cli {
namespace {

namespace files = std::filesystem;
using Take = std::function<bool(FoundAdvisory)>;

Result<Bytes> read_file(const files::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(Code::not_found, "The file cannot be read.");
  Bytes text(kMaxAdvisoryBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxAdvisoryBytes)
    return fail(Code::too_large, "The file is larger than 4 MiB, which no record may be.");
  return text;
}

FoundAdvisory read_one(const files::path& path) {
  auto text = read_file(path);
  if (!text) return {path.string(), fail(text)};
  return {path.string(), read_advisory(*text), text->size()};
}

bool is_json(std::string_view name) {
  return name.ends_with(".json");
}

Result<void> read_folder(const files::path& folder, const Take& take) {
  std::error_code error;
  files::recursive_directory_iterator walk(folder, error), end;
  std::vector<files::path> found;
  for (; !error && walk != end; walk.increment(error))
    if (walk->is_regular_file() && is_json(walk->path().filename().string()))
      found.push_back(walk->path());
  if (error) return fail(Code::not_found, folder.string() + " cannot be read.");
  std::ranges::sort(found);
  for (const auto& path : found)
    if (!take(read_one(path))) break;
  return {};
}

Result<void> read_zip(const std::string& path, const Take& take) {
  auto archive = zip::ZipFile::open(path);
  if (!archive) return fail(archive);
  for (std::uint64_t i = 0; i < archive->size(); ++i) {
    const auto entry = archive->entry(i);
    if (entry && (entry->is_folder || !is_json(entry->name))) continue;
    auto source = path + ": " + (entry ? entry->name : "entry " + std::to_string(i));
    auto text = entry ? archive->read(i) : std::unexpected(entry.error());
    const auto bytes = text ? text->size() : 0;
    if (!take({std::move(source), text ? read_advisory(*text) : fail(text), bytes})) break;
  }
  return {};
}

}  // namespace

Result<Json> read_advisory(ByteView text) {
  auto record = parse_json(text, osv_json_limits());
  if (!record || !is_cve_record(*record)) return record;
  return osv_of_cve(std::move(*record));
}

Result<void> read_advisories(const std::string& path, const Take& take) {
  std::error_code error;
  const auto status = files::status(path, error);
  if (error || !files::exists(status)) return fail(Code::not_found, path + " is not there.");
  if (files::is_directory(status)) return read_folder(path, take);
  if (path.ends_with(".zip")) return read_zip(path, take);
  take(read_one(path));
  return {};
}

}  // namespace kontor::cli
