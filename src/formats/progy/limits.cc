// Named limits asked by hand: what they count are not requests.
#include "formats/progy/limits.h"

#include "domain/cidr.h"
#include "registry/rate_check.h"

#include <algorithm>
#include <string>

namespace kontor::progy {
namespace {

const RateGroup* find_group(const Registry& registry, std::string_view name) {
  const auto& rates = registry.settings->rates;
  const auto found = std::ranges::find(rates, name, &RateGroup::name);
  return found == rates.end() || found->limit.off() ? nullptr : &*found;
}

std::string user_key(const Principal& who) {
  return who.user ? std::to_string(who.user->value) : std::string();
}

Task<> ask(Registry& registry, std::string_view name, std::string key, bool counts) {
  const auto* group = find_group(registry, name);
  if (!group) co_return {};
  const auto decision = co_await registry.rates.ask(
      {group->name, std::move(key), group->limit, registry.clock.now(), counts});
  if (!decision.allowed) co_return std::unexpected(rate_error(decision));
  co_return {};
}

}  // namespace

Task<> check_publish(Registry& registry, const Principal& who) {
  return ask(registry, kPublishRate, user_key(who), false);
}

Task<> take_publish(Registry& registry, const Principal& who) {
  return ask(registry, kPublishRate, user_key(who), true);
}

Task<> take_download(Registry& registry, std::string_view address) {
  return ask(registry, kDownloadRate, client_group(std::string(address)), true);
}

}  // namespace kontor::progy
