// Rules for the entries of an archive.
#include "archive/archive_rules.h"

#include "archive/path_fold.h"
#include "archive/refusal.h"
#include "base/encoding.h"
#include "base/siphash.h"

#include <algorithm>
#include <array>
#include <string>

namespace kontor {
namespace {

using Rule = std::optional<std::string_view>;

// The last bit of a hash tells files from folders, so that one set holds both. Names that hash
// alike by accident (odds below one in a thousand million at 100,000 names) are taken for
// duplicates.
std::uint64_t file_mark(ByteView folded) {
  return siphash(folded) | 1;
}
std::uint64_t folder_mark(ByteView folded) {
  return siphash(folded) & ~1ull;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Controls of C0 and C1, DEL, and the characters that turn the direction of text, behind which a
// name can hide its ending. `text` is valid UTF-8.
bool has_control(ByteView text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7f) return true;
    if (c == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
    if (c != 0xe2) continue;
    const ByteView sign = text.substr(i, 3);
    if (sign >= "\u202a" && sign <= "\u202e") return true;
    if (sign >= "\u2066" && sign <= "\u2069") return true;
  }
  return false;
}

// CON, PRN, AUX, NUL, COM1 to COM9, LPT1 to LPT9 (superscript digits too), CONIN$, CONOUT$; Windows
// looks at the name before the first dot and drops spaces behind it.
bool is_device(ByteView name) {
  name = name.substr(0, name.find('.'));
  while (name.ends_with(' ')) name.remove_suffix(1);
  const std::string low = to_lower_ascii(name);
  constexpr auto kNames =
      std::to_array<ByteView>({"con", "prn", "aux", "nul", "conin$", "conout$"});
  if (std::find(kNames.begin(), kNames.end(), low) != kNames.end()) return true;
  if (!low.starts_with("com") && !low.starts_with("lpt")) return false;
  const ByteView number = ByteView(low).substr(3);
  if (number.size() == 1) return number[0] >= '1' && number[0] <= '9';
  return number == "\u00b9" || number == "\u00b2" || number == "\u00b3";
}

Rule broken_name_rule(ByteView name) {
  if (name.empty()) return "has an empty name in its path";
  if (name == ".") return "has \".\" in its path";
  if (name == "..") return "has \"..\" in its path";
  if (name.size() > 1 && name[1] == ':' && is_letter(name[0]))
    return "has a drive letter in its path";
  if (is_device(name)) return "has a name reserved by Windows in its path";
  return std::nullopt;
}

Rule broken_text_rule(ByteView path, const ArchiveLimits& limits) {
  if (path.empty()) return "has an empty path";
  if (path.size() > limits.path_bytes) return "has a path that is too long";
  if (path.find('\0') != ByteView::npos) return "has a NUL in its path";
  if (!is_utf8(path)) return "has a path that is not UTF-8";
  if (has_control(path)) return "has a control character in its path";
  if (path.find('\\') != ByteView::npos) return "has a backslash in its path";
  if (path[0] == '/') return "has an absolute path";
  return std::nullopt;
}

// The name of the kind, where it is one that is refused.
Rule broken_kind_rule(ArchiveEntry::Kind kind) {
  using enum ArchiveEntry::Kind;
  switch (kind) {
    case file:
    case directory:
      return std::nullopt;
    case hard_link:
      return "is a hard link; links are not allowed";
    case symbolic_link:
      return "is a symbolic link; links are not allowed";
    case device:
      return "is a device; devices are not allowed";
    case fifo:
      return "is a named pipe; pipes are not allowed";
    case sparse:
      return "is a sparse file; sparse files are not allowed";
    case other:
      break;
  }
  return "is neither a file nor a directory";
}

}  // namespace

std::optional<std::string_view> broken_path_rule(ByteView path, ArchiveEntry::Kind kind,
                                                 const ArchiveLimits& limits) {
  if (const Rule rule = broken_text_rule(path, limits)) return rule;
  if (kind == ArchiveEntry::Kind::directory && path.ends_with('/')) path.remove_suffix(1);
  std::uint32_t depth = 0;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t end = std::min(path.find('/', from), path.size());
    if (const Rule rule = broken_name_rule(path.substr(from, end - from))) return rule;
    if (++depth > limits.path_depth) return "lies too deep in folders";
    from = end + 1;
  }
  return std::nullopt;
}

ArchiveRules::ArchiveRules(const ArchiveLimits& limits) : limits_(limits) {}

Result<void> ArchiveRules::admit(const ArchiveEntry& entry) {
  if (const Rule rule = broken_kind_rule(entry.kind)) return refuse_entry(entry.path, *rule);
  if (const Rule rule = broken_path_rule(entry.path, entry.kind, limits_))
    return refuse_entry(entry.path, *rule);
  ByteView rest = entry.path;
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::string folded;
  for (auto slash = rest.find('/'); slash != ByteView::npos; slash = rest.find('/')) {
    folded += fold_name(rest.substr(0, slash));
    if (auto done = admit_folder(folded, entry.path); !done) return fail(done);
    folded += '/';
    rest.remove_prefix(slash + 1);
  }
  folded += fold_name(rest);
  if (entry.kind == ArchiveEntry::Kind::directory) return admit_folder(folded, entry.path);
  if (names_.contains(file_mark(folded)))
    return refuse_entry(entry.path, "is there twice (capital and small letters count as the same)");
  if (names_.contains(folder_mark(folded)))
    return refuse_entry(entry.path, "is a file where another entry has a folder");
  return add(file_mark(folded));
}

Result<void> ArchiveRules::admit_folder(ByteView folded, ByteView path) {
  if (names_.contains(folder_mark(folded))) return {};
  if (names_.contains(file_mark(folded)))
    return refuse_entry(path, "is below or on top of a file of the same name");
  return add(folder_mark(folded));
}

Result<void> ArchiveRules::add(std::uint64_t mark) {
  if (names_.size() >= limits_.entries)
    return fail(Code::too_large, "The archive has more than " + std::to_string(limits_.entries) +
                                     " files and folders.");
  names_.add(mark);
  return {};
}

}  // namespace kontor
