// One gateway over both formats.
#include "tests/support/ori_world.h"

namespace kontor::test {

OriWorld::OriWorld()
    : ori_routes("ori", ori::routes(), ori, ori::error_response),
      both(registry, {{&ori_routes, false, ori::kRates}, {&routes, true, npm::kRates}}) {
  host = &both;
}

Answer OriWorld::publish_bytes(const std::string& name, std::string archive,
                               const std::string& user) {
  Ask request{.method = "POST", .target = "/v1/packages/" + name + "/publish"};
  request.headers.emplace_back("content-type", "application/gzip");
  if (!user.empty()) request.headers.emplace_back("authorization", login(user));
  request.body = std::move(archive);
  return ask(std::move(request));
}

Answer OriWorld::publish_ori(const OriPackage& package, const std::string& user) {
  return publish_bytes(package.name, ori_archive(package), user);
}

}  // namespace kontor::test
