// A link is made under a name of its own and then moved, so that a key names a whole blob at any
// time. Nothing is synced: a server that starts makes the names anew.
#include "adapters/filesystem/object_names.h"

#include "adapters/filesystem/files.h"
#include "base/encoding.h"
#include "ports/entropy.h"
#include "ports/run_on.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::fs {
namespace {

namespace stdfs = std::filesystem;

// A relative path that stays below the root.
bool is_key(std::string_view key) {
  if (key.empty() || key.contains('\0')) return false;
  for (std::size_t at = 0; at <= key.size();) {
    const auto end = std::min(key.find('/', at), key.size());
    const auto part = key.substr(at, end - at);
    if (part.empty() || part == "." || part == "..") return false;
    at = end + 1;
  }
  return true;
}

bool is_same_file(const std::string& a, const std::string& b) {
  struct stat first{}, second{};
  return ::stat(a.c_str(), &first) == 0 && ::lstat(b.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

Result<void> link_as(const std::string& blob, const std::string& path, const std::string& aside) {
  if (is_same_file(blob, path)) return {};
  std::error_code error;
  stdfs::create_directories(stdfs::path(path).parent_path(), error);
  if (error) return fail_errno(error.value(), "mkdir for " + path);
  if (::link(blob.c_str(), aside.c_str()) < 0)
    return errno == ENOENT ? fail(Code::not_found) : fail_errno(errno, "link " + path);
  const int failed = ::rename(aside.c_str(), path.c_str()) < 0 ? errno : 0;
  remove_quietly(aside);  // stays where both were the same file already
  if (failed) return fail_errno(failed, "rename to " + path);
  return {};
}

Result<void> remove_others(const std::string& folder, const std::set<std::string>& kept) {
  std::error_code error;
  std::vector<stdfs::path> folders;
  for (auto it = stdfs::recursive_directory_iterator(folder, error);
       !error && it != stdfs::recursive_directory_iterator(); it.increment(error)) {
    if (it->is_directory(error))
      folders.push_back(it->path());
    else if (!kept.contains(it->path().string()))
      remove_quietly(it->path().string());
  }
  if (error && error.value() != ENOENT) return fail_errno(error.value(), "read " + folder);
  for (auto it = folders.rbegin(); it != folders.rend(); ++it)
    ::rmdir(it->c_str());  // those that are empty now
  return {};
}

}  // namespace

ObjectNames::ObjectNames(BlobLayout layout, Entropy& entropy, Workers& workers, Loop& home)
    : layout_(std::move(layout)), entropy_(entropy), workers_(workers), home_(home) {}

Task<> ObjectNames::give(ObjectName name) {
  if (!is_key(name.key)) co_return fail(Code::internal, {}, "no key: " + name.key);
  auto aside = layout_.staged(to_hex(entropy_.bytes(16)));
  co_await run_on<void>(
      workers_, home_, [layout = layout_, name = std::move(name), aside = std::move(aside)] {
        return link_as(locate(layout, name.digest), layout.root + "/" + name.key, aside);
      });
  co_return {};
}

Task<> ObjectNames::take(std::string key) {
  if (!is_key(key)) co_return fail(Code::internal, {}, "no key: " + key);
  co_await run_on<void>(workers_, home_, [path = layout_.root + "/" + key]() -> Result<void> {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
    return fail_errno(errno, "unlink " + path);
  });
  co_return {};
}

Result<void> make_names(const BlobLayout& layout, std::span<const ObjectName> names) {
  std::set<std::string> kept;
  for (const auto& name : names) {
    if (!is_key(name.key)) return fail(Code::internal, {}, "no key: " + name.key);
    const auto path = layout.root + "/" + name.key;
    auto linked = link_as(locate(layout, name.digest), path, layout.staged("name"));
    if (linked)
      kept.insert(path);
    else if (linked.error().code != Code::not_found)
      return linked;
  }
  return remove_others(layout.root + "/packages", kept);
}

}  // namespace kontor::fs
