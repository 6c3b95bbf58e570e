#pragma once
// The pure points at which a use case calls back into a package format. Each format defines one
// constant of this type.
#include "domain/format_id.h"
#include "ports/package_records.h"

#include <string>

namespace kontor {

struct Format {
  FormatId id;
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
};

// Where `latest` points among these: the highest stable version, else the highest of all, empty
// where there are none.
std::string highest_version(const Format& format, const std::vector<std::string>& versions);

}  // namespace kontor
