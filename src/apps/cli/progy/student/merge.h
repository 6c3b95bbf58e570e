#pragma once
// Three-way merge of a course into a student's folder, file by file. Row PGC-06.
#include "apps/cli/progy/student/folder_change.h"
#include "apps/cli/progy/student/git.h"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::cli::progy {

// What became of one file that the new version changes.
enum class MergeKind : std::uint8_t {
  added,
  replaced,  // the student had not changed it
  removed,   // the same
  merged,    // both had, in different places
  conflict,  // both had, in the same place: the file has git's markers
  kept,      // both had, and there is nothing to merge: the student's stays
};
std::string_view to_text(MergeKind kind);

struct MergedFile {
  std::string path;
  MergeKind kind;
  std::string note;  // of conflict and kept: what to look at
};

struct MergeSides {
  std::string folder;                    // the student's
  std::string base;                      // the version it was made from, unpacked
  std::string theirs;                    // the new one, unpacked; its files are taken away
  std::string base_label, theirs_label;  // of git's markers
  std::string version;                   // the new one
};

// Stages every change in `change`, which is then to be committed. Files that are in neither version
// are not looked at. Needs git only where both sides changed a file.
Outcome<std::vector<MergedFile>> merge_course(const MergeSides& sides, const Git& git,
                                              FolderChange& change);

}  // namespace kontor::cli::progy
