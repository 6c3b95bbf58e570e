// The table. Routes under /-/ come first, because ":pkg" would take "-" for a package.
#include "formats/npm/package_routes.h"

#include <array>

#include "formats/npm/handlers.h"

namespace kontor::npm {
namespace {

using enum http::Access;
using http::Method;
using Entry = RouteEntry<Service>;

constexpr Method get = Method::get, put = Method::put, post = Method::post, del = Method::del;

constexpr std::array kRoutes = {
    Entry{{get, "/", read, "Describes the registry."}, describe_registry},
    Entry{{get, "/-/ping", open, "Answers {} while the server runs."}, ping},

    Entry{{get, "/-/v1/search", read, "Finds packages by text and qualifiers."}, search},
    Entry{{get, "/-/search", read, "The same under an older name."}, search},
    Entry{{get, "/_search", read, "The same with the text in q."}, search_by_q},
    Entry{{get, "/-/all", read, "Lists all packages, for old clients."}, get_all},
    Entry{{get, "/-/all/since", read, "Lists packages changed since startkey."}, get_all},
    Entry{{get, "/-/_view/starredByUser", read, "Lists the packages a user starred."},
          get_starred},

    Entry{{get, "/-/package/list", read, "Lists the packages of a scope."}, get_package_list},
    Entry{{get, "/-/package/:pkg/dist-tags", read, "Lists a package's tags."}, get_tags},
    Entry{{put, "/-/package/:pkg/dist-tags", write, "Replaces a package's tags."}, put_tags},
    Entry{{post, "/-/package/:pkg/dist-tags", write, "Sets several tags."}, post_tags},
    Entry{{put, "/-/package/:pkg/dist-tags/:tag", write, "Points a tag at a version."}, put_tag},
    Entry{{post, "/-/package/:pkg/dist-tags/:tag", write, "Points a tag at a version."}, put_tag},
    Entry{{del, "/-/package/:pkg/dist-tags/:tag", write, "Removes a tag."}, delete_tag},
    Entry{{get, "/-/package/:pkg/owners", read, "Lists a package's maintainers."}, get_owners},
    Entry{{put, "/-/package/:pkg/owners", full, "Adds a maintainer."}, put_owner},
    Entry{{del, "/-/package/:pkg/owners/:user", full, "Removes a maintainer."}, delete_owner},
    Entry{{get, "/-/package/:pkg/visibility", read, "Tells whether a package is public."},
          get_visibility},
    Entry{{get, "/-/package/:pkg/access", read, "Tells who may see a package."}, get_access},
    Entry{{post, "/-/package/:pkg/access", full, "Sets who may see a package."}, post_access},
    Entry{{get, "/-/package/:pkg/collaborators", account, "Lists users and their permission."},
          get_collaborators},
    Entry{{get, "/-/user/:user/package", read, "Lists a user's packages."}, get_user_packages},
    Entry{{get, "/-/org/:org/package", read, "Lists the packages of a scope."},
          get_scope_packages},

    Entry{{get, "/-/npm/v1/keys", open, "Public keys of the signatures of versions."}, get_keys},
    Entry{{get, "/-/npm/v1/attestations/*entry", read,
           "The provenance that <name>@<version> was published with."},
          get_attestations},
    Entry{{post, "/-/npm/v1/security/advisories/bulk", read, "Advisories for these versions."},
          audit_bulk},
    Entry{{post, "/-/npm/v1/security/audits/quick", read, "Advisories for a lock tree."},
          audit_tree},
    Entry{{post, "/-/npm/v1/security/audits", read, "Advisories for a lock tree."}, audit_tree},

    Entry{{get, "/downloads/point/:period", read, "Counts all downloads."}, get_download_point},
    Entry{{get, "/downloads/point/:period/:pkg", read, "Counts a package's downloads."},
          get_download_point},
    Entry{{get, "/downloads/range/:period", read, "Counts all downloads by day."},
          get_download_range},
    Entry{{get, "/downloads/range/:period/:pkg", read, "Counts a package's downloads by day."},
          get_download_range},
    Entry{{get, "/versions/:pkg/last-week", read, "Counts a week's downloads by version."},
          get_version_downloads},

    Entry{{get, "/cdn/:pkg/-/:file", read, "Sends a tarball."}, get_tarball},
    Entry{{get, "/:pkg/-/package-dist-tags", read, "Lists a package's tags."}, get_tags},
    Entry{{get, "/:pkg/-/:file", read, "Sends a tarball."}, get_tarball},
    Entry{{get, "/:pkg/-/:scope/:file", read, "Sends a tarball of a scoped package."},
          get_scoped_tarball},
    Entry{{del, "/:pkg/-/:file/-rev/:rev", write, "Unpublishes the version of a tarball."},
          delete_tarball},
    Entry{{put, "/:pkg/-rev/:rev", write, "Applies a changed document at a revision."},
          put_package_revision},
    Entry{{del, "/:pkg/-rev/:rev", write, "Unpublishes a whole package."}, delete_package},
    Entry{{put, "/:pkg/:version/-tag/:tag", write, "Points a tag at a version."},
          put_version_tag},
    Entry{{put, "/:pkg/:tag", write, "Points a tag at a version, for old clients."}, put_tag},
    Entry{{get, "/:pkg/:version", read, "A manifest by version, tag or range."}, get_version},
    Entry{{put, "/:pkg", write, "Publishes a version, or applies a changed document."},
          put_package},
    Entry{{get, "/:pkg", read, "A package's document, full or abbreviated."}, get_package},
};

}  // namespace

std::span<const RouteEntry<Service>> package_routes() { return kRoutes; }

}  // namespace kontor::npm
