// The table. The route of assets comes last: it would take the others' addresses too.
#include "formats/progy/routes.h"

#include "formats/progy/course.h"
#include "formats/progy/handlers.h"

#include <array>

namespace kontor::progy {
namespace {

using enum http::Access;
using http::Method;
using Entry = RouteEntry<Service>;

constexpr std::array kRoutes = {
    Entry{{Method::get, kSchemaPath, open, "The JSON Schema of course.json."}, get_schema},
    Entry{{Method::get, "/registry/legacy-courses", open,
           "Courses that lie in git repositories still, by name: repo, branch, path, description."},
          list_legacy_courses},
    Entry{{Method::get, "/registry", read, "Public courses, best first: ?query=, page=, scope=."},
          list_courses},
    Entry{
        {Method::get, "/registry/my-packages", account, "The caller's courses, private ones too."},
        my_packages},
    Entry{{Method::post, "/registry/publish", write,
           "Publishes a version: multipart with the parts `file` and `metadata`."},
          publish_version},
    Entry{{Method::get, "/registry/resolve/:pkg", read,
           "Versions of a course (or of a bare slug) and the checksum of the latest, or of "
           "?version=."},
          resolve},
    Entry{{Method::get, "/registry/resolve/:scope/:slug", read, "The same, the scope without @."},
          resolve},
    Entry{
        {Method::get, "/registry/download/:pkg/:version", read, "The artifact, whole or by range."},
        download},
    Entry{{Method::get, "/registry/download/:scope/:slug/:version", read,
           "The same, the scope without @."},
          download},
    Entry{{Method::get, "/registry/packages/:pkg", account,
           "What owners see of a course: newest versions, downloads."},
          get_course},
    Entry{{Method::patch, "/registry/packages/:pkg", write,
           "Changes `isPublic`, `status` and `description`."},
          patch_course},
    Entry{{Method::del, "/registry/packages/:pkg", full, "Removes a course with all its versions."},
          delete_course},
    Entry{{Method::post, "/registry/users/:name/rename", full,
           "Another name for a user, `{name}`, and for the courses below it; the old ones go on "
           "leading there."},
          rename_account},
    Entry{{Method::get, "/registry/:pkg/:version/*asset", read,
           "README.md or an image below assets/ of a version."},
          get_asset},
};

}  // namespace

std::span<const RouteEntry<Service>> routes() {
  return kRoutes;
}

Task<http::Response> get_schema(Service&, const http::Call& call) {
  auto response = http::json_response(200, course_schema(call.base));
  response.set("content-type", "application/schema+json");
  response.set("cache-control", "public, max-age=3600");
  co_return response;
}

Task<http::Response> list_legacy_courses(Service& service, const http::Call&) {
  const auto& map = service.legacy_courses;
  co_return http::json_response(200, R"({"courses":)" + (map.empty() ? "{}" : map) + "}");
}

}  // namespace kontor::progy
