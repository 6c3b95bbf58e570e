#pragma once
// What work on advisories stands on. A server makes it of its registry, a command of a stopped one.
#include "ports/advisory_store.h"
#include "registry/format.h"
#include "registry/registry.h"

namespace kontor {

struct AdvisoryPorts {
  AdvisoryStore& store;
  PackageStore& packages;
  Clock& clock;
  std::span<const Format* const> formats;
  AdvisorySettings settings;
};

inline AdvisoryPorts advisory_ports(const Registry& registry) {
  return {registry.advisories.store, registry.packages, registry.clock, registry.advisories.formats,
          registry.settings->advisories};
}

// The format whose packages an ecosystem names, or null: then only listed versions are affected.
const Format* format_of(std::span<const Format* const> formats, std::string_view ecosystem);
const Format* format_of(std::span<const Format* const> formats, FormatId id);

}  // namespace kontor
