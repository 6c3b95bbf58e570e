#pragma once
// The rules of .gitignore files, decided as git decides them for paths that it does not track.
// Pure.
#include "apps/cli/progy/pack/glob.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::cli::progy {

// The lines of one .gitignore.
class IgnoreFile {
 public:
  explicit IgnoreFile(std::string_view text);

  // What the last line that matches says, or nothing. `path` is relative to the file's folder,
  // without a slash at its end.
  std::optional<bool> ignores(std::string_view path, bool is_folder) const;
  bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    bool ignore;               // false: the line began with !
    bool folders_only;         // it ended with a slash
    bool name_only;            // no slash inside: it judges the last part of a path, at any depth
    std::string start;         // what the path or name begins with, before the first wildcard
    std::optional<Glob> rest;  // nothing: `start` is all there is
  };
  static std::optional<Rule> parse(std::string_view line);
  static bool matches(const Rule& rule, std::string_view path);

  std::vector<Rule> rules_;
};

// The files of a folder and of those above it, the deepest of which decides.
class IgnoreRules {
 public:
  // `folder` is relative to where the rules begin, "" or with a slash at its end. Folders are
  // entered and left like brackets.
  void enter(std::string folder, IgnoreFile file);
  void leave();

  // `path` is relative to where the rules begin. What lies below an ignored folder is ignored; not
  // asking for it is the caller's part.
  bool ignores(std::string_view path, bool is_folder) const;

 private:
  struct Level {
    std::string folder;
    IgnoreFile file;
  };
  std::vector<Level> levels_;
};

}  // namespace kontor::cli::progy
