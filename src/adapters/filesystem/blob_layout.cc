// Looking into both places.
#include "adapters/filesystem/blob_layout.h"

#include "adapters/filesystem/files.h"

#include <unistd.h>

namespace kontor::fs {
namespace {

constexpr std::string_view kOriSuffix = ".ori.tar.gz";

// The names in a folder that may not be there.
Result<void> each_name_if_there(const std::string& folder,
                                const std::function<void(const char*)>& take) {
  auto read = each_name(folder, take);
  if (!read && read.error().code == Code::not_found) return {};
  return read;
}

Result<void> each_ori_blob(const std::string& folder,
                           const std::function<void(const Sha256&)>& take) {
  return each_name_if_there(folder, [&](std::string_view name) {
    if (!name.ends_with(kOriSuffix)) return;
    name.remove_suffix(kOriSuffix.size());
    if (const auto digest = Sha256::from_hex(name)) take(*digest);
  });
}

// Folders are called by two hex digits.
Result<void> each_folder(const std::string& folder,
                         const std::function<Result<void>(const std::string&)>& enter) {
  Result<void> outcome;
  auto read = each_name_if_there(folder, [&](std::string_view name) {
    if (name.size() == 2 && name != ".." && outcome)
      outcome = enter(folder + "/" + std::string(name));
  });
  return read ? outcome : read;
}

}  // namespace

std::string locate(const BlobLayout& layout, const Sha256& digest) {
  auto path = layout.blob(digest);
  if (::access(path.c_str(), F_OK) == 0) return path;
  auto second = layout.ori_blob(digest);
  return ::access(second.c_str(), F_OK) == 0 ? second : path;
}

Result<void> each_blob(const BlobLayout& layout, const std::function<void(const Sha256&)>& take) {
  auto read = each_name(layout.blobs(), [&](const char* name) {
    if (const auto digest = Sha256::from_hex(name)) take(*digest);
  });
  if (!read) return read;
  return each_folder(layout.ori_blobs(), [&](const std::string& folder) {
    return each_folder(folder,
                       [&](const std::string& inner) { return each_ori_blob(inner, take); });
  });
}

}  // namespace kontor::fs
