// POST /registry/users/:name/rename. Row PRG-11.
#include "formats/progy/handler_support.h"
#include "formats/progy/handlers.h"
#include "formats/progy/rename.h"
#include "formats/progy/storage_names.h"
#include "registry/json_body.h"

namespace kontor::progy {

// {name}
Task<http::Response> rename_account(Service& service, const http::Call& call) {
  const Json body = co_await read_json_object(call.request.body);
  Renaming wish{call.params["name"], co_await required_text_field(body, "name")};
  const auto courses = co_await rename_user(service.registry, actor_of(call), wish);
  for (const auto& course : courses)
    co_await rename_artifacts(service, "@" + wish.from + course.substr(course.find('/')), course);
  co_return fresh({{"success", true}, {"name", wish.to}, {"packages", courses}});
}

}  // namespace kontor::progy
