// Requests without a credential ask for their package first anyway.
#include "apps/edge/foresight.h"

#include "apps/edge/package_path.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/name_rules.h"
#include "formats/npm/search_entry.h"
#include "http/path.h"
#include "registry/publish.h"
#include "registry/rehearse.h"

namespace kontor::edge {
namespace {

// Somebody who may publish, so that all is asked that publishing asks.
Actor somebody() {
  Actor actor;
  actor.principal.credential = Credential::token;
  actor.principal.user = UserId(0);
  return actor;
}

}  // namespace

void foresee(Registry& registry, const http::Request& request) {
  if (request.header("authorization").empty()) return;
  const auto segments = http::split_path(request.path);
  if (!segments) return;
  const auto path = package_path(below_prefix(*segments, registry.settings->prefixes));
  const auto name = npm::parse_lookup_name(path.package);
  if (!name) return;
  const auto target = npm::publish_target(*name);
  if (request.method == http::Method::put && path.alone)
    rehearse(registry, [&] { return admit_publish(registry, npm::kNpm, somebody(), target); });
  else if (!path.file.empty())
    rehearse(registry, [&] { return registry.packages.find_file(target.key, path.file); });
  else
    rehearse(registry, [&] { return registry.packages.find(target.key); });
}

}  // namespace kontor::edge
