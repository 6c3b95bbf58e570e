#pragma once
// A user's own account at a git host, and repositories for courses there (row PRG-10). The token is
// stored sealed, bound to the user's name: a copy in another row does not open.
#include "ports/git_connection_store.h"
#include "ports/git_host.h"
#include "ports/git_login.h"
#include "registry/actor.h"
#include "registry/registry.h"

#include <optional>
#include <string>

namespace kontor {

struct GitService {
  Registry& registry;
  GitConnectionStore& connections;
  GitHost* host = nullptr;  // null: none is configured, and all but reading fails: not_implemented
  GitLogin* login = nullptr;  // null: accounts are connected by tokens only
};

// Connects the caller with the account the token belongs to, which is asked of the host. Yields the
// login. bad_request where the text cannot be a token, forbidden where the host refuses
// it. Decided as edit_account.
Task<std::string> connect_git(GitService& service, Actor actor, std::string token);
// Nothing where the caller is not connected.
Task<std::optional<GitConnection>> find_git_connection(GitService& service, Principal who);
// Forgets the token. Succeeds where there is none.
Task<> disconnect_git(GitService& service, Actor actor);

struct GitCredentials {
  std::string login;
  std::string token;
};
// The caller's own, for a push. not_found where there are none.
Task<GitCredentials> load_git_credentials(GitService& service, Principal who);

// The caller's repository progy-COURSE, made where it is missing: private and empty. bad_request
// unless `course_id` is 1 to 90 of A-Za-z0-9._-, not beginning with a dot, after a leading '@';
// not_found, forbidden, unavailable.
Task<GitRepository> ensure_course_repository(GitService& service, Actor actor,
                                             std::string course_id);

}  // namespace kontor
