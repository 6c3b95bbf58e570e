// Ping and the registry's own description.
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"

namespace kontor::npm {
Task<http::Response> ping(Service&, const http::Call&) { co_return ok_json(Json::object()); }

Task<http::Response> describe_registry(Service&, const http::Call&) {
  co_return ok_json({{"db_name", "registry"}, {"server", "kontor"}});
}

}  // namespace kontor::npm
