#pragma once
// The pure points at which a use case calls back into a package format. Each format defines one
// constant of this type.
#include "domain/advisory/affected.h"
#include "domain/format_id.h"
#include "ports/package_records.h"

#include <string>
#include <vector>

namespace kontor {

struct Dependency {
  std::string name;
  std::string requirement;  // in the format's own words
};

// Who may publish the first package of a scope.
enum class ScopeRule : std::uint8_t {
  named_user,  // a user of that name, where there is one, and else anybody
  first_come,  // whoever is first claims it
  own_name,    // the user of that name alone
};

// Which version the tag `latest` names.
enum class LatestRule : std::uint8_t {
  tagged,   // the one a publisher tags so
  highest,  // the highest stable one that is listed, whatever a publisher says
};

struct Format {
  FormatId id;
  ScopeRule scopes = ScopeRule::named_user;
  LatestRule latest = LatestRule::tagged;
  // Whether `a` comes before `b`. Both are versions of this format.
  bool (*comes_before)(const std::string& a, const std::string& b);
  bool (*is_stable)(const std::string& version);
  SearchEntry (*search_entry)(const VersionRecord& version);
  // Of a fragment of either kind; empty text: not deprecated.
  std::string (*deprecation_of)(const std::string& fragment);
  std::string (*with_deprecation)(const std::string& fragment, const std::string& text);
  // The abbreviated fragment that belongs to a manifest.
  std::string (*abbreviated_of)(const std::string& package, const std::string& manifest);
  // What in the manifest contradicts the rest of the record, a sentence; empty where all fits.
  std::string (*contradiction_in)(const std::string& package, const VersionRecord& version);
  // As advisories name the packages of this format, and how they order their versions. Without an
  // order no version is ever found affected.
  std::string_view ecosystem = {};
  VersionOrder order = nullptr;
  // What the version needs when it is installed, from its manifest.
  std::vector<Dependency> (*dependencies_of)(const std::string& manifest) = nullptr;
  // Whether a dependency's requirement takes this version.
  bool (*takes)(const std::string& requirement, const std::string& version) = nullptr;
};

// Where `latest` points among these: the highest stable version, else the highest of all, empty
// where there are none.
std::string highest_version(const Format& format, const std::vector<std::string>& versions);

}  // namespace kontor
