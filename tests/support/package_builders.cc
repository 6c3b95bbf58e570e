// Builders of store values for tests.
#include "tests/support/package_builders.h"

#include "base/sha1.h"
#include "base/sha256.h"
#include "base/sha512.h"

namespace kontor::test {

const Format kTestFormat = {
    .id = FormatId::npm,
    .comes_before = [](const std::string& a, const std::string& b) { return a < b; },
    .is_stable = [](const std::string& version) { return !version.contains('-'); },
    .search_entry = [](const VersionRecord& v) { return search_entry(v.version); },
    .deprecation_of = [](const std::string&) { return std::string(); },
    .with_deprecation = [](const std::string& fragment, const std::string&) { return fragment; },
    .abbreviated_of = [](const std::string&, const std::string& manifest) { return manifest; },
    .contradiction_in = [](const std::string&, const VersionRecord&) { return std::string(); },
};

User user_named(std::string name) {
  User user;
  user.email = name + "@example.org";
  user.name = std::move(name);
  user.created = user.updated = kNoon;
  return user;
}

VersionRecord version_record(std::string number, std::string package) {
  const std::string bytes = "archive of " + package + " " + number;
  VersionRecord record;
  record.published = kNoon;
  record.publisher = UserId(1);
  record.manifest = R"({"version":")" + number + R"(","dist":"\u0001)" +
                    "\x01"
                    R"("})";
  record.abbreviated = R"({"v":")" + number + R"("})";
  record.readme = "# Read me: " + number;
  record.file_name = package.substr(package.find('/') + 1) + "-" + number + ".tgz";
  record.archive = {sha1(bytes), sha256(bytes), sha512(bytes), bytes.size()};
  record.version = std::move(number);
  return record;
}

SearchEntry search_entry(std::string version, std::string description,
                         std::vector<std::string> keywords) {
  SearchEntry entry;
  entry.version = std::move(version);
  entry.document = R"({"description":")" + description + R"("})";
  entry.description = std::move(description);
  entry.keywords = std::move(keywords);
  return entry;
}

PackageKey key_of(std::string name) {
  return {FormatId::npm, std::move(name)};
}

PackageChange change_of(std::string name) {
  PackageChange change;
  change.key = key_of(std::move(name));
  change.at = kNoon;
  return change;
}

PackageChange creation_of(std::string name, UserId owner, Visibility visibility) {
  PackageChange change = change_of(std::move(name));
  change.create = CreatePackage{visibility, owner, {}};
  return change;
}

PackageChange first_publish(std::string name, UserId owner, std::string version,
                            std::string description, std::vector<std::string> keywords) {
  PackageChange change = creation_of(name, owner);
  change.ops.push_back(PutVersion{version_record(version, name)});
  change.ops.push_back(SetTag{"latest", version});
  change.ops.push_back(
      PutSearchEntry{search_entry(version, std::move(description), std::move(keywords))});
  return change;
}

}  // namespace kontor::test
