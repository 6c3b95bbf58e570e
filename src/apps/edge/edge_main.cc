// The ways into the core that a host at the edge takes, exported: the module built from them holds
// everything a request can reach, so linking it proves that the core lives in wasm32 and its size
// is what the edge will load. Pointers are addresses in the module's own memory.
#include "formats/npm/account_routes.h"
#include "formats/npm/error_envelope.h"
#include "formats/npm/package_routes.h"
#include "registry/advisories/routes.h"
#include "registry/error_body.h"
#include "registry/gateway.h"
#include "registry/system_routes.h"
#include "registry/user_routes.h"

#include <cstdint>

namespace kontor {

// At the edge an instance lives for some requests only: nothing asks it in between.
class NoHealthLog final : public HealthLog {
 public:
  void add(HealthRound) override {}
  std::vector<HealthRound> rounds() const override { return {}; }
};

// One composition of the core over the ports a host brought: what answers requests, set by set.
class Edge {
 public:
  Edge(Registry& registry, const MetricsSource& metrics)
      : system_{registry, metrics, health_, "edge"},
        npm_{registry},
        system_routes_("system", system_routes(), system_, error_body),
        user_routes_("users", user_routes(), registry, error_body),
        advisory_routes_("advisories", advisory_routes(), registry, error_body),
        account_routes_("npm-accounts", npm::account_routes(), npm_, npm::error_response),
        package_routes_("npm", npm::package_routes(), npm_, npm::error_response),
        gateway_(registry, {{&system_routes_, false},
                            {&user_routes_, false},
                            {&advisory_routes_, false},
                            {&account_routes_, true},
                            {&package_routes_, true}}) {}

  Task<http::Response> handle(const http::Request& request, RouteLabel* label) {
    return gateway_.handle(request, label);
  }

 private:
  NoHealthLog health_;
  SystemService system_;
  npm::Service npm_;
  RouteTable<SystemService> system_routes_;
  RouteTable<Registry> user_routes_;
  RouteTable<Registry> advisory_routes_;
  RouteTable<npm::Service> account_routes_;
  RouteTable<npm::Service> package_routes_;
  Gateway gateway_;
};

}  // namespace kontor

using kontor::Edge;

extern "C" {

// The number a host compares with the one it was written for before it calls anything else.
[[clang::export_name("kontor_abi")]] std::uint32_t kontor_abi() {
  return 1;
}

// Lives as long as the instance of the module, as the registry and its ports must.
[[clang::export_name("kontor_open")]] Edge* kontor_open(kontor::Registry* registry,
                                                        const kontor::MetricsSource* metrics) {
  return new Edge(*registry, *metrics);
}

// Starts answering; the task ends at once or when the last port it waits for has answered.
[[clang::export_name("kontor_handle")]] void kontor_handle(
    Edge* edge, const kontor::http::Request* request, kontor::RouteLabel* label,
    kontor::Task<kontor::http::Response>* answer) {
  *answer = edge->handle(*request, label);
  answer->start();
}
}
