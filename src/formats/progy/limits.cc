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

Result<void> judged(const RateDecision& decision) {
  return decision.allowed ? Result<void>() : std::unexpected(rate_error(decision));
}

std::string user_key(const Principal& who) {
  return who.user ? std::to_string(who.user->value) : std::string();
}

}  // namespace

Result<void> check_publish(Registry& registry, const Principal& who) {
  const auto* group = find_group(registry, kPublishRate);
  if (!group) return {};
  return judged(
      registry.rates.look(group->name, user_key(who), group->limit, registry.clock.now()));
}

Result<void> take_publish(Registry& registry, const Principal& who) {
  const auto* group = find_group(registry, kPublishRate);
  if (!group) return {};
  return judged(
      registry.rates.take(group->name, user_key(who), group->limit, registry.clock.now()));
}

Result<void> take_download(Registry& registry, std::string_view address) {
  const auto* group = find_group(registry, kDownloadRate);
  if (!group) return {};
  return judged(registry.rates.take(group->name, client_group(std::string(address)), group->limit,
                                    registry.clock.now()));
}

}  // namespace kontor::progy
