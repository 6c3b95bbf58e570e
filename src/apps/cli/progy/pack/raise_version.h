#pragma once
// A higher version in course.json, for `progy publish --major|--minor|--patch`. Row PGC-03.
#include "apps/cli/progy/desk.h"
#include "domain/semver.h"

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace kontor::cli::progy {

enum class VersionStep : std::uint8_t { major, minor, patch };

// As npm counts: the next number of that kind, without prerelease and build; a prerelease becomes
// the version it leads to, where that is a step of this kind.
Version raised(Version version, VersionStep step);

// The text of a course.json with another version: nothing else in it changes, its layout neither.
// Nothing where the text has no such top-level version, or spells it in an unusual way.
std::optional<std::string> with_version(std::string_view text, std::string_view version);

// The file of a folder with its version raised. It gets its old text back when this ends, unless
// keep() was called: a publish that was refused has raised nothing.
class RaisedVersion {
 public:
  static Outcome<RaisedVersion> raise(const std::string& folder, VersionStep step);
  RaisedVersion(RaisedVersion&& other) noexcept;
  ~RaisedVersion();

  void keep() { before_.reset(); }

 private:
  RaisedVersion(std::string path, mode_t mode, std::string before)
      : path_(std::move(path)), mode_(mode), before_(std::move(before)) {}

  std::string path_;
  mode_t mode_;
  std::optional<std::string> before_;  // what is to be put back
};

}  // namespace kontor::cli::progy
