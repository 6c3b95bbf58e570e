#pragma once
// A git host on which users have accounts of their own, such as GitHub or a Gitea (row PRG-10).
#include "base/task.h"

#include <string>

namespace kontor {

struct GitRepository {
  std::string clone_url;
  std::string html_url;
  bool is_new = false;
};

// Thread: one instance belongs to one loop. All fail with forbidden where the host does
// not take the token or its rights do not suffice, with unavailable where it answers otherwise
// than expected or not at all.
class GitHost {
 public:
  virtual ~GitHost() = default;
  // Name of the account the token belongs to.
  virtual Task<std::string> login_of(std::string token) = 0;
  // The account's own repository of that name; a new one is private and empty, so that any first
  // push is taken.
  virtual Task<GitRepository> ensure_repository(std::string token, std::string login,
                                                std::string name) = 0;
};

}  // namespace kontor
