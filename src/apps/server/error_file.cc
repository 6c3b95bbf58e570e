// One JSON array.
#include "apps/server/error_file.h"

#include "adapters/filesystem/files.h"
#include "registry/error_list.h"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace kontor {

std::vector<ErrorGroup> read_error_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return error_groups_of(Json::parse(text.str(), nullptr, false));
}

Result<void> write_error_file(const std::string& path, const std::vector<ErrorGroup>& groups) {
  const auto fresh = path + ".new";
  fs::remove_quietly(fresh);
  auto file = fs::create_exclusive(fresh);
  if (!file) return fail(file);
  const auto text = to_json(groups).dump(1, ' ', false, Json::error_handler_t::replace);
  if (auto done = fs::write_all(*file, text); !done) return done;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return fs::fail_errno(errno, "rename " + path);
  return {};
}

}  // namespace kontor
