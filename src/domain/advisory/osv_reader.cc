// Paths are spelt as people write them: affected[0].ranges[1].events[2].
#include "domain/advisory/osv_reader.h"

#include <array>

namespace kontor {
namespace {

constexpr std::size_t kMaxAffected = 4096;
constexpr std::size_t kMaxRanges = 256;
constexpr std::size_t kMaxEvents = 4096;  // of a whole record
constexpr std::size_t kMaxVersions = 50'000;
constexpr std::size_t kMaxName = 512;
constexpr std::size_t kMaxVersion = 256;

std::string item(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

struct KindName {
  std::string_view name;
  OsvEvent::Kind kind;
};
constexpr std::array kKinds = {KindName{"introduced", OsvEvent::Kind::introduced},
                               KindName{"fixed", OsvEvent::Kind::fixed},
                               KindName{"last_affected", OsvEvent::Kind::last_affected},
                               KindName{"limit", OsvEvent::Kind::limit}};

}  // namespace

void OsvReader::refuse(const std::string& path, std::string_view what, Code code) {
  if (!error_) error_ = Error{code, path + ": " + std::string(what) + ".", {}};
}

void OsvReader::check_head(const Json& record) {
  const auto id = record.find("id");
  if (id == record.end() || !id->is_string() || !is_advisory_id(id->get_ref<const std::string&>()))
    refuse("id", "must be a text of up to 128 letters, digits and . _ : -");
  const auto schema = record.find("schema_version");
  if (schema == record.end()) return;
  if (!schema->is_string() || !schema->get_ref<const std::string&>().starts_with("1."))
    refuse("schema_version", "must be one of the 1.x versions of the OSV schema");
}

std::optional<Timestamp> OsvReader::time(const Json& record, std::string_view name) {
  const auto it = record.find(name);
  if (it != record.end() && it->is_string())
    if (auto time = parse_rfc3339(it->get_ref<const std::string&>())) return time;
  refuse(std::string(name), "must be a time like 2026-11-20T08:30:00Z");
  return std::nullopt;
}

// Null where absent. A JSON null counts as absent.
const Json* OsvReader::array(const Json& object, std::string_view name, const std::string& path,
                             std::size_t most) {
  const auto it = object.find(name);
  if (it == object.end() || it->is_null()) return nullptr;
  if (!it->is_array()) {
    refuse(path, "must be a list");
    return nullptr;
  }
  if (it->size() > most) {
    refuse(path, "has more than " + std::to_string(most) + " items", Code::too_large);
    return nullptr;
  }
  return &*it;
}

std::vector<Affected> OsvReader::affected(const Json& record) {
  std::vector<Affected> out;
  const Json* entries = array(record, "affected", "affected", kMaxAffected);
  for (std::size_t i = 0; entries && i < entries->size() && !error_; ++i) {
    const Json& entry = (*entries)[i];
    const auto path = item("affected", i);
    if (!entry.is_object()) {
      refuse(path, "must be an object");
      break;
    }
    Affected one;
    if (!read_package(entry, path, one)) continue;
    read_ranges(entry, path, one);
    read_versions(entry, path, one);
    out.push_back(std::move(one));
  }
  return out;
}

// False for an entry without a package: of a repository, which no registry serves.
bool OsvReader::read_package(const Json& entry, const std::string& path, Affected& out) {
  const auto package = entry.find("package");
  if (package == entry.end() || package->is_null()) return false;
  if (!package->is_object()) {
    refuse(path + ".package", "must be an object");
    return false;
  }
  const auto read = [&](const char* name, std::string& text) {
    const auto it = package->find(name);
    if (it != package->end() && it->is_string()) text = it->get<std::string>();
    if (text.empty() || text.size() > kMaxName)
      refuse(path + ".package." + name, "must be a text of up to 512 bytes");
  };
  read("ecosystem", out.ecosystem);
  read("name", out.name);
  out.ecosystem.resize(std::min(out.ecosystem.find(':'), out.ecosystem.size()));
  return true;
}

void OsvReader::read_ranges(const Json& entry, const std::string& path, Affected& out) {
  const Json* ranges = array(entry, "ranges", path + ".ranges", kMaxRanges);
  for (std::size_t i = 0; ranges && i < ranges->size() && !error_; ++i)
    out.ranges.push_back(read_range((*ranges)[i], item(path + ".ranges", i)));
}

OsvRange OsvReader::read_range(const Json& range, const std::string& path) {
  OsvRange out;
  if (!range.is_object()) {
    refuse(path, "must be an object");
    return out;
  }
  const auto type = range.find("type");
  const auto name = type != range.end() && type->is_string() ? type->get<std::string>() : "";
  if (name == "ECOSYSTEM")
    out.type = OsvRange::Type::ecosystem;
  else if (name == "GIT")
    out.type = OsvRange::Type::git;
  else if (name != "SEMVER")
    refuse(path + ".type", "must be SEMVER, ECOSYSTEM or GIT");
  const Json* events = array(range, "events", path + ".events", kMaxEvents);
  if (!events || events->empty()) {
    refuse(path + ".events", "must be a list of at least one event");
    return out;
  }
  bool introduced = false;
  for (std::size_t i = 0; i < events->size() && !error_; ++i) {
    auto event = read_event((*events)[i], item(path + ".events", i));
    if (!event) break;
    introduced = introduced || event->kind == OsvEvent::Kind::introduced;
    out.events.push_back(std::move(*event));
  }
  if (!introduced) refuse(path + ".events", "must hold an event \"introduced\"");
  return out;
}

std::optional<OsvEvent> OsvReader::read_event(const Json& event, const std::string& path) {
  constexpr std::string_view kRule =
      "must hold exactly one of introduced, fixed, last_affected and limit, a text";
  std::optional<OsvEvent> out;
  if (event.is_object())
    for (const auto& [name, kind] : kKinds) {
      const auto it = event.find(name);
      if (it == event.end()) continue;
      if (out || !it->is_string()) {
        refuse(path, kRule);
        return std::nullopt;
      }
      out = OsvEvent{kind, it->get<std::string>()};
    }
  if (!out || out->version.empty() || out->version.size() > kMaxVersion) {
    refuse(path, kRule);
    return std::nullopt;
  }
  if (++events_ > kMaxEvents)
    refuse(path, "the record has more than 4,096 events", Code::too_large);
  return out;
}

void OsvReader::read_versions(const Json& entry, const std::string& path, Affected& out) {
  const Json* versions = array(entry, "versions", path + ".versions", kMaxVersions);
  for (std::size_t i = 0; versions && i < versions->size() && !error_; ++i) {
    const Json& version = (*versions)[i];
    if (!version.is_string() || version.get_ref<const std::string&>().size() > kMaxVersion)
      return refuse(item(path + ".versions", i), "must be a text of up to 256 bytes");
    out.versions.push_back(version.get<std::string>());
  }
}

}  // namespace kontor
