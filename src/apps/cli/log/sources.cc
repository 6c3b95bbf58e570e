// Every path is one that tlog/tile.h prints, or "checkpoint".
#include "apps/cli/log/sources.h"

#include "apps/cli/log/pin.h"

namespace kontor::cli {

Result<Bytes> RegistryLog::read(const std::string& path, std::size_t most) {
  auto answer = client_.get(prefix_ + path);
  if (!answer) return fail(answer);
  const std::string where = client_.url() + prefix_ + path;
  if (answer->status == 404) return fail(Code::not_found, where + " is missing.");
  if (answer->status != 200)
    return fail(Code::unavailable, where + " answered " + std::to_string(answer->status) + ".");
  if (answer->body.size() > most) return fail(Code::too_large, where + " is too large.");
  return std::move(answer->body);
}

Result<Bytes> FolderLog::read(const std::string& path, std::size_t most) {
  auto bytes = read_file(folder_ + "/" + path, most);
  if (!bytes && bytes.error().code == Code::not_found)
    return fail(Code::not_found, folder_ + "/" + path + " is missing.");
  return bytes;
}

}  // namespace kontor::cli
