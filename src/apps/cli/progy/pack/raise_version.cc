// The new text is believed when the parser reads the wanted change out of it and no other.
#include "apps/cli/progy/pack/raise_version.h"

#include "adapters/filesystem/whole_file.h"
#include "formats/progy/course.h"

#include <cstdio>
#include <sys/stat.h>

namespace kontor::cli::progy {
namespace {

constexpr std::string_view kKey = "\"version\"";

// Where the text of a value begins that stands behind a key; npos where none does.
std::size_t value_behind(std::string_view text, std::size_t key) {
  const auto colon = text.find_first_not_of(" \t\r\n", key + kKey.size());
  if (colon == text.npos || text[colon] != ':') return text.npos;
  return text.find_first_not_of(" \t\r\n", colon + 1);
}

// Whole or not at all; the name is one that is never packed.
Result<void> put_file(const std::string& path, mode_t mode, std::string_view text) {
  const auto fresh = path + ".part.progy";
  fs::remove_quietly(fresh);
  const auto file = fs::create_exclusive(fresh);
  if (!file) return std::unexpected(file.error());
  if (auto written = fs::write_all(*file, text); !written) return written;
  if (::fchmod(file->get(), mode & 07777) != 0 || ::rename(fresh.c_str(), path.c_str()) != 0)
    return fs::fail_errno(errno, path);
  return {};
}

}  // namespace

Version raised(Version version, VersionStep step) {
  const bool leads = !version.prerelease.empty();
  version.prerelease.clear();
  version.build.clear();
  switch (step) {
    case VersionStep::major:
      if (!leads || version.minor != 0 || version.patch != 0) ++version.major;
      version.minor = version.patch = 0;
      break;
    case VersionStep::minor:
      if (!leads || version.patch != 0) ++version.minor;
      version.patch = 0;
      break;
    case VersionStep::patch:
      if (!leads) ++version.patch;
      break;
  }
  return version;
}

std::optional<std::string> with_version(std::string_view text, std::string_view version) {
  auto wanted = parse_json(text);
  if (!wanted || !wanted->is_object() || !wanted->contains("version")) return std::nullopt;
  const auto before = (*wanted)["version"].dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto after = Json(version).dump(-1, ' ', false, Json::error_handler_t::replace);
  (*wanted)["version"] = version;
  for (auto key = text.find(kKey); key != text.npos; key = text.find(kKey, key + 1)) {
    const auto at = value_behind(text, key);
    if (at == text.npos || !text.substr(at).starts_with(before)) continue;
    auto changed = std::string(text).replace(at, before.size(), after);
    if (const auto read = parse_json(changed); read && *read == *wanted) return changed;
  }
  return std::nullopt;
}

Outcome<RaisedVersion> RaisedVersion::raise(const std::string& folder, VersionStep step) {
  const auto path = (folder == "." ? "" : folder + "/") + std::string(kontor::progy::kCourseFile);
  struct stat status{};
  auto text = fs::read_file(path, kontor::progy::kMaxCourseBytes);
  if (!text || ::stat(path.c_str(), &status) != 0)
    return fail(Code::bad_request, path + " cannot be read.");
  const auto document = parse_json(*text);
  const auto version = parse_exact_version(
      document && document->is_object() ? text_of(*document, "version") : std::string());
  if (!version)
    return fail(Code::bad_request, "$.version in " + path + " is no version that can be raised.");
  const auto changed = with_version(*text, to_string(raised(*version, step)));
  if (!changed)
    return fail(Code::bad_request, "The version in " + path + " cannot be edited; raise it there.");
  if (auto put = put_file(path, status.st_mode, *changed); !put)
    return fail(Code::bad_request, path + " cannot be written.");
  return RaisedVersion(path, status.st_mode, *std::move(text));
}

RaisedVersion::RaisedVersion(RaisedVersion&& other) noexcept
    : path_(std::move(other.path_)),
      mode_(other.mode_),
      before_(std::exchange(other.before_, std::nullopt)) {}

RaisedVersion::~RaisedVersion() {
  if (before_) (void)put_file(path_, mode_, *before_);
}

}  // namespace kontor::cli::progy
