// How versions stand: yank, unyank, deprecate by owners; removal by administrators. Rows ORI-08,
// ORI-13.
#include "formats/ori/handler_support.h"
#include "formats/ori/handlers.h"
#include "formats/ori/records.h"
#include "registry/json_body.h"
#include "registry/package_changes.h"

namespace kontor::ori {
namespace {

constexpr std::size_t kMaxMessage = 1024;

Json state_of(const VersionName& what, bool yanked) {
  return {{"name", what.key.name}, {"version", what.version}, {"yanked", yanked}};
}

Result<RemovalKind> kind_of(const std::string& text) {
  if (text == "emergency") return RemovalKind::emergency;
  if (text == "legal") return RemovalKind::legal;
  return fail(Code::bad_request, "kind must be \"emergency\" or \"legal\".");
}

Result<std::string> bounded(const std::string& text, std::string_view field) {
  if (text.size() <= kMaxMessage) return text;
  return fail(Code::too_large, std::string(field) + " has at most 1024 bytes.");
}

}  // namespace

Task<http::Response> yank_version(Service& service, const http::Call& call) {
  const auto what = co_await version_of(call);
  co_await yank(service.registry, kOri, actor_of(call), what);
  co_return fresh(state_of(what, true));
}

Task<http::Response> unyank_version(Service& service, const http::Call& call) {
  const auto what = co_await version_of(call);
  co_await unyank(service.registry, kOri, actor_of(call), what);
  co_return fresh(state_of(what, false));
}

// {"message": text}; an empty one lifts the deprecation.
Task<http::Response> deprecate_version(Service& service, const http::Call& call) {
  const auto what = co_await version_of(call);
  const Json body = co_await read_json_object(call.request.body);
  const auto message = co_await bounded(co_await required_text_field(body, "message"), "message");
  co_await deprecate(service.registry, kOri, actor_of(call), what.key, {{what.version, message}},
                     std::nullopt);
  co_return fresh({{"name", what.key.name},
                   {"version", what.version},
                   {"deprecated", message.empty() ? Json(nullptr) : Json(message)}});
}

// {"reason": text, "kind": "emergency" | "legal"}. The bytes of a legal removal go at once, unless
// a publish of the same bytes is under way; then the next collection takes them.
Task<http::Response> remove_released(Service& service, const http::Call& call) {
  const auto what = co_await version_of(call);
  const Json body = co_await read_json_object(call.request.body);
  const auto kind = co_await kind_of(co_await required_text_field(body, "kind"));
  const auto reason = co_await bounded(co_await required_text_field(body, "reason"), "reason");
  const auto record =
      co_await remove_version(service.registry, kOri, actor_of(call), what, kind, reason);
  bool erased = false;
  if (kind == RemovalKind::legal && service.eraser)
    erased = co_await service.eraser->erase(record.archive.sha256);
  co_return fresh({{"name", what.key.name},
                   {"version", what.version},
                   {"removed", true},
                   {"kind", kind == RemovalKind::legal ? "legal" : "emergency"},
                   {"bytesErased", erased}});
}

}  // namespace kontor::ori
