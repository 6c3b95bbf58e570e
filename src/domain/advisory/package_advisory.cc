// The stored form of what an advisory says of one package: JSON with short names.
#include "domain/advisory/osv.h"

#include <array>

namespace kontor {
namespace {

constexpr std::array<std::string_view, 3> kTypes = {"SEMVER", "ECOSYSTEM", "GIT"};
constexpr std::array<std::string_view, 4> kKinds = {"introduced", "fixed", "last_affected",
                                                    "limit"};

template <std::size_t N>
std::optional<std::size_t> index_in(const std::array<std::string_view, N>& names,
                                    const std::string& name) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return i;
  return std::nullopt;
}

Json json_of(const Affected& entry) {
  Json ranges = Json::array();
  for (const OsvRange& range : entry.ranges) {
    Json events = Json::array();
    for (const OsvEvent& event : range.events)
      events.push_back({{kKinds[static_cast<std::size_t>(event.kind)], event.version}});
    ranges.push_back(
        {{"type", kTypes[static_cast<std::size_t>(range.type)]}, {"events", std::move(events)}});
  }
  return {{"ecosystem", entry.ecosystem},
          {"name", entry.name},
          {"ranges", std::move(ranges)},
          {"versions", entry.versions}};
}

// Reads what json_of() and print_package_advisory() wrote. What does not fit is remembered.
class StoredReader {
 public:
  std::string text(const Json& object, const char* name) {
    const Json& value = at(object, name);
    if (value.is_string()) return value.get<std::string>();
    good_ = false;
    return {};
  }
  std::vector<std::string> texts(const Json& object, const char* name) {
    std::vector<std::string> out;
    for (const Json& value : at(object, name)) {
      good_ = good_ && value.is_string();
      if (value.is_string()) out.push_back(value.get<std::string>());
    }
    return out;
  }
  const Json& at(const Json& object, const char* name) {
    static const Json absent;
    const auto it = object.is_object() ? object.find(name) : object.end();
    if (it != object.end()) return *it;
    good_ = false;
    return absent;
  }
  OsvRange range(const Json& stored) {
    OsvRange out;
    const auto type = index_in(kTypes, text(stored, "type"));
    good_ = good_ && type;
    out.type = static_cast<OsvRange::Type>(type.value_or(0));
    for (const Json& event : at(stored, "events")) {
      const bool object = event.is_object() && event.size() == 1 && event.front().is_string();
      const auto kind = object ? index_in(kKinds, event.begin().key()) : std::nullopt;
      good_ = good_ && kind;
      if (kind)
        out.events.push_back(
            {static_cast<OsvEvent::Kind>(*kind), event.front().get<std::string>()});
    }
    return out;
  }
  Affected affected(const Json& stored) {
    Affected out{text(stored, "ecosystem"), text(stored, "name"), {}, texts(stored, "versions")};
    for (const Json& one : at(stored, "ranges")) out.ranges.push_back(range(one));
    return out;
  }
  bool good() const { return good_; }

 private:
  bool good_ = true;
};

}  // namespace

Bytes print_package_advisory(const PackageAdvisory& advisory) {
  const AdvisoryHead& head = advisory.head;
  Json entries = Json::array();
  for (const Affected& entry : advisory.affected) entries.push_back(json_of(entry));
  const Json out = {{"id", head.id},
                    {"aliases", head.aliases},
                    {"summary", head.summary},
                    {"url", head.url},
                    {"severity", to_string(head.severity)},
                    {"score", head.score ? Json(*head.score) : Json(nullptr)},
                    {"vector", head.vector},
                    {"cwes", head.cwes},
                    {"malicious", head.malicious},
                    {"affected", std::move(entries)}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<PackageAdvisory> parse_package_advisory(ByteView text) {
  const Json stored = Json::parse(text, nullptr, false);
  StoredReader reader;
  PackageAdvisory out;
  out.head.id = reader.text(stored, "id");
  out.head.aliases = reader.texts(stored, "aliases");
  out.head.summary = reader.text(stored, "summary");
  out.head.url = reader.text(stored, "url");
  out.head.severity = parse_severity(reader.text(stored, "severity")).value_or(Severity::unknown);
  if (const Json& score = reader.at(stored, "score"); score.is_number())
    out.head.score = score.get<double>();
  out.head.vector = reader.text(stored, "vector");
  out.head.cwes = reader.texts(stored, "cwes");
  out.head.malicious = reader.at(stored, "malicious") == Json(true);
  for (const Json& entry : reader.at(stored, "affected"))
    out.affected.push_back(reader.affected(entry));
  if (!reader.good()) return fail(Code::storage_failed, {}, "an advisory's row is not readable");
  return out;
}

}  // namespace kontor
