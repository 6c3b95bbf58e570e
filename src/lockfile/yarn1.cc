// yarn.lock of yarn 1, which looks like YAML and is not:
//
//     "@scope/name@^1.0.0", "@scope/name@^1.1.0":
//       version "1.1.0"
//       resolved "https://host/name.tgz#<sha1>"
//       integrity sha512-...
//       dependencies:
//         other "^2.0.0"
#include "base/encoding.h"

#include "lockfile/readers.h"

#include <algorithm>
#include <set>

namespace kontor::lockfile {
namespace {

constexpr std::string_view kHeader = "# yarn lockfile v1";

struct Entry {
  std::string pattern;  // the first of its key
  std::string version;
  std::string resolved;
  std::string integrity;
};

// A word, in quotes or not. Quoted words with escapes are none that a name or address needs.
std::optional<std::string_view> take_word(std::string_view& line) {
  std::string_view word;
  if (line.starts_with('"')) {
    const auto end = line.find('"', 1);
    if (end == line.npos) return std::nullopt;
    word = line.substr(1, end - 1);
    line.remove_prefix(end + 1);
  } else {
    word = line.substr(0, line.find_first_of(" ,:"));
    // Unquoted keys hold the colons of their patterns: the last character ends them.
    if (const auto end = line.find_first_of(" ,"); end == line.npos && line.ends_with(':'))
      word = line.substr(0, line.size() - 1);
    else
      word = line.substr(0, end);
    line.remove_prefix(word.size());
  }
  if (word.empty() || word.contains('\\')) return std::nullopt;
  return word;
}

class Reader {
 public:
  Result<Lockfile> read(ByteView text) {
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      ++number_;
      while (line.ends_with(' ') || line.ends_with('\r')) line.remove_suffix(1);
      if (line == kHeader) has_header_ = true;
      if (line.empty() || line.starts_with('#')) continue;
      if (auto taken = take(line); !taken) return fail(taken);
    }
    if (auto ended = end_entry(); !ended) return fail(ended);
    if (!has_header_) return bad("This is no yarn.lock of yarn 1: its first comment is missing.");
    return std::move(lockfile_);
  }

 private:
  std::unexpected<Error> wrong(std::string_view what) const {
    return bad("Line " + std::to_string(number_) + " of yarn.lock " + std::string(what) + ".");
  }

  Result<void> take(std::string_view line) {
    const auto indent = line.find_first_not_of(' ');
    if (indent == 0) return key(line);
    if (!open_) return wrong("belongs to no entry");
    if (indent == 2) return field(line.substr(2));
    if (indent >= 4 && in_list_) return {};
    return wrong("is indented otherwise than yarn does");
  }

  // One or several patterns; all name the package that is locked.
  Result<void> key(std::string_view line) {
    if (auto ended = end_entry(); !ended) return ended;
    if (!line.ends_with(':')) return wrong("is no key");
    const auto pattern = take_word(line);
    if (!pattern) return wrong("is no key");
    if (!patterns_.insert(std::string(*pattern)).second) return wrong("repeats an entry");
    entry_ = {.pattern = std::string(*pattern), .version = {}, .resolved = {}, .integrity = {}};
    open_ = true;
    in_list_ = false;
    return {};
  }

  Result<void> field(std::string_view line) {
    in_list_ = line.ends_with(':');
    if (in_list_) return {};
    const auto name = take_word(line);
    if (!name || !line.starts_with(' ')) return wrong("is no field");
    line.remove_prefix(1);
    const auto value = take_word(line);
    if (!value || !line.empty()) return wrong("is no field");
    std::string* into = *name == "version"     ? &entry_.version
                        : *name == "resolved"  ? &entry_.resolved
                        : *name == "integrity" ? &entry_.integrity
                                               : nullptr;
    if (into && !into->empty()) return wrong("repeats a field");
    if (into) *into = *value;
    return {};
  }

  // "name@range", "alias@npm:name@range", "name@https://...", "name@file:..."
  Result<void> end_entry() {
    if (!std::exchange(open_, false)) return {};
    auto cut = cut_at_version(entry_.pattern);
    if (!cut && entry_.pattern.find('@', 1) == entry_.pattern.npos)
      cut = std::pair(std::string_view(entry_.pattern), std::string_view());
    if (!cut || entry_.version.empty()) return wrong("ends an entry without name or version");
    auto [name, range] = *cut;
    if (range.starts_with("npm:")) {
      const auto alias = cut_at_version(range.substr(4));
      name = alias ? alias->first : range.substr(4);
      range = alias ? alias->second : std::string_view();
    }
    const Origin origin = origin_of(range);
    if (origin != Origin::registry) {
      lockfile_.others.push_back(
          {entry_.pattern, origin == Origin::local ? Other::Why::local : Other::Why::foreign});
      return {};
    }
    add_archive(std::string(name));
    return {};
  }

  // Entries older than integrity have the SHA-1 behind the address alone.
  void add_archive(std::string name) {
    const auto hash = entry_.resolved.find('#');
    const auto sha1 = from_hex(hash == std::string::npos ? "" : entry_.resolved.substr(hash + 1));
    if (entry_.integrity.empty() && sha1 && sha1->size() == 20)
      entry_.integrity = "sha1-" + to_base64(*sha1);
    lockfile_.archives.push_back({entry_.pattern, std::move(name), entry_.version, entry_.integrity,
                                  entry_.resolved.substr(0, hash)});
  }

  Lockfile lockfile_;
  Entry entry_;
  std::set<std::string> patterns_;
  std::size_t number_ = 0;
  bool open_ = false;
  bool in_list_ = false;
  bool has_header_ = false;
};

}  // namespace

Result<Lockfile> read_yarn1(ByteView text) {
  return Reader().read(text);
}

}  // namespace kontor::lockfile
