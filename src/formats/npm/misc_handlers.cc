// Ping, the registry's own description, and audits: no advisories are known here, and the answers
// say so (row NPM-12 fills them).
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"

namespace kontor::npm {
namespace {

constexpr std::uint64_t kMaxAudit = 16u << 20;

// Nodes of an npm 6 lock tree. Its depth is bounded by the parser.
std::size_t count_dependencies(const Json& tree) {
  const auto it = tree.find("dependencies");
  if (it == tree.end() || !it->is_object()) return 0;
  std::size_t count = it->size();
  for (const auto& child : *it)
    if (child.is_object()) count += count_dependencies(child);
  return count;
}

}  // namespace

Task<http::Response> ping(Service&, const http::Call&) { co_return ok_json(Json::object()); }

Task<http::Response> describe_registry(Service&, const http::Call&) {
  co_return ok_json({{"db_name", "registry"}, {"server", "kontor"}});
}

Task<http::Response> audit_bulk(Service&, const http::Call& call) {
  const Json body = co_await read_json(call, kMaxAudit);
  bool legal = body.is_object();
  if (legal)
    for (const auto& versions : body) legal = legal && versions.is_array();
  if (!legal)
    co_return fail(Code::bad_request, "The body must be {package: [versions, ...], ...}.");
  co_return ok_json(Json::object());
}

Task<http::Response> audit_tree(Service&, const http::Call& call) {
  const Json body = co_await read_json(call, kMaxAudit);
  if (!body.is_object()) co_return fail(Code::bad_request, "The body must be a lock tree.");
  const auto count = count_dependencies(body);
  Json counts = {{"info", 0}, {"low", 0}, {"moderate", 0}, {"high", 0}, {"critical", 0}};
  Json metadata = {{"vulnerabilities", std::move(counts)}, {"dependencies", count},
                   {"devDependencies", 0},                 {"optionalDependencies", 0},
                   {"totalDependencies", count}};
  co_return ok_json({{"actions", Json::array()},
                     {"advisories", Json::object()},
                     {"muted", Json::array()},
                     {"metadata", std::move(metadata)}});
}

}  // namespace kontor::npm
