// The table.
#include "formats/ori/routes.h"

#include "formats/ori/handlers.h"

#include <array>

namespace kontor::ori {
namespace {

using enum http::Access;
using http::Method;
using Entry = RouteEntry<Service>;

constexpr std::array kRoutes = {
    Entry{{Method::get, "/v1/packages/:scope/:name/versions", read,
           "Lists the versions, newest first; ?include_yanked=1, ?prerelease=1."},
          get_versions},
    Entry{{Method::get, "/v1/packages/:scope/:name/:version/metadata", read,
           "What one version is and needs; also of yanked and removed ones."},
          get_metadata},
    Entry{{Method::get, "/v1/packages/:scope/:name/:version/download", read,
           "The archive, whole or by range; 410 where it was removed. ?verify=1 checks the bytes."},
          download},
    Entry{{Method::post, "/v1/packages/:scope/:name/publish", write,
           "Publishes a version: the archive, or multipart with `archive` and `metadata`."},
          publish_version},
    Entry{{Method::post, "/v1/packages/:scope/:name/:version/yank", write,
           "Leaves a version out of new resolutions."},
          yank_version},
    Entry{{Method::post, "/v1/packages/:scope/:name/:version/unyank", write, "Takes that back."},
          unyank_version},
    Entry{{Method::post, "/v1/packages/:scope/:name/:version/deprecate", write,
           "Warns of a version; an empty message takes the warning back."},
          deprecate_version},
    Entry{{Method::get, "/v1/packages/:scope/:name/owners", read, "Lists the owners."}, get_owners},
    Entry{{Method::put, "/v1/packages/:scope/:name/owners", full, "Replaces the owners."},
          put_owners},
    Entry{{Method::put, "/v1/packages/:scope/:name/owners/:user", full, "Adds an owner."},
          put_owner},
    Entry{{Method::del, "/v1/packages/:scope/:name/owners/:user", full,
           "Removes an owner; the last one stays."},
          delete_owner},
    Entry{{Method::get, "/v1/packages/:scope/:name/transfer", account,
           "The pending offer, for both parties."},
          get_transfer},
    Entry{{Method::post, "/v1/packages/:scope/:name/transfer", full,
           "Offers the package to another user for seven days."},
          post_transfer},
    Entry{{Method::del, "/v1/packages/:scope/:name/transfer", full, "Takes the offer back."},
          delete_transfer},
    Entry{{Method::post, "/v1/packages/:scope/:name/transfer/accept", full,
           "Accepts what is offered to the caller."},
          post_accept},
    Entry{{Method::post, "/v1/packages/:scope/:name/transfer/reject", full,
           "Rejects what is offered to the caller."},
          post_reject},
    Entry{{Method::get, "/v1/search", read,
           "Searches packages: ?q=, limit=, offset=, keyword=, scope=."},
          search_packages},
    Entry{{Method::get, "/v1/tokens", account, "Lists the caller's tokens."}, get_tokens},
    Entry{{Method::post, "/v1/tokens", full, "Issues a token of a scope; needs the password."},
          post_token},
    Entry{{Method::del, "/v1/tokens/:id", full, "Revokes a token."}, delete_token},
    Entry{{Method::get, "/v1/whoami", account, "Whose the credential is, and its scope."}, whoami},
    Entry{{Method::post, "/v1/admin/packages/:scope/:name/:version/remove", admin,
           "Removes a version: kind emergency keeps the bytes unread, legal erases them."},
          remove_released},
};

}  // namespace

std::span<const RouteEntry<Service>> routes() {
  return kRoutes;
}

}  // namespace kontor::ori
