#pragma once
// Which registry a package comes from or goes to, and the credential for it.
#include "apps/cli/ori/project.h"

#include <string>

namespace kontor::cli::ori {

struct Place {
  std::string url;     // without a slash at its end
  std::string token;   // empty: none
  bool logged = true;  // false where [registries.<name>] says log = "none"
};

// The first of these that there is: --registry; [publish] registry (to publish); the entry of
// [registries] that is called as the scope; ORI_REGISTRY; [registries.default]; the registry of the
// last login; http://127.0.0.1:4873. --registry and [publish] name an entry or are a URL. `project`
// may be null.
//
// The token is ORI_REGISTRY_<NAME>_TOKEN for an entry of [registries], ORI_REGISTRY_TOKEN for a URL
// of the command line or of the environment and for the last login's, else the one that `ori login`
// has stored for that very URL. So a manifest of a stranger cannot send a token elsewhere.
enum class Use : std::uint8_t { fetch, publish };
Result<Place> find_place(const Desk& desk, const Project* project, const std::string& scope,
                         Use use = Use::fetch);

// <home> is $ORI_HOME or ~/.ori.
Result<std::string> home_of(const Desk& desk);

// Keeps a token, in <home>/credentials.json of mode 0600, and makes its registry the one that is
// asked where nothing says otherwise. Durable on success.
Result<void> store_token(const Desk& desk, const std::string& url, const std::string& token);

}  // namespace kontor::cli::ori
