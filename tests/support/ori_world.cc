// One gateway over both formats.
#include "tests/support/ori_world.h"

#include "formats/npm/search_entry.h"
#include "formats/ori/records.h"
#include "registry/error_body.h"

namespace kontor::test {
namespace {

constexpr const Format* kFormats[] = {&npm::kNpm, &ori::kOri};

}  // namespace

OriWorld::OriWorld()
    : ori_routes("ori", ori::routes(), ori, ori::error_response),
      advisory_table("advisories", advisory_routes(), registry, error_body),
      both(registry, {{&advisory_table, false, ori::kRates},
                      {&ori_routes, false, ori::kRates},
                      {&routes, true, npm::kRates}}) {
  registry.advisories.formats = kFormats;
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
