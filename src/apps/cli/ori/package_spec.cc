// Names hold no colon, so the first one ends the name.
#include "apps/cli/ori/package_spec.h"

#include "formats/ori/names.h"

namespace kontor::cli::ori {

Result<PackageSpec> parse_spec(const std::string& text) {
  const auto colon = text.find(':');
  PackageSpec spec{text.substr(0, colon), ""};
  if (auto name = kontor::ori::parse_full_name(spec.name); !name) return fail(name);
  if (colon == text.npos) return spec;
  spec.version = text.substr(colon + 1);
  if (auto version = kontor::ori::parse_strict_version(spec.version); !version)
    return fail(Code::invalid_version, "\"" + spec.version +
                                           "\" is no version; versions are exact, "
                                           "such as 1.2.0 or 2.0.0-rc.1.");
  return spec;
}

}  // namespace kontor::cli::ori
