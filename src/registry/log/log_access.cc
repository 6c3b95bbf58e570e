// Each package of a bundle is asked for once.
#include "registry/log/log_access.h"

#include "registry/packages.h"
#include "tlog/bundle.h"

#include <set>

namespace kontor {
namespace {

// The package a leaf is about; nothing where it is about none.
std::optional<tlog::PackageRef> package_of(const tlog::Event& event) {
  return std::visit(
      [](const auto& e) -> std::optional<tlog::PackageRef> {
        if constexpr (requires { e.package; })
          return e.package;
        else
          return std::nullopt;
      },
      event);
}

bool is_admin(const Registry& registry, const Principal& who) {
  Policy policy = registry.settings->policy;
  policy.read_only = false;  // reading changes nothing
  return !decide(who, Action::administer, {}, policy);
}

}  // namespace

std::optional<FormatId> parse_format(std::string_view text) {
  for (std::uint8_t id = 1; !to_string(FormatId{id}).empty(); ++id)
    if (to_string(FormatId{id}) == text) return FormatId{id};
  return std::nullopt;
}

Result<void> may_read_hashes(const Registry& registry, const Principal& who, LogId log) {
  if (log == LogId::open || is_admin(registry, who)) return {};
  if (who.anonymous()) return fail(Code::unauthenticated);
  if (log == LogId::audit) return fail(Code::forbidden, "Only administrators read the audit log.");
  return {};
}

Task<> may_read_leaves(Registry& registry, Principal who, LogId log, ByteView bundle,
                       std::uint32_t width) {
  co_await may_read_hashes(registry, who, log);
  if (log == LogId::open || is_admin(registry, who)) co_return {};
  const auto entries = co_await tlog::parse_bundle(bundle, width);
  std::set<PackageKey> packages;
  for (const ByteView entry : entries) {
    const auto leaf = co_await tlog::parse_leaf(entry);
    const auto package = package_of(leaf.event);
    const auto format = package ? parse_format(package->format) : std::nullopt;
    if (!format) co_return fail(Code::not_found);
    packages.insert({*format, package->name});
  }
  for (const PackageKey& key : packages) co_await load_readable(registry, who, key);
  co_return {};
}

Task<> may_read_package(Registry& registry, Principal who, LogId log, PackageKey key) {
  co_await may_read_hashes(registry, who, log);
  if (log != LogId::open) co_await load_readable(registry, who, key);
  co_return {};
}

}  // namespace kontor
